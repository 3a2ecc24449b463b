import { connect } from 'node:net'
import type pg from 'pg'
import { socketOf } from './client.ts'
import type { PostgresOptions } from './options.ts'

const CANCEL_REQUEST = 80877102

/** How long the server may take to hear a request. */
const HEARD_MILLISECONDS = 5000

/**
 * Asks the server to cancel what a client runs, over a connection of its own, as the protocol wants it (PostgreSQL manual,
 * "Canceling Requests in Progress"): servers take it unencrypted. Resolves when the server has closed that connection, which it
 * does when the backend has been told: from then on the request meets no later statement. Never rejects; whether it came in
 * time shows by how the statement ends.
 */
export async function requestCancel(client: pg.Client, { host, port }: PostgresOptions): Promise<void> {
  // The driver keeps both from the server's greeting, and its types do not know the second.
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null }
  if (processID === null || secretKey === null) return
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(CANCEL_REQUEST, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  // The same machine that was reached before: a name may stand for several.
  const address = { host: socketOf(client).remoteAddress ?? host, port }
  const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : address)
  socket.on('error', () => socket.destroy())
  // The answer is the end of the connection, which is only noticed by who reads.
  socket.on('connect', () => socket.write(message)).resume()
  socket.setTimeout(HEARD_MILLISECONDS, () => socket.destroy())
  await new Promise((resolve) => socket.on('close', resolve))
}

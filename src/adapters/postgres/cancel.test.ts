import { connect, createServer, type Server } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { createTestPostgres } from '../../test/postgres/database.ts'
import { createPostgresAdapter } from './adapter.ts'

const HELD_BACK_MS = 300
const CANCEL_REQUEST = 80877102

const database = await createTestPostgres()
const proxy = await startProxy()

afterAll(async () => {
  proxy.server.close()
  await database.remove()
})

test('a request to cancel that comes late never meets the next statement', async () => {
  const adapter = createPostgresAdapter({ ...database.options, host: '127.0.0.1', port: proxy.port })
  await adapter.open({ mode: 'read', runId: 'late', waitMs: 0 })
  const connection = await adapter.connect()
  const first = connection.query('select 1 from pg_sleep(0.1)')
  setTimeout(() => adapter.interrupt(), 20)
  expect((await first).rows).toEqual([[1]])
  expect((await connection.query('select 2 from pg_sleep(0.6)')).rows).toEqual([[2]])
  await adapter.close()
})

/** A proxy in front of the server that holds requests to cancel back. */
async function startProxy(): Promise<{ readonly server: Server; readonly port: number }> {
  const { host, port } = database.options
  const server = createServer((client) => {
    const upstream = connect({ host, port })
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
    client.once('data', (first) => {
      const isCancel = first.length === 16 && first.readInt32BE(4) === CANCEL_REQUEST
      setTimeout(
        () => {
          upstream.write(first)
          client.pipe(upstream)
          upstream.pipe(client)
        },
        isCancel ? HELD_BACK_MS : 0,
      )
      client.pause()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

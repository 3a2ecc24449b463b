import type pg from 'pg'
import type { DatabaseError } from '../adapter.ts'
import { backendHasEnded } from './backend.ts'
import { requestCancel } from './cancel.ts'
import type { Grantee } from './missing-right.ts'
import type { PostgresOptions } from './options.ts'

/** What a connection needs of the server at its other end beside the client that talks to it. */
export interface Server {
  /** Whom a right that is missing would be granted to. */
  readonly grantee: Grantee
  /** What a refusal means here, by the server's code of it. */
  readonly adjust?: (error: DatabaseError, state: string) => DatabaseError
  /** Asks for what a client runs to be cancelled. Resolves when a later statement cannot be meant any more; never rejects. */
  cancel(client: pg.Client): Promise<void>
  /** Waits until the backend of a lost client is gone; false when that could not be found out. Never throws. */
  hasEnded(client: pg.Client): Promise<boolean>
}

/** A server that is reached over a network or a socket. */
export function remoteServer(options: PostgresOptions): Server {
  const { role, user, database } = options
  return {
    grantee: { role: role ?? user, database },
    cancel: (client) => requestCancel(client, options),
    hasEnded: async (client) => {
      const { processID } = client as unknown as { processID: number | null } // the driver keeps it, its types do not say so
      return processID === null || (await backendHasEnded(processID, options))
    },
  }
}

import type pg from 'pg'
import { invariant, UserError } from '../../diagnostics/errors.ts'
import type { Adapter, Connection, Fact, OpenOptions } from '../adapter.ts'
import type { FileReader } from '../file-reader.ts'
import { connectClient } from './client.ts'
import { PostgresConnection } from './connection.ts'
import { postgresDialect } from './dialect.ts'
import { holdsLease, leaseName, takeLease, workStatement } from './lease.ts'
import {
  connectProblem,
  leaseLost,
  locationOf,
  pooledByTransaction,
  serverTooOld,
  takesNoWrites,
} from './open-problems.ts'
import type { PostgresOptions } from './options.ts'
import { describeTarget } from './probe.ts'
import { remoteServer, type Server } from './server.ts'
import { TypeNames } from './type-names.ts'

const OLDEST = 15

/**
 * An adapter for one database of a Postgres server. Opens nothing yet. Without a reader of files, sources cannot be files;
 * the reader belongs to the adapter, which closes it.
 */
export function createPostgresAdapter(options: PostgresOptions, fileReader?: FileReader): Adapter {
  return new PostgresAdapter(options, fileReader)
}

class PostgresAdapter implements Adapter {
  readonly dialect = postgresDialect
  readonly database: string
  readonly location: string
  readonly #options: PostgresOptions
  readonly #server: Server
  readonly #fileReader: FileReader | undefined
  readonly #typeNames = new TypeNames()
  readonly #connections = new Set<PostgresConnection>()
  #mode: OpenOptions['mode'] | undefined
  #signal: AbortSignal | undefined
  #publisher: PostgresConnection | undefined
  /** The number of the publisher's backend, by which the lease is found. */
  #backend: number | undefined

  constructor(options: PostgresOptions, fileReader: FileReader | undefined) {
    this.#options = options
    this.#server = remoteServer(options)
    this.#fileReader = fileReader
    this.database = options.database
    this.location = locationOf(options)
  }

  async open(open: OpenOptions): Promise<void> {
    invariant(this.#mode === undefined, 'the Postgres adapter is open already')
    this.#mode = open.mode
    this.#signal = open.signal
    try {
      const client = await this.#connect(open.mode === 'write' ? leaseName(open.runId) : this.#name())
      this.#publisher = this.#adopt(client)
      await this.#checkServer(client, open.mode)
      if (open.mode === 'write') await takeLease(client, this.#options, open)
    } catch (error) {
      await this.close()
      if (error instanceof UserError) throw error
      // The session ended before it was of use, as by an administrator or with the server.
      throw new UserError(connectProblem(error, this.#options), { cause: error })
    }
  }

  async probe(): Promise<readonly Fact[]> {
    const client = await this.#connect(this.#name())
    try {
      await this.#checkServer(client, 'read')
      return await describeTarget(client, this.#options)
    } finally {
      await client.end().catch(() => {})
    }
  }

  async connect(purpose: 'work' | 'look' = 'work'): Promise<PostgresConnection> {
    invariant(this.#mode, 'the Postgres adapter is not open')
    if (this.#mode === 'read' || purpose === 'look') return this.#adopt(await this.#connect(this.#name()))
    const client = await this.#connect(this.#name(), [workStatement(this.#options)])
    await this.#checkLease(client)
    return this.#adopt(client)
  }

  async publisher(): Promise<Connection> {
    invariant(this.#publisher, 'the Postgres adapter is not open')
    return this.#publisher
  }

  interrupt(): void {
    for (const connection of this.#connections) connection.interrupt()
    this.#fileReader?.interrupt()
  }

  async close(): Promise<void> {
    this.interrupt()
    const connections = [...this.#connections]
    await Promise.all(connections.map((connection) => connection.settled()))
    await Promise.all(connections.map((connection) => connection.end()))
    await this.#fileReader?.close()
    this.#publisher = undefined
    this.#mode = undefined
  }

  #connect(applicationName: string, statements: readonly string[] = []): Promise<pg.Client> {
    return connectClient(this.#options, { applicationName, statements, signal: this.#signal })
  }

  /**
   * Whoever takes the lease next first takes it and then looks for sessions at work; this one said that it is at work and
   * looks for the lease then. So one of the two sees the other, and a run that lost its lease makes nothing behind the back
   * of the next.
   */
  async #checkLease(client: pg.Client): Promise<void> {
    let isHeld = false
    try {
      isHeld = await holdsLease(client, this.#options, this.#backend ?? 0)
    } catch (cause) {
      await client.end().catch(() => {})
      throw new UserError(connectProblem(cause, this.#options), { cause })
    }
    if (isHeld) return
    await client.end().catch(() => {})
    throw new UserError(leaseLost(this.#options))
  }

  #name(): string {
    return this.#options.applicationName ?? 'lavra'
  }

  #adopt(client: pg.Client): PostgresConnection {
    const connection = new PostgresConnection({
      client,
      server: this.#server,
      typeNames: this.#typeNames,
      fileReader: this.#fileReader,
      openHelper: () => this.connect(),
      onClose: (closed) => this.#connections.delete(closed),
    })
    this.#connections.add(connection)
    return connection
  }

  async #checkServer(client: pg.Client, mode: OpenOptions['mode']): Promise<void> {
    const { rows } = await client.query<[string, number, string]>({
      text: "select current_setting('server_version'), pg_catalog.pg_backend_pid(), current_setting('transaction_read_only')",
      rowMode: 'array',
    })
    const [version = '', backend, readOnly] = rows[0] ?? []
    if (isTooOld(version)) throw new UserError(serverTooOld(version, this.#options))
    if (mode === 'write' && readOnly === 'on') throw new UserError(takesNoWrites(this.#options))
    const { processID } = client as unknown as { processID: number } // the driver keeps it, its types do not say so
    this.#backend = backend
    if (processID !== backend) await this.#refuseTransactionPooling(client, backend)
  }

  /**
   * A server tells each client the number of its backend; what tells another is a proxy. Transactions are what the proxy
   * hands out if two statements of one client run on two backends (it takes them in turns), if a transaction of a second
   * client runs on the backend that the first one had (it takes the last one first), or if it takes it away from the first.
   * A lease would be nobody's then.
   */
  async #refuseTransactionPooling(client: pg.Client, before: number | undefined): Promise<void> {
    const refuseUnless = (isSession: boolean) => {
      if (!isSession) throw new UserError(pooledByTransaction(this.#options))
    }
    refuseUnless((await backendOf(client)) === before)
    const other = await this.#connect(this.#name())
    try {
      await other.query('begin')
      // With a single backend behind the proxy, the first client would wait for the end of the transaction.
      refuseUnless((await backendOf(other)) !== before)
      refuseUnless((await backendOf(client)) === before)
      await other.query('rollback')
    } finally {
      await other.end().catch(() => {})
    }
  }
}

/** `15.4`, `18beta1`, `16.3 (Debian 16.3-1)`. */
export function isTooOld(version: string): boolean {
  return Number.parseInt(version, 10) < OLDEST
}

async function backendOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<[number]>({ text: 'select pg_catalog.pg_backend_pid()', rowMode: 'array' })
  return rows[0]?.[0]
}

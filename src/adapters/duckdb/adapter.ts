import { accessSync, constants } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { invariant, UserError } from '../../diagnostics/errors.ts'
import type { Adapter, Connection, Fact, OpenOptions } from '../adapter.ts'
import type { DuckdbConnection } from './connection.ts'
import { duckdbDialect } from './dialect.ts'
import { type InstanceLease, leaseInstance } from './instances.ts'
import { copyFailed, databaseReadOnly, openProblem } from './open-problems.ts'
import { catalogNameOf, type DuckdbOptions, IN_MEMORY } from './options.ts'
import {
  attachProblem,
  attachStatement,
  extensionProblem,
  instanceConfig,
  sessionStatements,
  settingProblem,
} from './session.ts'

/**
 * An adapter for one DuckDB file, or for a database in memory that is this adapter's own. Opens nothing yet: the driver, which
 * takes longer to load than all of Lavra, is loaded when there is something to open.
 */
export function createDuckdbAdapter(options: DuckdbOptions): Adapter {
  return new DuckdbAdapter(options)
}

class DuckdbAdapter implements Adapter {
  readonly dialect = duckdbDialect
  readonly database: string
  readonly location: string
  readonly #options: DuckdbOptions
  readonly #connections = new Set<DuckdbConnection>()
  #lease: InstanceLease | undefined
  #publisher: Promise<DuckdbConnection> | undefined
  #hasWritten = false

  constructor(options: DuckdbOptions) {
    this.#options = options
    this.database = options.catalog ?? catalogNameOf(options.path)
    this.location = options.path
  }

  async open(open: OpenOptions): Promise<void> {
    invariant(this.#lease === undefined, 'the DuckDB adapter is open already')
    this.#lease = await this.#takeLease(open)
    try {
      await this.#prepareInstance()
      this.#hasWritten = open.mode === 'write' && this.#options.path !== IN_MEMORY
    } catch (error) {
      await this.close()
      throw error
    }
  }

  async probe(options: Pick<OpenOptions, 'runId' | 'waitMs'>): Promise<readonly Fact[]> {
    await this.open({ mode: 'write', ...options })
    try {
      const { rows } = await (await this.connect()).query('select version()')
      return [['database', `${this.location}, duckdb ${String(rows[0]?.[0] ?? '')}`]]
    } finally {
      await this.close()
    }
  }

  async connect(): Promise<Connection> {
    return await this.#connect()
  }

  publisher(): Promise<Connection> {
    this.#publisher ??= this.#connect()
    return this.#publisher
  }

  async copyTo(target: string): Promise<void> {
    const beside = `${target}.${process.pid}.tmp`
    const connection = await this.#connect()
    try {
      // With everything in the file and the lease held, nobody changes the file while it is copied.
      await connection.execute('checkpoint')
      await copyFile(this.#options.path, beside)
      await rename(beside, target)
    } catch (cause) {
      await rm(beside, { force: true })
      throw new UserError(copyFailed(target, cause), { cause })
    } finally {
      connection.close()
    }
  }

  interrupt(): void {
    for (const connection of this.#connections) connection.interrupt()
  }

  async close(): Promise<void> {
    this.interrupt()
    const connections = [...this.#connections]
    await Promise.all(connections.map((connection) => connection.settled()))
    const [one] = connections
    if (this.#hasWritten && one) await writeToFile(one)
    for (const connection of connections) connection.close()
    this.#lease?.release()
    this.#lease = undefined
    this.#hasWritten = false
    this.#publisher = undefined
  }

  async #takeLease(open: OpenOptions): Promise<InstanceLease> {
    const config = instanceConfig(this.#options)
    if (this.#options.path === IN_MEMORY) {
      const { DuckDBInstance } = await import('@duckdb/node-api')
      const instance = await orProblem(DuckDBInstance.create(IN_MEMORY, config), (message) =>
        openProblem(IN_MEMORY, message),
      )
      return { instance, release: () => instance.closeSync() }
    }
    if (open.mode === 'write') checkFolderIsWritable(this.#options.path)
    const hasOwnConfig = this.#options.configOptions !== undefined
    return await leaseInstance({ path: this.#options.path, config, hasOwnConfig, ...open })
  }

  /** Loads what was asked for and attaches the other databases, once; connections of one instance share both. */
  async #prepareInstance(): Promise<void> {
    if (this.#options.catalog !== undefined) await this.#nameDatabase(this.#options.catalog)
    const connection = await this.#connect()
    for (const extension of this.#options.extensions ?? []) {
      await orProblem(connection.execute(`load ${this.dialect.quote(extension)}`), () => extensionProblem(extension))
    }
    for (const attachment of this.#options.attach ?? []) {
      const statement = attachStatement(attachment, this.#options.projectRoot)
      await orProblem(connection.execute(statement), (message) => attachProblem(attachment, message))
    }
    connection.close()
  }

  /** A database in memory is called `memory`; one of another name is attached to it. */
  async #nameDatabase(catalog: string): Promise<void> {
    invariant(this.#lease, 'the DuckDB adapter is not open')
    const driver = await this.#lease.instance.connect()
    await driver.run(`attach ':memory:' as ${this.dialect.quote(catalog)}`)
    driver.disconnectSync()
  }

  async #connect(): Promise<DuckdbConnection> {
    invariant(this.#lease, 'the DuckDB adapter is not open')
    const { DuckdbConnection } = await import('./connection.ts')
    const driver = await this.#lease.instance.connect()
    const connection = new DuckdbConnection(driver, this.database, (closed) => this.#connections.delete(closed))
    this.#connections.add(connection)
    if (this.#options.catalog !== undefined)
      await connection.execute(`use ${this.dialect.quote(this.#options.catalog)}`)
    for (const { statement, setting } of sessionStatements(this.#options)) {
      await orProblem(connection.execute(statement), (message) => settingProblem(setting, message))
    }
    return connection
  }
}

/** DuckDB notices a folder without write permission only at the first write, when the log beside the file is made. */
function checkFolderIsWritable(databasePath: string): void {
  try {
    accessSync(path.dirname(databasePath), constants.W_OK)
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    if (!isMissing) throw new UserError(databaseReadOnly(databasePath), { cause })
  }
}

/** What closing would do by itself, while the whole process waits for it. */
async function writeToFile(connection: DuckdbConnection): Promise<void> {
  try {
    await connection.execute('checkpoint')
  } catch {
    // Another session of this process is in a transaction, or the disk is full: the write-ahead log has everything.
  }
}

async function orProblem<T>(
  work: Promise<T>,
  describe: (message: string) => UserError['diagnostics'][number],
): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw new UserError(describe(cause instanceof Error ? cause.message : String(cause)), { cause })
  }
}

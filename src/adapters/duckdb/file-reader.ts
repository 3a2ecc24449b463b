import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { DeclaredColumn, ExternalCall, ExternalFiles } from '../../sql/dialect.ts'
import { DatabaseError } from '../adapter.ts'
import type { FileColumn, FileReader, OpenFiles } from '../file-reader.ts'
import { databaseError } from './errors.ts'
import { renderExternalSource } from './external-source.ts'
import { csvField, fileTypeOf } from './file-types.ts'
import { quote } from './literals.ts'
import { IN_MEMORY } from './options.ts'
import { instanceConfig, sessionStatements } from './session.ts'

/**
 * Reads files by a DuckDB in memory that holds no data of its own: the same files, options and declared columns give the
 * same rows as in a target that is DuckDB. The driver is loaded at the first reading.
 */
export function createDuckdbFileReader(projectRoot: string): FileReader {
  return new DuckdbFileReader(projectRoot)
}

class DuckdbFileReader implements FileReader {
  readonly #options: { readonly path: string; readonly projectRoot: string }
  readonly #open = new Set<Reading>()
  #instance: Promise<DuckDBInstance> | undefined

  constructor(projectRoot: string) {
    this.#options = { path: IN_MEMORY, projectRoot }
  }

  async open(files: ExternalFiles | ExternalCall, columns: readonly DeclaredColumn[]): Promise<OpenFiles> {
    this.#instance ??= this.#start()
    const connection = await (await this.#instance).connect()
    const reading = new Reading(connection, renderExternalSource(files, columns), () => this.#open.delete(reading))
    this.#open.add(reading)
    try {
      for (const { statement } of sessionStatements(this.#options)) await reading.run(statement)
      await reading.describe()
      return reading
    } catch (error) {
      await reading.close()
      throw error
    }
  }

  interrupt(): void {
    for (const reading of this.#open) reading.interrupt()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((reading) => reading.close()))
    const instance = await this.#instance
    this.#instance = undefined
    instance?.closeSync()
  }

  async #start(): Promise<DuckDBInstance> {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    return await DuckDBInstance.create(IN_MEMORY, instanceConfig(this.#options))
  }
}

class Reading implements OpenFiles {
  readonly #connection: DuckDBConnection
  readonly #source: string
  readonly #onClose: () => void
  /** What runs now; never rejects. */
  #running: Promise<unknown> = Promise.resolve()
  #isInterrupted = false
  #isClosed = false
  #fields: readonly string[] = []
  columns: readonly FileColumn[] = []

  constructor(connection: DuckDBConnection, source: string, onClose: () => void) {
    this.#connection = connection
    this.#source = source
    this.#onClose = onClose
  }

  async run(sql: string): Promise<void> {
    await this.#watch(() => this.#connection.run(sql), sql)
  }

  async describe(): Promise<void> {
    const sql = `describe select * from ${this.#source}`
    const reader = await this.#watch(() => this.#connection.runAndReadAll(sql), sql)
    const found = reader.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))
    this.columns = found.map(({ name, type }) => ({ name, type: fileTypeOf(type) }))
    this.#fields = found.map(({ name, type }) => csvField(quote(name), type))
  }

  /**
   * DuckDB writes the lines, which is twice as fast as to make them of values in JavaScript. A stream that fails after its
   * first rows just ends, because the driver does not ask why: the last row is one of ours, and without it the query is run
   * again for its error.
   */
  async *rows(): AsyncIterable<string> {
    const lines = `select ${this.#fields.join(" || ',' || ")} || chr(10) as line from ${this.#source}`
    const sql = `${lines} union all select null`
    const result = await this.#watch(() => this.#connection.stream(sql), sql)
    for (;;) {
      const chunk = await this.#watch(() => result.fetchChunk(), sql)
      if (!chunk || chunk.rowCount === 0) return await this.#explainEnd(lines)
      const parts = chunk.getColumnValues(0)
      const isLast = parts.at(-1) === null
      yield (isLast ? parts.slice(0, -1) : parts).join('')
      if (isLast) return
    }
  }

  interrupt(): void {
    this.#isInterrupted = true
    this.#connection.interrupt()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#connection.interrupt()
    await this.#running
    this.#connection.disconnectSync()
    this.#onClose()
  }

  async #explainEnd(lines: string): Promise<never> {
    if (this.#isInterrupted) throw interrupted()
    await this.run(`select sum(length(line)) from (${lines})`)
    throw new DatabaseError({
      message: 'the files ended before their last row: were they changed while they were read?',
      code: 'io',
      title: 'IO Error',
    })
  }

  async #watch<T>(work: () => Promise<T>, sql: string): Promise<T> {
    if (this.#isInterrupted) throw interrupted()
    const working = work()
    this.#running = working.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await working
    } catch (error) {
      throw databaseError(error, sql)
    }
  }
}

function interrupted(): DatabaseError {
  return new DatabaseError({
    message: 'the reading of files was interrupted',
    code: 'interrupted',
    title: 'Interrupted',
  })
}

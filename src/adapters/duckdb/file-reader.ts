import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { DeclaredColumn, ExternalCall, ExternalFiles } from '../../sql/dialect.ts'
import { DatabaseError } from '../adapter.ts'
import type { FileColumn, FileReader, OpenFiles } from '../file-reader.ts'
import { databaseError } from './errors.ts'
import { renderExternalSource } from './external-source.ts'
import { fileTypeOf, writtenValue } from './file-types.ts'
import { quote, stringLiteral } from './literals.ts'
import { IN_MEMORY } from './options.ts'
import { openPipe, type Pipe } from './pipe.ts'
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

  /**
   * With one thread for each reading, rows are written as they are read. Several would read ahead of a slow server until the
   * memory is full, because the order of the rows has to be kept.
   */
  async #start(): Promise<DuckDBInstance> {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    return await DuckDBInstance.create(IN_MEMORY, { ...instanceConfig(this.#options), threads: '1' })
  }
}

class Reading implements OpenFiles {
  readonly #connection: DuckDBConnection
  readonly #source: string
  readonly #onClose: () => void
  /** What runs now; never rejects. */
  #running: Promise<unknown> = Promise.resolve()
  #isInterrupted = false
  #pipe: Pipe | undefined
  #isClosed = false
  #select = ''
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
    this.#select = `select ${found.map(({ name, type }) => writtenValue(quote(name), type)).join(', ')} from ${this.#source}`
  }

  /** DuckDB writes the text into a pipe: to make it of values in JavaScript takes many times as long. */
  async *rows(): AsyncIterable<Uint8Array> {
    const pipe = await openPipe()
    this.#pipe = pipe
    try {
      const target = `${stringLiteral(pipe.path)} (format csv, header false, force_quote *, use_tmp_file false)`
      const writing = this.run(`copy (${this.#select}) to ${target}`).finally(() => pipe.endWriting())
      // It is waited for below; until then its failure is nobody's.
      writing.catch(() => {})
      if (!pipe.isReadWhileWritten) await writing
      yield* pipe.read()
      await writing
    } finally {
      await pipe.close()
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
    // Otherwise DuckDB may wait for somebody to read.
    await this.#pipe?.close()
    await this.#running
    this.#connection.disconnectSync()
    this.#onClose()
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

import { type DuckDBConnection, type DuckDBMaterializedResult, StatementType } from '@duckdb/node-api'
import type { QueryLineage } from '../../sql/query-lineage.ts'
import type { Relation } from '../../sql/relation.ts'
import { physicalIdentifier, type RelationKind } from '../../sql/relation.ts'
import type { LoadStatement } from '../../sql/statement.ts'
import type { QueryResult } from '../../sql/value.ts'
import { NO_VOCABULARY } from '../../sql/vocabulary.ts'
import {
  type Attachments,
  type BoundQuery,
  type ColumnInfo,
  type Connection,
  DatabaseError,
  type ExistingIndex,
  type ExistingRelation,
  isRefusal,
  NO_ATTACHMENTS,
} from '../adapter.ts'
import type { Surroundings, SurroundingsRequest } from '../surroundings.ts'
import { duckdbDialect } from './dialect.ts'
import { databaseError } from './errors.ts'
import { readIndexes } from './indexes.ts'
import { lineageOfPlan, planQuery, plansQuery, readPlan } from './lineage/index.ts'
import { stringLiteral } from './literals.ts'
import { loadSql } from './load.ts'
import { namedQuery, type PlannedColumn, plannedColumns } from './named-query.ts'
import { TypeNames } from './type-names.ts'
import { toSqlValue } from './values.ts'

const INTERRUPT_MILLISECONDS = 20
/** The rows that a connection streams; each connection has its own. */
const STREAMED = 'temp.main.lavra_streamed_rows'

/** One connection to an instance. `database` is the catalog that relations without one belong to. */
export class DuckdbConnection implements Connection {
  readonly #connection: DuckDBConnection
  readonly #database: string
  readonly #onClose: (connection: DuckdbConnection) => void
  readonly #typeNames = new TypeNames()
  /** What is running now; never rejects. */
  #running: Promise<unknown> | undefined
  #isInterrupting = false
  #isClosed = false

  constructor(connection: DuckDBConnection, database: string, onClose: (connection: DuckdbConnection) => void) {
    this.#connection = connection
    this.#database = database
    this.#onClose = onClose
  }

  get isOpen(): boolean {
    return !this.#isClosed
  }

  async execute(sql: string): Promise<number> {
    return await this.#watch(this.#connection.run(sql).then(changedRows), sql)
  }

  async query(sql: string): Promise<QueryResult> {
    const reader = await this.#watch(this.#connection.runAndReadAll(sql), sql)
    const types = reader.columnTypes()
    const columns = reader.columnNames().map((name, index) => ({ name, type: typeName(types[index]!) }))
    return { columns, rows: reader.convertRows(toSqlValue) }
  }

  /**
   * By a temporary table, which goes to the disk when it is large. The driver's own streams of a query end without an error
   * where it fails after its first rows; of a table that stands, the number of rows tells whether all came.
   */
  async *stream(sql: string): AsyncIterable<QueryResult> {
    const prefix = `create or replace temp table ${STREAMED} as\n`
    const text = `${prefix}${sql}`
    const expected = await this.#watch(this.#connection.run(text).then(changedRows), text, prefix.length)
    const scan = `select * from ${STREAMED}`
    try {
      const result = await this.#watch(this.#connection.stream(scan), scan)
      const types = result.columnTypes()
      const columns = result.columnNames().map((name, index) => ({ name, type: typeName(types[index]!) }))
      let given = 0
      for await (const rows of result.yieldConvertedRows(toSqlValue)) {
        given += rows.length
        yield { columns, rows }
      }
      if (given !== expected) throw streamBroken(given, expected)
      if (expected === 0) yield { columns, rows: [] }
    } finally {
      await this.execute(`drop table if exists ${STREAMED}`)
    }
  }

  async writeParquet(sql: string, path: string): Promise<void> {
    const prefix = 'copy (\n'
    const text = `${prefix}${sql}\n) to ${stringLiteral(path)} (format parquet)`
    await this.#watch(this.#connection.run(text), text, prefix.length)
  }

  async load(statement: LoadStatement): Promise<number> {
    return await this.execute(loadSql(statement))
  }

  async begin(): Promise<void> {
    await this.execute('begin transaction')
  }

  async commit(): Promise<void> {
    await this.execute('commit')
  }

  async rollback(): Promise<void> {
    try {
      await this.execute('rollback')
    } catch {
      // There was no transaction, or the database is gone: in both cases nothing of it is kept.
    }
  }

  async hasEnded(): Promise<boolean> {
    await this.settled()
    return true
  }

  async listRelations(schemas: readonly string[]): Promise<readonly ExistingRelation[]> {
    if (schemas.length === 0) return []
    const inSchemas = `lower(schema_name) in (${schemas.map((schema) => stringLiteral(schema.toLowerCase())).join(', ')})`
    const where = `where database_name = ${stringLiteral(this.#database)} and ${inSchemas} and not internal`
    const { rows } = await this.query(
      [
        `select schema_name, table_name, 'table' from duckdb_tables() ${where} and not temporary`,
        `select schema_name, view_name, 'view' from duckdb_views() ${where} and not temporary`,
      ].join('\nunion all\n'),
    )
    return rows.map(([schema, identifier, kind]) => ({
      schema: String(schema),
      identifier: String(identifier),
      kind: kind as RelationKind, // One of the two literals of the query.
    }))
  }

  async listIndexes(relations: readonly Relation[]): Promise<readonly ExistingIndex[]> {
    return await readIndexes((sql) => this.query(sql), this.#database, relations)
  }

  async columnsOf(relation: Relation): Promise<readonly ColumnInfo[]> {
    if (relation.expression !== undefined) return await this.describeQuery(`select * from ${relation.expression}`)
    try {
      return await this.describeQuery(`select * from ${duckdbDialect.render(relation)}`)
    } catch (error) {
      if (!isRefusal(error)) throw error
      return await this.#storedColumns(relation)
    }
  }

  /**
   * The columns as the catalog has them: those of a view that no longer binds, none for what is not there. Thirty times
   * slower than `describe` in a catalog of a thousand tables, because DuckDB lists all columns of all tables and then
   * filters.
   */
  async #storedColumns(relation: Relation): Promise<readonly ColumnInfo[]> {
    const { rows } = await this.query(
      [
        'select column_name, data_type from duckdb_columns()',
        `where lower(database_name) = lower(${stringLiteral(relation.database ?? this.#database)})`,
        `and lower(schema_name) = lower(${stringLiteral(relation.schema)})`,
        `and lower(table_name) = lower(${stringLiteral(physicalIdentifier(relation))})`,
        'order by column_index',
      ].join('\n'),
    )
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
  }

  /** A type is spelled out wherever it stands, and there are no others: the columns say all. */
  async surroundings({ relations }: SurroundingsRequest): Promise<Surroundings> {
    const { rows } = await this.query("select regexp_extract(version(), '\\d+\\.\\d+')")
    const columns = []
    for (const relation of relations) {
      const found = await this.columnsOf(relation)
      columns.push(found.length === 0 ? undefined : found)
    }
    return { engine: `duckdb ${String(rows[0]?.[0])}`, columns, vocabulary: NO_VOCABULARY }
  }

  async lineageOf(sql: string, columns?: readonly ColumnInfo[]): Promise<QueryLineage | undefined> {
    const known = columns ?? (await this.describeQuery(sql))
    const [[plan] = []] = await this.#readColumns(planQuery(sql), 1)
    return lineageOfPlan(readPlan(String(plan)), namesOf(known))
  }

  async bindQueries(queries: readonly string[]): Promise<readonly (BoundQuery | undefined)[]> {
    if (queries.length === 0) return []
    const [plans = []] = await this.#readColumns(plansQuery(queries.map(namedQuery)), 1)
    const bound: (BoundQuery | undefined)[] = []
    for (const [index, sql] of queries.entries()) bound.push(await this.#boundQuery(sql, String(plans[index])))
    return bound
  }

  async #boundQuery(sql: string, planText: string): Promise<BoundQuery | undefined> {
    const plan = readPlan(planText)
    const planned = plan && plannedColumns(plan)
    if (!planned) return undefined
    const columns = this.#typeNames.columnsOf(planned) ?? (await this.#learnTypes(sql, planned))
    return columns && { columns, lineage: () => lineageOfPlan(plan, namesOf(columns)) }
  }

  /** Describes a query that has types which were not met before. */
  async #learnTypes(sql: string, planned: readonly PlannedColumn[]): Promise<readonly ColumnInfo[] | undefined> {
    try {
      const columns = await this.describeQuery(sql)
      for (const [index, { type }] of columns.entries()) this.#typeNames.learn(planned[index]?.type, type)
      return columns
    } catch (error) {
      // Told to whoever asks of this query alone.
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  async describeQuery(sql: string): Promise<readonly ColumnInfo[]> {
    // In brackets, as where a table is made of it: a second statement would be run.
    const prefix = 'describe (\n'
    const text = `${prefix}${sql}\n)`
    const [names, types] = await this.#readColumns(text, 2, prefix.length)
    return names!.map((name, index) => ({ name: String(name), type: String(types![index]) }))
  }

  /**
   * The first columns of a query that gives little: it is taken from where it is, which saves a trip to another thread for
   * every part.
   */
  async #readColumns(sql: string, count: number, prefixLength = 0): Promise<readonly (readonly unknown[])[]> {
    const result = await this.#watch(this.#connection.run(sql), sql, prefixLength)
    const chunks = Array.from({ length: result.chunkCount }, (_, index) => result.getChunk(index))
    return Array.from({ length: count }, (_, column) => chunks.flatMap((chunk) => chunk.getColumnValues(column)))
  }

  /**
   * Makes the running statement fail; does nothing when none runs. A statement that still waits for a thread does not
   * hear the driver, so it is told again until it has ended.
   */
  interrupt(): void {
    const running = this.#running
    if (this.#isClosed || this.#isInterrupting || running === undefined) return
    this.#isInterrupting = true
    this.#connection.interrupt()
    const timer = setInterval(() => this.#connection.interrupt(), INTERRUPT_MILLISECONDS)
    running.finally(() => {
      clearInterval(timer)
      this.#isInterrupting = false
    })
  }

  /** Resolves when nothing runs any more. Never rejects. */
  async settled(): Promise<void> {
    await this.#running
  }

  /** A view of DuckDB reads whatever has the name that it was written with, and nothing else hangs on a table. */
  async attachments(): Promise<Attachments> {
    return NO_ATTACHMENTS
  }

  /** Readers go on with the old version, and there is no other writer. */
  async lock(): Promise<void> {}

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#connection.disconnectSync()
    this.#onClose(this)
  }

  async #watch<T>(work: Promise<T>, sql: string, prefixLength = 0): Promise<T> {
    const running = work.then(
      () => undefined,
      () => undefined,
    )
    this.#running = running
    try {
      return await work
    } catch (error) {
      throw databaseError(error, sql, prefixLength)
    } finally {
      if (this.#running === running) this.#running = undefined
    }
  }
}

/** `create table as` changes no rows for DuckDB and gives a row with the count of what it made instead. */
function changedRows(result: DuckDBMaterializedResult): number {
  if (result.statementType !== StatementType.CREATE) return result.rowsChanged
  return result.chunkCount > 0 ? Number(result.getChunk(0).getColumnValues(0)[0]) : 0
}

function namesOf(columns: readonly ColumnInfo[]): readonly string[] {
  return columns.map(({ name }) => name)
}

function streamBroken(given: number, expected: number): DatabaseError {
  const message = `of ${expected} rows only ${given} could be read`
  return new DatabaseError({ message, code: 'io', title: 'IO Error' })
}

/** JSON is a VARCHAR to the driver; its alias tells. */
function typeName(type: { readonly alias?: string; toString(): string }): string {
  return type.alias ?? type.toString()
}

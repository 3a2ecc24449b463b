import type pg from 'pg'
import { invariant } from '../../diagnostics/errors.ts'
import type { QueryLineage } from '../../sql/query-lineage.ts'
import { physicalIdentifier, type Relation, type RelationKind } from '../../sql/relation.ts'
import type { FilesStatement, LoadStatement } from '../../sql/statement.ts'
import type { QueryResult, SqlValue } from '../../sql/value.ts'
import {
  type Attachments,
  type BoundQuery,
  type ColumnInfo,
  type Connection,
  DatabaseError,
  type ExistingIndex,
  type ExistingRelation,
  isRefusal,
  type LockOptions,
  type LockTarget,
  type Obstacle,
} from '../adapter.ts'
import type { FileReader } from '../file-reader.ts'
import type { Surroundings, SurroundingsRequest } from '../surroundings.ts'
import { readAttachments } from './attachments.ts'
import { copyRows, isWorthSharing, piecesOf } from './copy-file.ts'
import { describeEach, describeFields, executeEach } from './describe.ts'
import { postgresDialect } from './dialect.ts'
import { databaseError, stateOf } from './errors.ts'
import { readIndexes } from './indexes.ts'
import { createLineageView, isNoView, LINEAGE_VIEW_QUERY, readLineage } from './lineage/lineage-view.ts'
import { stringLiteral } from './literals.ts'
import { describeFiles, loadFiles } from './load-files.ts'
import { lockRelations } from './lock.ts'
import { obstaclesQuery, readObstacles } from './obstacles.ts'
import type { Server } from './server.ts'
import { readSurroundings } from './surroundings.ts'
import type { TypeNames } from './type-names.ts'
import { readerOf } from './values.ts'

const INTERRUPT_MILLISECONDS = 100
const SAVEPOINT = 'lavra_describe'
const CURSOR = 'lavra_rows'
const ROWS_OF_A_PART = 2000

/** A row as text, column by column: what the driver gives when it parses nothing. */
type TextRow = readonly (string | null)[]

/** Values stay text until their column's type is known. */
const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig // one parser for all

/** One connection to a server: a session with its own transaction. */
export class PostgresConnection implements Connection {
  readonly #client: pg.Client
  readonly #server: Server
  readonly #typeNames: TypeNames
  readonly #fileReader: FileReader | undefined
  readonly #openHelper: () => Promise<PostgresConnection>
  readonly #onClose: (connection: PostgresConnection) => void
  /** What is running now; never rejects. */
  #running: Promise<unknown> | undefined
  #isInterrupting = false
  /** Requests to cancel that the server may not have heard yet. */
  #cancels: Promise<unknown> | undefined
  #isInTransaction = false
  #isClosed = false
  #isLost = false

  constructor(input: {
    readonly client: pg.Client
    readonly server: Server
    readonly typeNames: TypeNames
    readonly fileReader?: FileReader | undefined
    /** Another session that works for the same run. */
    readonly openHelper: () => Promise<PostgresConnection>
    readonly onClose: (connection: PostgresConnection) => void
  }) {
    this.#client = input.client
    this.#server = input.server
    this.#typeNames = input.typeNames
    this.#fileReader = input.fileReader
    this.#openHelper = input.openHelper
    this.#onClose = input.onClose
    const lose = () => {
      this.#isLost = true
    }
    this.#client.on('error', lose)
    this.#client.on('end', lose)
  }

  get isOpen(): boolean {
    return !this.#isClosed && !this.#isLost
  }

  async execute(sql: string): Promise<number> {
    const result = lastOf(await this.#send({ text: sql, rowMode: 'array', types: AS_TEXT }, sql))
    return result.rowCount ?? 0
  }

  async query(sql: string): Promise<QueryResult> {
    const result = lastOf(await this.#send<TextRow>({ text: sql, rowMode: 'array', types: AS_TEXT }, sql))
    const readers = result.fields.map((field) => readerOf(field.dataTypeID))
    const types = await this.#typesOf(result.fields)
    return {
      columns: result.fields.map((field, index) => ({ name: field.name, type: types[index]! })),
      rows: result.rows.map((row): readonly SqlValue[] =>
        row.map((text, index) => (text === null ? null : readers[index]!(text))),
      ),
    }
  }

  /** By a cursor, in a transaction that cannot write. */
  async *stream(sql: string): AsyncIterable<QueryResult> {
    invariant(!this.#isInTransaction, 'rows are streamed outside of transactions')
    await this.execute('begin isolation level read committed read only')
    try {
      await this.execute(`declare ${CURSOR} no scroll cursor for\n${sql}`)
      for (let isFirst = true, isLast = false; !isLast; isFirst = false) {
        const part = await this.query(`fetch ${ROWS_OF_A_PART} from ${CURSOR}`)
        isLast = part.rows.length < ROWS_OF_A_PART
        if (isFirst || part.rows.length > 0) yield part
      }
    } finally {
      await this.rollback()
    }
  }

  async load(statement: LoadStatement): Promise<number> {
    const pieces = piecesOf(statement)
    // One that fails ends the other, which must have ended before anything else is done with the table.
    const outcomes = await Promise.allSettled([this.#copy(pieces, statement), this.#helpCopying(pieces, statement)])
    let rows = 0
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason
      rows += outcome.value
    }
    return rows
  }

  async #copy(pieces: AsyncGenerator<Buffer>, statement: LoadStatement): Promise<number> {
    const target = postgresDialect.render(statement.relation)
    return await this.#watch(copyRows(this.#client, pieces, statement), `copy ${target}`)
  }

  /** Takes rows of a large file by a second session, as soon as that is there. Gives their number. */
  async #helpCopying(pieces: AsyncGenerator<Buffer>, statement: LoadStatement): Promise<number> {
    if (this.#isInTransaction || !(await isWorthSharing(statement))) return 0
    const helper = await this.#openHelper().catch(() => undefined)
    // There is no other session to be had: one does it.
    if (helper === undefined) return 0
    try {
      return await helper.#copy(pieces, statement)
    } finally {
      await helper.end()
    }
  }

  async loadFiles(statement: FilesStatement): Promise<number> {
    invariant(this.#fileReader, 'the Postgres adapter was made without a reader of files')
    return await this.#watch(loadFiles(this.#client, this.#fileReader, statement), '')
  }

  async describeFiles(files: Pick<FilesStatement, 'external' | 'columns'>): Promise<readonly ColumnInfo[]> {
    invariant(this.#fileReader, 'the Postgres adapter was made without a reader of files')
    return await this.#watch(describeFiles(this.#fileReader, files), '')
  }

  async begin(): Promise<void> {
    await this.execute('begin isolation level read committed')
    this.#isInTransaction = true
  }

  async commit(): Promise<void> {
    const { command } = lastOf(await this.#send({ text: 'commit' }, 'commit'))
    this.#isInTransaction = false
    // Postgres answers a COMMIT after an error by rolling back, and calls that a success.
    if (command !== 'COMMIT') {
      throw new DatabaseError({
        message: 'the transaction had failed and was rolled back',
        code: 'transaction',
        title: 'Transaction Error',
      })
    }
  }

  async rollback(): Promise<void> {
    this.#isInTransaction = false
    try {
      await this.execute('rollback')
    } catch {
      // The connection is gone, and the server rolls back what it leaves.
    }
  }

  async hasEnded(): Promise<boolean> {
    if (this.isOpen) return true
    return await this.#server.hasEnded(this.#client)
  }

  async listRelations(schemas: readonly string[]): Promise<readonly ExistingRelation[]> {
    if (schemas.length === 0) return []
    const { rows } = await this.query(
      [
        "select n.nspname, c.relname, case c.relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end",
        'from pg_catalog.pg_class as c',
        'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
        `where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname in (${schemas.map(stringLiteral).join(', ')})`,
      ].join('\n'),
    )
    return rows.map(([schema, identifier, kind]) => ({
      schema: String(schema),
      identifier: String(identifier),
      kind: kind as RelationKind, // One of the literals of the query.
    }))
  }

  async obstacles(relations: readonly Relation[]): Promise<readonly Obstacle[]> {
    if (relations.length === 0) return []
    const { rows } = await this.query(obstaclesQuery(relations))
    return readObstacles(relations, rows)
  }

  async columnsOf(relation: Relation): Promise<readonly ColumnInfo[]> {
    if (relation.expression !== undefined) return await this.describeQuery(`select * from ${relation.expression}`)
    const { rows } = await this.query(
      [
        'select a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)',
        'from pg_catalog.pg_attribute as a',
        'join pg_catalog.pg_class as c on c.oid = a.attrelid',
        'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
        `where ${inSchema(relation.schema)} and c.relname = ${stringLiteral(physicalIdentifier(relation))}`,
        "and c.relkind in ('r', 'p', 'f', 'v', 'm') and a.attnum > 0 and not a.attisdropped",
        'order by a.attnum',
      ].join('\n'),
    )
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }))
  }

  async listIndexes(relations: readonly Relation[]): Promise<readonly ExistingIndex[]> {
    return await readIndexes((sql) => this.query(sql), relations)
  }

  async describeQuery(sql: string): Promise<readonly ColumnInfo[]> {
    // A statement that cannot be described must not take the transaction with it.
    const isGuarded = this.#isInTransaction
    if (isGuarded) await this.execute(`savepoint ${SAVEPOINT}`)
    try {
      const fields = await this.#watch(describeFields(this.#client, sql), sql)
      const types = await this.#typesOf(fields)
      if (isGuarded) await this.execute(`release savepoint ${SAVEPOINT}`)
      return fields.map((field, index) => ({ name: field.name, type: types[index]! }))
    } catch (error) {
      if (isGuarded) await this.execute(`rollback to savepoint ${SAVEPOINT}`)
      throw error
    }
  }

  /** Undefined for what is right and cannot be a view. */
  async lineageOf(sql: string): Promise<QueryLineage | undefined> {
    const [begin, end] = this.#aroundViews()
    await this.execute(begin)
    let isRight = false
    try {
      // What is wrong is told of the query alone.
      const fields = await this.#watch(describeFields(this.#client, sql), sql)
      isRight = true
      const [lineage] = await this.#readViews([{ sql, names: fields.map(({ name }) => name) }], end)
      return lineage?.()
    } catch (error) {
      await this.execute(end)
      if (isRight && isNoView(error)) return undefined
      throw error
    }
  }

  async bindQueries(queries: readonly string[]): Promise<readonly (BoundQuery | undefined)[]> {
    const [begin, end] = this.#aroundViews()
    await this.execute(begin)
    try {
      return await this.#bindAll(queries, end)
    } catch (error) {
      await this.execute(end)
      if (!isRefusal(error)) throw error
      // One of them is refused, or cannot be a view: each is asked of alone.
      return queries.map(() => undefined)
    }
  }

  async #bindAll(queries: readonly string[], end: string): Promise<readonly (BoundQuery | undefined)[]> {
    const described = await this.#watch(describeEach(this.#client, queries), '')
    if (described.length !== queries.length) {
      // A statement without columns has no description.
      await this.execute(end)
      return queries.map(() => undefined)
    }
    const types = (await this.#typesOf(described.flat())).values()
    const columns = described.map((fields) => fields.map(({ name }) => ({ name, type: types.next().value! })))
    const named = queries.map((sql, index) => ({ sql, names: columns[index]!.map(({ name }) => name) }))
    const lineages = await this.#readViews(named, end)
    return columns.map((each, index) => ({ columns: each, lineage: lineages[index]! }))
  }

  /** Makes queries views for a moment; what the server says of each is read when it is asked for. Ends the time of the views. */
  async #readViews(
    queries: readonly { readonly sql: string; readonly names: readonly string[] }[],
    end: string,
  ): Promise<readonly (() => QueryLineage | undefined)[]> {
    const views = queries.map(({ sql, names }, index) => createLineageView(sql, names.length, index))
    // What is more than one statement never becomes part of ours.
    await this.#watch(executeEach(this.#client, views), '')
    const text = [LINEAGE_VIEW_QUERY, end].join(';\n')
    const results = await this.#send<TextRow>({ text, rowMode: 'array', types: AS_TEXT } as const, text)
    const rows = isList(results) ? results.flatMap((result) => result.rows) : []
    return queries.map(({ names }, index) => () => {
      const row = rows[index]
      return row && readLineage(row, names)
    })
  }

  /** What begins and ends the time of views. A transaction goes on as it was. */
  #aroundViews(): readonly [begin: string, end: string] {
    if (!this.#isInTransaction) return ['begin', 'rollback']
    return [`savepoint ${SAVEPOINT}`, `rollback to savepoint ${SAVEPOINT};\nrelease savepoint ${SAVEPOINT}`]
  }

  async attachments(relations: readonly Relation[], isOurs: (identifier: string) => boolean): Promise<Attachments> {
    const query = (sql: string) => this.query(sql)
    const read = () => readAttachments({ database: this.#server.grantee.database, relations, isOurs, query })
    return this.#isInTransaction ? await this.#withoutSearchPath(read) : await this.#aside(read)
  }

  async lock(targets: readonly LockTarget[], options: LockOptions): Promise<void> {
    await lockRelations(this, targets, options)
  }

  async surroundings(request: SurroundingsRequest): Promise<Surroundings> {
    invariant(!this.#isInTransaction, 'surroundings are read outside of transactions')
    return await this.#aside((searchPath) => readSurroundings((sql) => this.query(sql), request, searchPath))
  }

  /** In a transaction of its own, which is rolled back. */
  async #aside<Result>(work: (searchPath: string) => Promise<Result>): Promise<Result> {
    await this.begin()
    try {
      return await this.#withoutSearchPath(work)
    } finally {
      await this.rollback()
    }
  }

  /** Definitions leave out schemas that are on the search path: with nothing on it they say all. */
  async #withoutSearchPath<Result>(work: (searchPath: string) => Promise<Result>): Promise<Result> {
    const { rows } = await this.query("select current_setting('search_path')")
    const searchPath = String(rows[0]?.[0])
    await this.execute('set local search_path = pg_catalog')
    const result = await work(searchPath)
    await this.query(`select set_config('search_path', ${stringLiteral(searchPath)}, true)`)
    return result
  }

  /**
   * Makes the running statement fail; does nothing when none runs. A statement that is only on its way does not hear the
   * request, so that it is sent again until the statement has ended.
   */
  interrupt(): void {
    const running = this.#running
    if (!this.isOpen || this.#isInterrupting || running === undefined) return
    this.#isInterrupting = true
    const ask = () => {
      this.#cancels = Promise.all([this.#cancels, this.#server.cancel(this.#client)])
    }
    ask()
    const timer = setInterval(ask, INTERRUPT_MILLISECONDS)
    running.finally(() => {
      clearInterval(timer)
      this.#isInterrupting = false
    })
  }

  /** Resolves when nothing runs any more. Never rejects. */
  async settled(): Promise<void> {
    await this.#running
    await this.#heard()
  }

  /** A request to cancel that is still on its way would meet the next statement. */
  async #heard(): Promise<void> {
    while (this.#cancels !== undefined) {
      const cancels = this.#cancels
      await cancels
      if (this.#cancels === cancels) this.#cancels = undefined
    }
  }

  close(): void {
    void this.end()
  }

  /** Closes the session and waits for the server to have heard it. Never throws. Safe to call twice. */
  async end(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#onClose(this)
    await this.#client.end().catch(() => {})
  }

  #typesOf(fields: Parameters<TypeNames['of']>[1]): Promise<readonly string[]> {
    return this.#watch(this.#typeNames.of(this.#client, fields), '')
  }

  #send<Row extends TextRow>(
    query: pg.QueryArrayConfig | pg.QueryConfig,
    sql: string,
    place?: StatementPlace,
  ): Promise<Results<Row>> {
    // Several statements in one text give one result each, which the driver's types do not say.
    return this.#watch(this.#client.query(query as pg.QueryConfig) as unknown as Promise<Results<Row>>, sql, place)
  }

  async #watch<T>(work: Promise<T>, sql: string, place?: StatementPlace): Promise<T> {
    const running = work.then(
      () => undefined,
      () => undefined,
    )
    this.#running = running
    try {
      return await work
    } catch (error) {
      const { grantee } = this.#server
      const refusal = databaseError(error, sql, { ...place, wasInterrupted: this.#isInterrupting, grantee })
      const failure = this.#server.adjust?.(refusal, stateOf(error)) ?? refusal
      if (failure.code === 'connection') this.#isLost = true
      throw failure
    } finally {
      if (this.#running === running) this.#running = undefined
      if (this.#cancels !== undefined) await this.#heard()
    }
  }
}

/** Every session has a schema of its own for its temporary tables, under a name with its number. */
function inSchema(schema: string): string {
  const isTemporary = schema === postgresDialect.temporarySchema
  return isTemporary ? 'n.oid = pg_catalog.pg_my_temp_schema()' : `n.nspname = ${stringLiteral(schema)}`
}

/** Where the caller's statement stands in a text of ours. */
interface StatementPlace {
  readonly prefixLength: number
}

type Result<Row> = Omit<pg.QueryArrayResult, 'rows'> & { readonly rows: readonly Row[] }
type Results<Row> = Result<Row> | readonly Result<Row>[]

function lastOf<Row>(results: Results<Row>): Result<Row> {
  if (!isList(results)) return results
  return results.at(-1)!
}

function isList<Row>(results: Results<Row>): results is readonly Result<Row>[] {
  return Array.isArray(results)
}

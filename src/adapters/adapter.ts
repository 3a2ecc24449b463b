import type { Dialect } from '../sql/dialect.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import type { LoadStatement } from '../sql/statement.ts'
import type { QueryResult } from '../sql/value.ts'

/**
 * The port to a database. One adapter is one target of the profile: it is opened once, hands out connections and is closed.
 * Everything above this file is the same for every engine.
 */
export interface Adapter {
  readonly dialect: Dialect
  /** The database that relations without one belong to: DuckDB's catalog name, Postgres' dbname. */
  readonly database: string
  /** Where the data is, for messages and `debug`: a path or host and database. Never a secret. */
  readonly location: string
  /**
   * Opens the database. `write` takes the lease: one writer per database, held until `close`. Fails with a `UserError`
   * (`database-locked` names the holder, `database-not-found`, `database-read-only`, `not-a-database`, `database-newer`).
   */
  open(options: OpenOptions): Promise<void>
  /** A new connection. Connections are independent: each has its own transaction. */
  connect(): Promise<Connection>
  /** Interrupts every running statement; each fails with a `DatabaseError` of code `interrupted`. Safe to call twice. */
  interrupt(): void
  /**
   * Puts a copy of the whole database at a path, as one file that appears at once: for readers that must not be in the
   * writer's way. Only engines whose database is a file have this. Throws `UserError` (`copy-failed`).
   */
  copyTo?(path: string): Promise<void>
  /** Closes all connections and gives the lease back. Safe to call twice. */
  close(): Promise<void>
}

export interface OpenOptions {
  readonly mode: 'read' | 'write'
  /** Written into the lease, so that whoever waits can say who holds it. */
  readonly runId: string
  /** How long to wait for another holder before giving up, in milliseconds. */
  readonly waitMs: number
  /** Told once, when another holder has to be waited for: who it is, as a sentence. */
  readonly onWait?: (holder: string) => void
  /** Ends the waiting; `open` then fails as if the time had run out. */
  readonly signal?: AbortSignal
}

/** One connection. Not for use by two callers at once. All failures are `DatabaseError`. */
export interface Connection {
  /** Runs statements that return nothing of interest; several may stand in one text. Returns the rows changed or, by `create table as`, made by the last. */
  execute(sql: string): Promise<number>
  /** Runs one query and reads it whole. */
  query(sql: string): Promise<QueryResult>
  /** Loads a CSV file into a table that exists. Returns the number of rows. */
  load(statement: LoadStatement): Promise<number>
  begin(): Promise<void>
  commit(): Promise<void>
  /** Never throws. */
  rollback(): Promise<void>
  /** All relations of these schemas of the adapter's own database, in one round trip. Unknown schemas give nothing. */
  listRelations(schemas: readonly string[]): Promise<readonly ExistingRelation[]>
  /** The columns of a relation in their order; empty when there is no such relation. */
  columnsOf(relation: Relation): Promise<readonly ColumnInfo[]>
  /**
   * The indexes of all tables of these schemas, in one round trip. Only engines that cannot rename or alter a table with its
   * indexes have this: there they have to go first.
   */
  listIndexes?(schemas: readonly string[]): Promise<readonly ExistingIndex[]>
  /** The columns that a query gives, without running it. */
  describeQuery(sql: string): Promise<readonly ColumnInfo[]>
  close(): void
}

export interface ExistingRelation {
  readonly schema: string
  readonly identifier: string
  readonly kind: RelationKind
}

/** An index as it stands, whoever made it. */
export interface ExistingIndex {
  readonly schema: string
  /** The identifier of its table. */
  readonly table: string
  readonly name: string
  readonly unique: boolean
}

export interface ColumnInfo {
  readonly name: string
  /** The engine's own name of the type: `DECIMAL(18,2)`, `timestamp with time zone`. */
  readonly type: string
}

/** What the engine said no with. The text is the engine's own, cleaned of what only repeats the statement. */
export class DatabaseError extends Error {
  /** The class of error: `syntax`, `binder`, `catalog`, `conversion`, `constraint`, `interrupted`, `io`, `out-of-memory`, `disk-full`, `connection` or `other`. */
  readonly code: string
  /** The engine's title for the error, such as `Binder Error`. */
  readonly title: string
  /** UTF-16 offset into the statement that failed, where the engine gave one. */
  readonly position: number | undefined
  /** The name the engine did not know, and the names that it holds to be near. */
  readonly unknownName: string | undefined
  readonly candidates: readonly string[]

  constructor(details: {
    readonly message: string
    readonly code: string
    readonly title: string
    readonly position?: number | undefined
    readonly unknownName?: string | undefined
    readonly candidates?: readonly string[]
    readonly cause?: unknown
  }) {
    super(details.message, { cause: details.cause })
    this.name = 'DatabaseError'
    this.code = details.code
    this.title = details.title
    this.position = details.position
    this.unknownName = details.unknownName
    this.candidates = details.candidates ?? []
  }
}

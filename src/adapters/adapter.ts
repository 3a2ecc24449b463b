import type { Dialect } from '../sql/dialect.ts'
import type { QueryLineage } from '../sql/query-lineage.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import type { FilesStatement, LoadStatement } from '../sql/statement.ts'
import type { QueryResult } from '../sql/value.ts'
import type { Surroundings, SurroundingsRequest } from './surroundings.ts'

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
  /**
   * What the database is and how it is reached, for `debug`, whether it is open or not. Takes no lease where others could
   * miss it. Fails as `open` does.
   */
  probe(options: Pick<OpenOptions, 'runId' | 'waitMs'>): Promise<readonly Fact[]>
  /**
   * A new connection. Connections are independent: each has its own transaction. One for `work`, which is what is had when
   * nothing is said, is refused when the lease is lost (`lease-lost`); one to `look` only reads, and is had all the same.
   */
  connect(purpose?: 'work' | 'look'): Promise<Connection>
  /**
   * The connection on which a run publishes, the same at every call: where the lease belongs to a session, it is that
   * session's, so that a run that lost its lease cannot publish. Only between `open` and `close`.
   */
  publisher(): Promise<Connection>
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

/** A name and what is so called: `['lease', 'free']`. */
export type Fact = readonly [name: string, text: string]

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
  /** False once it was closed or lost: every statement fails then. */
  readonly isOpen: boolean
  /** Runs statements that return nothing of interest; several may stand in one text. Returns the rows changed or, by `create table as`, made by the last. */
  execute(sql: string): Promise<number>
  /** Runs one query and reads it whole. */
  query(sql: string): Promise<QueryResult>
  /**
   * Runs one query that only reads, and gives its rows in parts, of which few are in memory at a time: at least one part,
   * without rows where there are none. All of them are of one moment, and a part that fails fails the whole. The connection
   * does nothing else until the last part was taken or `return` was called, and must not be in a transaction.
   */
  stream(sql: string): AsyncIterable<QueryResult>
  /** Writes the rows of a query to a Parquet file. Only engines that can write files themselves have this. */
  writeParquet?(sql: string, path: string): Promise<void>
  /** Loads a CSV file into a table that exists. Returns the number of rows. */
  load(statement: LoadStatement): Promise<number>
  /**
   * Makes a table of the rows of files. Returns the number of rows. Only engines that cannot read files themselves have
   * this; what went wrong with the files is a `DatabaseError`, too.
   */
  loadFiles?(statement: FilesStatement): Promise<number>
  /** The columns that such a table would have, from as little of the files as tells them. Where `loadFiles` is. */
  describeFiles?(files: Pick<FilesStatement, 'external' | 'columns'>): Promise<readonly ColumnInfo[]>
  begin(): Promise<void>
  commit(): Promise<void>
  /** Never throws. */
  rollback(): Promise<void>
  /**
   * After a failure: waits until the database has done with whatever it had heard from this connection, so that others can
   * see how it ended. A server may still be at work for a client that it does not hear any more. False when that could not
   * be found out. Never throws.
   */
  hasEnded(): Promise<boolean>
  /** All relations of these schemas of the adapter's own database, in one round trip. Unknown schemas give nothing. */
  listRelations(schemas: readonly string[]): Promise<readonly ExistingRelation[]>
  /**
   * What stands under the names of relations and is nothing that a publication could replace: the relation asked for, and
   * the kind as `a sequence`. Only engines in which other things share the names of relations have this.
   */
  obstacles?(relations: readonly Relation[]): Promise<readonly Obstacle[]>
  /** The columns of a relation in their order; empty when there is no such relation. */
  columnsOf(relation: Relation): Promise<readonly ColumnInfo[]>
  /** What SQL depends on in the database beside what a project builds. Must not be in a transaction. */
  surroundings(request: SurroundingsRequest): Promise<Surroundings>
  /**
   * The indexes of these relations, in one round trip; those that keep a constraint of a table are left out. Relations that
   * do not exist give nothing.
   */
  listIndexes(relations: readonly Relation[]): Promise<readonly ExistingIndex[]>
  /** The columns that a query gives, without running it. */
  describeQuery(sql: string): Promise<readonly ColumnInfo[]>
  /**
   * Where the columns of a query come from, without running it; every relation that it reads must exist. `columns` are those
   * that `describeQuery` gave, for whoever has asked already. Undefined where the engine cannot say. Fails as `describeQuery` does.
   */
  lineageOf(sql: string, columns?: readonly ColumnInfo[]): Promise<QueryLineage | undefined>
  /**
   * What `describeQuery` and `lineageOf` say, of many queries in one trip, each of them bound once. Undefined for a query that
   * has to be asked of by itself, among them all that the engine refuses. Only engines that can do this have it.
   */
  bindQueries?(queries: readonly string[]): Promise<readonly (BoundQuery | undefined)[]>
  /**
   * What hangs on relations that are about to be replaced. Relations that do not exist are left out; what `isOurs` says of a
   * relation's name (candidates of this run) does not count. Engines in which nothing hangs on a relation give nothing.
   */
  attachments(relations: readonly Relation[], isOurs: (identifier: string) => boolean): Promise<Attachments>
  /**
   * Keeps everybody else away from relations until the transaction ends, where a swap needs that. Tries in short turns, so
   * that those who read meanwhile do not have to wait behind it. Fails with a `DatabaseError` of code `locked`, which says
   * who holds what, after `waitMs` or when the signal comes.
   */
  lock(relations: readonly LockTarget[], options: LockOptions): Promise<void>
  close(): void
}

export interface LockTarget {
  readonly relation: Relation
  readonly kind: RelationKind
}

export interface LockOptions {
  readonly waitMs: number
  readonly signal: AbortSignal
}

/** What hangs on some relations. Keys are those of `relationKey`. */
export interface Attachments {
  readonly relations: ReadonlyMap<string, Attached>
  /** Views that read one of them, at any depth, each once; a view that was asked for itself may be among them. */
  readonly dependents: readonly Dependent[]
}

export interface Attached {
  /** Statements that give a relation that takes this one's name its owner and the privileges that others were granted. */
  readonly privileges: readonly string[]
  /** What would be lost, or would go on with the old relation, if another took its place: `trigger audit on table orders`. */
  readonly holds: readonly string[]
}

export interface Dependent {
  readonly relation: Relation
  readonly kind: RelationKind
  /** What it reads of the relations asked for and of the other dependents. */
  readonly reads: readonly string[]
  /** Why it must be left as it is; absent when it may be dropped and made again. */
  readonly stays?: string
  /** Statements that make it again as it is, with its owner, privileges, comments, options, data and indexes. */
  readonly create: readonly string[]
}

export const NO_ATTACHMENTS: Attachments = { relations: new Map(), dependents: [] }

export interface ExistingRelation {
  readonly schema: string
  readonly identifier: string
  readonly kind: RelationKind
}

/** An index as it stands, whoever made it. */
export interface ExistingIndex {
  readonly schema: string
  /** The identifier of its table or materialized view. */
  readonly table: string
  readonly name: string
  readonly unique: boolean
  /** The statement that makes it again. */
  readonly definition: string
}

export interface Obstacle {
  readonly relation: Relation
  readonly kind: string
}

export interface ColumnInfo {
  readonly name: string
  /** The engine's own name of the type: `DECIMAL(18,2)`, `timestamp with time zone`. */
  readonly type: string
}

/** What an engine says of a query that it has bound. */
export interface BoundQuery {
  readonly columns: readonly ColumnInfo[]
  /** Where they come from; worked out when it is asked for. Undefined where that cannot be said. */
  readonly lineage: () => QueryLineage | undefined
}

/** What the engine said no with. The text is the engine's own, cleaned of what only repeats the statement. */
export class DatabaseError extends Error {
  /** The class of error: `syntax`, `binder`, `catalog`, `conversion`, `constraint`, `permission`, `locked`, `timeout`, `interrupted`, `io`, `out-of-memory`, `disk-full`, `transaction`, `connection`, `beyond` or `other`; `beyond` is what the embedded engine lacks and the server may have. */
  readonly code: string
  /** The engine's title for the error, such as `Binder Error`. */
  readonly title: string
  /** UTF-16 offset into the statement that failed, where the engine gave one. */
  readonly position: number | undefined
  /** The name the engine did not know, and the names that it holds to be near. */
  readonly unknownName: string | undefined
  readonly candidates: readonly string[]
  /** What to do about it, where the engine or its adapter knows: the grant that is missing. */
  readonly hint: string | undefined

  constructor(details: {
    readonly message: string
    readonly code: string
    readonly title: string
    readonly position?: number | undefined
    readonly unknownName?: string | undefined
    readonly candidates?: readonly string[]
    readonly hint?: string | undefined
    readonly cause?: unknown
  }) {
    super(details.message, { cause: details.cause })
    this.name = 'DatabaseError'
    this.code = details.code
    this.title = details.title
    this.position = details.position
    this.unknownName = details.unknownName
    this.candidates = details.candidates ?? []
    this.hint = details.hint
  }
}

/** Whether an engine refused something; one that was interrupted refused nothing. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.code !== 'interrupted'
}

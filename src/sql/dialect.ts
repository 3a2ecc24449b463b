import type { JsonObject } from '../util/json.ts'
import type { ColumnDefinition } from './column-definition.ts'
import type { Relation, RelationKind } from './relation.ts'

/** Everything that differs between engines in the SQL we write. Plain data and pure functions; each adapter has one. */
export interface Dialect {
  /** The engine's name: what `target.type` says, and the prefix that `adapter.dispatch` looks for. */
  readonly name: string
  /** Longest identifier in bytes of UTF-8; names we make are cut and hash-suffixed to fit. */
  readonly maxIdentifierBytes: number
  /** Whether the engine cuts longer names that others have chosen, without an error. */
  readonly cutsIdentifiers: boolean
  /** Whether a table that has an index can be renamed. */
  readonly canRenameIndexed: boolean
  /** Quotes an identifier, whatever it holds. */
  quote(identifier: string): string
  /** The name that the engine keeps for a plain identifier that is written without quotes. */
  foldCase(identifier: string): string
  /** A string as a literal. */
  stringLiteral(text: string): string
  /** A relation as SQL: its physical name, quoted as it says. */
  render(relation: Relation): string
  /** Does nothing where the schema is there, and needs no right then. */
  createSchema(relation: Pick<Relation, 'database' | 'schema'>): string
  /** With everything in it; does nothing when there is no such schema. Never sent by a run of its own accord. */
  dropSchema(relation: Pick<Relation, 'database' | 'schema'>): string
  /** A script that sessions of one database run one after the other, each whole or not at all; nothing else waits. */
  oneAtATime(script: string): string
  /** What gives a role the rights to read and write all tables of a schema; undefined where there are no roles. */
  grantWriting(schema: string, role: string): string | undefined
  createTableAs(relation: Relation, query: string, options?: TableOptions): string
  createTable(relation: Relation, columns: readonly ColumnDefinition[], options?: TableOptions): string
  /** The same from the SQL of its columns and constraints. */
  createTableOf(relation: Relation, lines: readonly string[], options?: TableOptions): string
  /** A table that only queries are bound against: it never has a row. */
  createStandIn(relation: Relation, columns: readonly ColumnDefinition[]): string
  /**
   * Whether a view of these columns can be replaced by one of those without being dropped, so that what stands on it stays.
   * `createView` replaces a view of that name then.
   */
  canReplaceView(published: readonly ColumnDefinition[], next: readonly ColumnDefinition[]): boolean
  /** Whether `canReplaceView` has to be told the columns; otherwise it says yes to any. */
  readonly viewsKeepColumns: boolean
  createView(relation: Relation, query: string): string
  /** Absent where the engine has no materialized views. */
  readonly materializedViews?: MaterializedViewDialect
  /** Never cascades. */
  drop(relation: Relation, kind: RelationKind): string
  /** `to` is an identifier in the same schema. */
  rename(relation: Relation, kind: RelationKind, to: string): string
  addColumn(relation: Relation, column: ColumnDefinition): string
  dropColumn(relation: Relation, column: string): string
  alterColumnType(relation: Relation, column: ColumnDefinition): string
  createIndex(relation: Relation, index: IndexDefinition): string
  /** Does nothing when there is no such index. The index lies in the schema of its relation. */
  dropIndex(relation: Relation, name: string): string
  commentOn(relation: Relation, kind: RelationKind, comment: string): string
  commentOnColumn(relation: Relation, column: string, comment: string): string
  /** How others are given rights on a relation; absent where the engine has no roles. */
  readonly grants?: GrantDialect
  /**
   * What a query reads for a source that is files: a call such as `read_json('…')`, or undefined where the engine cannot
   * read files; then `Connection.loadFiles` makes a table of them. `columns` are the declared ones, `data_type` as written. A
   * call of the user's own stays as it is.
   */
  externalSource(external: ExternalFiles | ExternalCall, columns: readonly DeclaredColumn[]): string | undefined
  /** The schema of tables that only their connection sees, and that end with it. */
  readonly temporarySchema: string
  /**
   * What a query reads, behind `from`, to have rows that are written in JSON: an array of objects with these keys, one a
   * column. Engines read a text of JSON several times as fast as a list of literals.
   */
  rowsOfJson(json: string, columns: readonly ColumnDefinition[]): string
  /** True when values of `from` can be stored as `to` without loss, so that a column may be widened to it. */
  canWiden(from: string, to: string): boolean
  /** Whether a column of a relation can have a type that a query gives. */
  canStore(type: string): boolean
  /**
   * SQL for whether a text is a value of a type, as a condition. Absent where the engine casts literals when it binds a query,
   * so that it has told already what is none.
   */
  isValue?(text: string, type: string): string
  /** The type names that a seed's inferred types become. */
  readonly seedTypes: Readonly<Record<SeedType, string>>
  /** `now()` as a timestamp with time zone. */
  readonly currentTimestamp: string
}

export interface GrantDialect {
  /** A query of what this role has granted to others: rows of grantee and privilege, which is in lower case. */
  list(relation: Relation): string
  grant(relation: Relation, privilege: string, grantees: readonly string[]): string
  revoke(relation: Relation, privilege: string, grantees: readonly string[]): string
}

/** What a seed's column was inferred to hold, in dbt's order of trying. */
export type SeedType = 'integer' | 'number' | 'date' | 'datetime' | 'boolean' | 'text'

export interface TableOptions {
  /** No write-ahead log, where the engine can go without: a crash of the server empties the table. */
  readonly unlogged?: boolean
}

export interface MaterializedViewDialect {
  /** Makes it and fills it. */
  create(relation: Relation, query: string): string
  /** Fills it anew; readers wait. */
  refresh(relation: Relation): string
}

export interface IndexDefinition {
  readonly name: string
  /** SQL: names in quotes, and expressions. */
  readonly columns: readonly string[]
  readonly unique: boolean
  /** The engine's own word for the kind of index, such as `btree`; its default when absent. */
  readonly type?: string
}

/** Files that a source is read from. `location` is a path or glob; `options` are passed to the reader. */
export interface ExternalFiles {
  readonly location: string
  readonly format: 'csv' | 'json' | 'parquet'
  readonly options: JsonObject
}

/** What a source is read from as the user writes it: `read_csv('orders.csv', delim = ';')`. */
export interface ExternalCall {
  readonly call: string
}

export interface DeclaredColumn {
  readonly name: string
  readonly data_type?: string
}

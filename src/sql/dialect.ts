import type { JsonObject } from '../util/json.ts'
import type { Relation, RelationKind } from './relation.ts'
import type { ColumnDefinition } from './statement.ts'

/** Everything that differs between engines in the SQL we write. Plain data and pure functions; each adapter has one. */
export interface Dialect {
  /** The engine's name: what `target.type` says, and the prefix that `adapter.dispatch` looks for. */
  readonly name: string
  /** Longest identifier in bytes of UTF-8; names we make are cut and hash-suffixed to fit. */
  readonly maxIdentifierBytes: number
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
  createSchema(relation: Pick<Relation, 'database' | 'schema'>): string
  createTableAs(relation: Relation, query: string): string
  createTable(relation: Relation, columns: readonly ColumnDefinition[]): string
  /** Replaces a view of that name. */
  createView(relation: Relation, query: string): string
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
  /**
   * What a query reads for a source that is files: a call such as `read_json('…')`, or undefined where the engine cannot
   * read files. `columns` are the declared ones, `data_type` as written. A call of the user's own stays as it is.
   */
  externalSource(external: ExternalFiles | ExternalCall, columns: readonly DeclaredColumn[]): string | undefined
  /** True when values of `from` can be stored as `to` without loss, so that a column may be widened to it. */
  canWiden(from: string, to: string): boolean
  /** The type names that a seed's inferred types become. */
  readonly seedTypes: Readonly<Record<SeedType, string>>
  /** `now()` as a timestamp with time zone. */
  readonly currentTimestamp: string
}

/** What a seed's column was inferred to hold, in dbt's order of trying. */
export type SeedType = 'integer' | 'number' | 'date' | 'datetime' | 'boolean' | 'text'

export interface IndexDefinition {
  readonly name: string
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

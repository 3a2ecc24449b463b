import type { Span } from '../text/source-file.ts'
import type { ColumnDefinition } from './column-definition.ts'
import type { DeclaredColumn, ExternalCall, ExternalFiles } from './dialect.ts'
import type { Relation } from './relation.ts'

/** One thing for the engine to do. A plan is a list of these: it can be printed, compared and tested with no database. */
export type Statement = SqlStatement | LoadStatement

export interface SqlStatement {
  readonly kind: 'sql'
  readonly sql: string
  /** True for the statement that holds the user's own compiled SQL: database errors inside it are mapped to their file. */
  readonly main?: boolean
  /** Offset of the compiled SQL inside `sql`, when `main` is set. */
  readonly mainOffset?: number
  /** The setting that asks for the statement, where errors of the database belong; otherwise that is the node. */
  readonly place?: Span
}

/** Fills an existing relation from a CSV file (seeds), by the engine's own bulk load. */
export interface LoadStatement {
  readonly kind: 'load'
  readonly relation: Relation
  /** Absolute path of the CSV file. */
  readonly path: string
  readonly columns: readonly ColumnDefinition[]
  readonly delimiter: string
  /** Whether every field of the file is known to stand for itself: no quotes, and nothing is null but what is empty. */
  readonly isPlain?: boolean
}

/** Makes a table of the rows of files, for an engine that cannot read files itself. */
export interface FilesStatement {
  readonly relation: Relation
  readonly external: ExternalFiles | ExternalCall
  readonly columns: readonly DeclaredColumn[]
  /** How long the table is there: until it is dropped, or as long as the connection. */
  readonly lifetime: 'run' | 'connection'
}

export function sql(text: string): SqlStatement {
  return { kind: 'sql', sql: text }
}

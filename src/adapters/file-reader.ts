import type { DeclaredColumn, ExternalCall, ExternalFiles } from '../sql/dialect.ts'

/**
 * Reads the files of a source for an engine that cannot do it itself (`Dialect.externalSource` gives undefined). All
 * failures are `DatabaseError`. Opens nothing before the first call of `open`.
 */
export interface FileReader {
  /** Finds the files and what they hold. Their rows are read when they are asked for. */
  open(files: ExternalFiles | ExternalCall, columns: readonly DeclaredColumn[]): Promise<OpenFiles>
  /** Interrupts every reading; each fails with a `DatabaseError` of code `interrupted`. Safe to call twice. */
  interrupt(): void
  /** Frees what it holds. Safe to call twice; it may be used again afterwards. */
  close(): Promise<void>
}

export interface OpenFiles {
  readonly columns: readonly FileColumn[]
  /**
   * The rows in the order of the files and of their lines, as the parts of a CSV text in UTF-8 without a header. Few parts
   * are in memory at a time. Values stand in double quotes, in which a quote is written twice; null is an empty field
   * without quotes; a line ends with `\n`.
   */
  rows(): AsyncIterable<Uint8Array>
  /** Ends the reading, finished or not. Safe to call twice. */
  close(): Promise<void>
}

export interface FileColumn {
  readonly name: string
  readonly type: FileType
}

/**
 * What a column holds, and how it is written: numbers and booleans as SQL has them, times as ISO 8601 with a blank for the
 * `T`, bytes as `\x` and hexadecimal digits, JSON as its text, a list as `{"a","b",NULL}` with backslashes before quotes
 * and backslashes. Lists hold no lists and no JSON: those are JSON as a whole.
 */
export type FileType =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: FileType }
  | { readonly kind: PlainFileKind }

export type PlainFileKind =
  | 'text'
  | 'boolean'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'date'
  | 'time'
  | 'time with time zone'
  | 'timestamp'
  | 'timestamp with time zone'
  | 'interval'
  | 'bytes'
  | 'bits'
  | 'uuid'
  | 'json'

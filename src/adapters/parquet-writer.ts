/**
 * Makes a Parquet file of rows for an engine that cannot write files itself. Fails with a `DatabaseError`; opens nothing
 * before it is called.
 */
export type WriteParquet = (input: ParquetInput) => Promise<void>

export interface ParquetInput {
  /** The file to be written. */
  readonly path: string
  /**
   * The rows as CSV (RFC 4180), without a header: an empty field is null, `""` an empty text. In front of the columns stands
   * a field that only keeps a row of nulls from being an empty line.
   */
  readonly csvPath: string
  readonly columns: readonly ParquetColumn[]
}

export interface ParquetColumn {
  readonly name: string
  readonly type: ParquetType
}

export type ParquetType =
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'text' | 'boolean' | 'bigint' | 'double' | 'date' | 'timestamp' | 'timestamp with time zone' }

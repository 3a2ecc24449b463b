import type { SqlValue } from '../../sql/value.ts'

/** Makes the text of rows that come in parts, in one form. What it gives is put one after the other. */
export interface RowWriter {
  start(): string
  rows(rows: readonly (readonly SqlValue[])[]): string
  end(): string
}

/** What programs need to know of the columns of rows, each with the place of its value in them. */
export type NamedColumns = readonly { readonly name: string }[]

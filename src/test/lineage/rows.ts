import type { SqlValue } from '../../sql/value.ts'
import type { Cell, Row } from './oracle-data.ts'

/** What a query gave, each value as `written` writes it. */
export type Rows = readonly (readonly string[])[]

export function countSame(row: readonly string[], other: readonly string[]): number {
  return row.filter((value, place) => value === other[place]).length
}

/** Back from the writing of `written`, where it is a text, a number or null. */
export function cellOf(value: string): Cell {
  const parsed: unknown = JSON.parse(value)
  return parsed === null ? null : String(parsed)
}

/** Whether some outputs, looked at together, are another multiset. */
export function differs(before: Rows, after: Rows, outputs: readonly number[]): boolean {
  if (before.length !== after.length) return true
  const only = (rows: Rows) => asMultiset(rows.map((row) => outputs.map((output) => row[output]!)))
  return only(before) !== only(after)
}

/** In the writing of `written`, as far as a text can be told from a number. */
export function touchedValues(before: readonly Row[], after: readonly Row[], column: number): ReadonlySet<string> {
  const cells = before.flatMap((row, index) => {
    const [old, now] = [row[column]!, after[index]![column]!]
    return old === now ? [] : [old, now]
  })
  return new Set(cells.flatMap((cell) => [String(cell), JSON.stringify(cell)]))
}

export function asMultiset(rows: Rows): string {
  return rows
    .map((row) => row.join('\0'))
    .sort()
    .join('\n')
}

export function written(value: SqlValue): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? ''
}

import { DateValue, Decimal, type QueryResult, type SqlValue, TimestampValue } from '../sql/value.ts'
import { writeJson } from './rows-json.ts'
import { cutTo, displayWidth, padTo } from './width.ts'

/** Columns wider than this are cut, so that one long text does not hide the others. */
const WIDEST_CELL = 80

/**
 * Rows as `show` prints them, with a final newline:
 *
 *     | id | customer | amount |
 *     | -- | -------- | ------ |
 *     |  1 | ana      |  10.50 |
 *
 * Numbers are aligned to the right. Null is an empty cell; line breaks within a text become spaces.
 */
export function rowsTable({ columns, rows }: QueryResult): string {
  const cells = rows.map((row) => columns.map((_, at) => cutTo(cellText(row[at] ?? null), WIDEST_CELL)))
  const aligns = columns.map((_, at) => (rows.some((row) => isNumber(row[at] ?? null)) ? 'right' : 'left'))
  const widths = columns.map(({ name }, at) =>
    Math.max(2, displayWidth(name), ...cells.map((row) => displayWidth(row[at]!))),
  )
  const line = (texts: readonly string[], align: (at: number) => 'left' | 'right') =>
    `| ${texts.map((text, at) => padTo(text, widths[at]!, align(at))).join(' | ')} |\n`
  return [
    line(
      columns.map(({ name }) => name),
      (at) => aligns[at]!,
    ),
    line(
      widths.map((width) => '-'.repeat(width)),
      () => 'left',
    ),
    ...cells.map((row) => line(row, (at) => aligns[at]!)),
  ].join('')
}

function isNumber(value: SqlValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal
}

function cellText(value: SqlValue): string {
  if (value === null) return ''
  if (value instanceof DateValue || value instanceof TimestampValue || typeof value === 'string') {
    return String(value).replace(/\s*[\r\n]\s*/g, ' ')
  }
  return writeJson(value)
}

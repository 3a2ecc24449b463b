import { DateValue, Decimal, type QueryResult, type SqlValue, TimestampValue } from '../sql/value.ts'
import { writeJson } from './rows-json.ts'
import { cutTo, displayWidth, padTo } from './width.ts'

/** Columns wider than this are cut, so that one long text does not hide the others. */
const WIDEST_CELL = 80

/**
 * Rows as `show` prints them, without a final newline:
 *
 *     Previewing node 'orders':
 *     | id | customer | amount |
 *     | -- | -------- | ------ |
 *     |  1 | ana      |  10.50 |
 *
 * Numbers are aligned to the right. Null is an empty cell; line breaks within a text become spaces.
 */
export function formatTable(node: string | undefined, { columns, rows }: QueryResult): string {
  const names = columns.map(({ name }) => name)
  const cells = rows.map((row) => names.map((_, at) => cellText(row[at] ?? null)))
  const aligns = names.map((_, at) => (rows.some((row) => isNumber(row[at] ?? null)) ? 'right' : 'left'))
  const heading = node === undefined ? 'Previewing inline node:' : `Previewing node '${node}':`
  return `${heading}\n${formatCells(names, cells, aligns)}`
}

/** Cells below their names, as wide as the widest of each column; what is too wide is cut. Without a final newline. */
export function formatCells(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: readonly ('left' | 'right')[],
): string {
  const cells = rows.map((row) => row.map((cell) => cutTo(cell, WIDEST_CELL)))
  const widths = names.map((name, at) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[at]!)), Math.max(2, displayWidth(name))),
  )
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text, at) => padTo(text, widths[at]!, aligns[at]!)).join(' | ')} |`
  return [line(names), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
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

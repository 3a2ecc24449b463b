import type { SqlValue } from '../../sql/value.ts'
import { plainText } from '../locale-text.ts'
import type { NamedColumns, RowWriter } from './row-writer.ts'

/**
 * CSV as RFC 4180 has it: a header with the names of the columns, CRLF at the end of every line, quotes around what holds a
 * comma, a quote or a line break. Null is an empty field, an empty text is `""`. Values are as the database has them: nothing
 * is put in front of a text that a spreadsheet would take for a formula, because it would be another text.
 */
export function csvWriter(columns: NamedColumns): RowWriter {
  return {
    start: () => csvLine(columns.map(({ name }) => name)),
    rows: (rows) => rows.map(csvLine).join(''),
    end: () => '',
  }
}

/** One line with its end. */
export function csvLine(row: readonly SqlValue[]): string {
  const [only] = row
  // An empty line is no row to most readers.
  if (row.length === 1 && only === null) return '""\r\n'
  return `${row.map(field).join(',')}\r\n`
}

function field(value: SqlValue): string {
  if (value === null) return ''
  const text = plainText(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

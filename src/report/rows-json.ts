import { DateValue, Decimal, type QueryResult, type SqlValue, TimestampValue } from '../sql/value.ts'

/**
 * Rows as `show --output json` prints them, in dbt's form: `{"node": …, "show": [{…}]}` with two spaces of indentation,
 * without a final newline. The node is left out for rows of no node. Numbers keep every digit that the database gave: a
 * decimal its scale (`500.00`), an integer its size; times are ISO 8601 text. Keys come in the order of the columns; of
 * columns with one name only the last is there.
 */
export function formatRowsAsJson(node: string | undefined, { columns, rows }: QueryResult): string {
  const show = rows.map((row) => new Map(columns.map(({ name }, at) => [name, row[at] ?? null])))
  const written = show.map((row) => writeEntries(row, '  ', '\n    '))
  const list = written.length === 0 ? '[]' : `[\n    ${written.join(',\n    ')}\n  ]`
  const name = node === undefined ? '' : `  "node": ${JSON.stringify(node)},\n`
  return `{\n${name}  "show": ${list}\n}`
}

/**
 * A database value as JSON text. `JSON.stringify` cannot write the digits of a decimal or of a bigint. `indent` is the
 * step of indentation, empty for one line; `before` is the line break and indentation of the value itself.
 */
export function writeJson(value: SqlValue, indent = '', before = '\n'): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  // Infinity and NaN have no JSON; as text they are at least not lost.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Decimal) return value.digits
  if (value instanceof DateValue || value instanceof TimestampValue) return JSON.stringify(value.iso)
  if (Array.isArray(value)) {
    const items = value.map((item: SqlValue) => writeJson(item, indent, before + indent))
    return block('[', items, ']', indent, before)
  }
  return writeEntries(Object.entries(value), indent, before)
}

function writeEntries(entries: Iterable<readonly [string, SqlValue]>, indent: string, before: string): string {
  const deeper = before + indent
  const items = Array.from(entries, ([key, value]) => `${JSON.stringify(key)}: ${writeJson(value, indent, deeper)}`)
  return block('{', items, '}', indent, before)
}

function block(open: string, items: readonly string[], close: string, indent: string, before: string): string {
  if (items.length === 0) return open + close
  if (indent === '') return open + items.join(', ') + close
  return open + before + indent + items.join(`,${before}${indent}`) + before + close
}

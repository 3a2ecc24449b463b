import { DateValue, Decimal, type QueryResult, type SqlValue, TimestampValue } from '../sql/value.ts'

/**
 * Rows as `show --output json` prints them, in dbt's form: `{"node": …, "show": [{…}]}` with two spaces of indentation
 * and a final newline. Numbers keep every digit that the database gave: a decimal its scale (`500.00`), an integer its
 * size; times are ISO 8601 text. Of two columns with one name the last one stays, because JSON has one key.
 */
export function rowsJson(result: QueryResult, node?: string): string {
  const show = result.rows.map((row) =>
    Object.fromEntries(result.columns.map(({ name }, at) => [name, row[at] ?? null] as const)),
  )
  return `${writeJson(node === undefined ? { show } : { node, show }, '  ')}\n`
}

/** A database value as JSON text. `JSON.stringify` cannot write the digits of a decimal or of a bigint. */
export function writeJson(value: SqlValue, indent = '', before = '\n'): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  // Infinity and NaN have no JSON; as text they are at least not lost.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(String(value))
  if (typeof value === 'bigint' || value instanceof Decimal) return String(value)
  if (value instanceof DateValue || value instanceof TimestampValue) return JSON.stringify(value.iso)
  const deeper = before + indent
  if (Array.isArray(value)) {
    return block(
      '[',
      value.map((item: SqlValue) => writeJson(item, indent, deeper)),
      ']',
      indent,
      before,
    )
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, indent, deeper)}`,
  )
  return block('{', entries, '}', indent, before)
}

function block(open: string, items: readonly string[], close: string, indent: string, before: string): string {
  if (items.length === 0) return open + close
  if (indent === '') return open + items.join(', ') + close
  return open + before + indent + items.join(`,${before}${indent}`) + before + close
}

import type { Manifest } from '../manifest/manifest.ts'
import type { ColumnProperties, DataTest } from '../manifest/nodes.ts'
import type { QueryResult, SqlValue } from '../sql/value.ts'
import { plainName } from '../text/names.ts'

/** What stands in the place of a value that is nobody's business. */
const MASK = '•••'

/** Rows for a message, a line each: `order_id=1, status=null`. Values of columns that are personal are masked. */
export function describeRows(rows: QueryResult, isPersonal: (column: string) => boolean): string {
  const names = rows.columns.map((column) => column.name)
  const line = (row: readonly SqlValue[]) =>
    names.map((name, index) => `${name}=${isPersonal(name) ? MASK : cell(row[index])}`).join(', ')
  return rows.rows.map((row) => `  ${line(row)}`).join('\n')
}

/** What a test counts says nothing of a person. */
const COUNTS = new Set(['n_records'])

/**
 * Which columns of a test's failing rows hold personal data: those that a tested node or source marks with `meta.pii`. A
 * test of such a column may give its values under any other name, so what is not known to be harmless counts as personal.
 */
export function personalColumns(manifest: Manifest, test: DataTest): (column: string) => boolean {
  const attached = test.generic ? [test.generic.attachedTo] : []
  const columns = [...attached, ...test.dependsOn].flatMap(
    (id) => (manifest.nodes.get(id) ?? manifest.sources.get(id))?.columns ?? [],
  )
  const personal = namesOf(columns.filter(isMarked))
  const harmless = namesOf(columns.filter((column) => !isMarked(column)))
  const tested = test.generic?.kwargs.column_name
  const testsPersonal = typeof tested === 'string' && personal.has(plainName(tested))
  return (column) => {
    const name = plainName(column)
    if (personal.has(name)) return true
    return testsPersonal && !harmless.has(name) && !COUNTS.has(name)
  }
}

function isMarked({ meta }: ColumnProperties): boolean {
  return meta.pii !== undefined && meta.pii !== null && meta.pii !== false
}

function namesOf(columns: readonly ColumnProperties[]): ReadonlySet<string> {
  return new Set(columns.map(({ name }) => plainName(name)))
}

const LONGEST_CELL = 60

function cell(value: SqlValue | undefined): string {
  const text = isNested(value) ? JSON.stringify(value, plainValue) : String(value ?? null)
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text
}

/** What JSON does not know, such as a decimal, stands in a list or struct as its text. */
function plainValue(_key: string, value: SqlValue): unknown {
  return isNested(value) || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : String(value)
}

function isNested(value: SqlValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}

import type { DeclaredColumn, ExternalCall, ExternalFiles } from '../../sql/dialect.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { quote, stringLiteral } from './literals.ts'

const READERS = { csv: 'read_csv', json: 'read_json', parquet: 'read_parquet' } as const

/**
 * The call that reads the files of a source. What `options` say goes to DuckDB's reader as it is and wins over our
 * choices:
 *
 * - `filename`: the path of each row's file is a column, so that it can be kept as `_source_file`;
 * - `union_by_name`: the files may differ in their columns;
 * - declared types are taken instead of guessed: for JSON when every column declares one, for CSV each that does. They
 *   are matched by name: DuckDB's `columns` would count the columns of a CSV file without looking at its header.
 */
export function renderExternalSource(
  external: ExternalFiles | ExternalCall,
  columns: readonly DeclaredColumn[],
): string {
  if ('call' in external) return external.call
  const options = { ...defaultOptions(external, columns), ...external.options }
  const written = Object.entries(options).map(([name, value]) => `${name} = ${literal(value)}`)
  return `${READERS[external.format]}(${[stringLiteral(external.location), ...written].join(', ')})`
}

function defaultOptions(external: ExternalFiles, columns: readonly DeclaredColumn[]): JsonObject {
  const byName = { filename: true, union_by_name: true }
  const types = Object.fromEntries(
    columns.flatMap(({ name, data_type }) => (data_type === undefined ? [] : [[name, data_type]])),
  )
  const declared = Object.keys(types).length
  if (declared === 0) return byName
  switch (external.format) {
    case 'parquet':
      return byName
    case 'json':
      // With given columns DuckDB takes them by name already.
      return declared === columns.length ? { columns: types, filename: true } : byName
    case 'csv':
      if (external.options.header === false) return { columns: types, filename: true }
      return { header: true, types, ...byName }
  }
}

function literal(value: Json): string {
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (isArray(value)) return `[${value.map(literal).join(', ')}]`
  return `{${Object.entries(value)
    .map(([name, field]) => `${quote(name)}: ${literal(field)}`)
    .join(', ')}}`
}

/** `Array.isArray`, for arrays that are read-only. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

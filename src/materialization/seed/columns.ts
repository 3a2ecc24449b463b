import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { Dialect, SeedType } from '../../sql/dialect.ts'
import { type CsvTable, placeOfField } from './csv.ts'
import { valueDoesNotFit } from './problems.ts'
import { fits, isDate, isInteger, isNull, isNumber, isTimestamp } from './values.ts'

const MOST_PROBLEMS = 10

/** In dbt's order: a column has the first type that all its values have, so a column of nulls is one of integers. */
export const INFERRED_TYPES: readonly (readonly [SeedType, (field: string) => boolean])[] = [
  ['integer', isInteger],
  ['number', isNumber],
  ['date', isDate],
  ['datetime', isTimestamp],
  ['boolean', (field) => /^(true|false)$/i.test(field.trim())],
]

export interface ColumnOptions {
  readonly dialect: Dialect
  /** `column_types`: the engine's own type names by column. A name that the seed does not have counts for nothing. */
  readonly columnTypes: Readonly<Record<string, string>>
  /** `quote_columns`: names stay as written. Otherwise plain names are what the engine makes of them without quotes. */
  readonly quoteColumns: boolean
}

/** The columns of a seed: names from its header, types as declared or else inferred from all values. */
export function inferColumns(table: CsvTable, options: ColumnOptions): readonly ColumnDefinition[] {
  return table.header.map((name, index) => ({
    name: columnName(name, options),
    type: declaredType(name, options) ?? options.dialect.seedTypes[inferType(table, index)],
  }))
}

/** The values that are not of the type declared for their column, each in its place; ten at most. */
export function misfits(table: CsvTable, options: ColumnOptions): readonly Diagnostic[] {
  const problems: Diagnostic[] = []
  for (const [column, name] of table.header.entries()) {
    const type = declaredType(name, options)
    const fitsType = type === undefined ? undefined : fits(type)
    if (type === undefined || fitsType === undefined) continue
    for (const [row, fields] of table.rows.entries()) {
      const value = fields[column] ?? ''
      if (isNull(value) || fitsType(value)) continue
      problems.push(valueDoesNotFit({ place: placeOfField(table, row, column), value, column: name, type }))
      if (problems.length === MOST_PROBLEMS) return problems
    }
  }
  return problems
}

function inferType(table: CsvTable, column: number): SeedType {
  const found = INFERRED_TYPES.find(([, isOfType]) =>
    table.rows.every((row) => {
      const field = row[column] ?? ''
      return isNull(field) || isOfType(field)
    }),
  )
  return found?.[0] ?? 'text'
}

export function declaredType(name: string, { columnTypes }: ColumnOptions): string | undefined {
  if (Object.hasOwn(columnTypes, name)) return columnTypes[name]
  const key = Object.keys(columnTypes).find((other) => other.toLowerCase() === name.toLowerCase())
  return key === undefined ? undefined : columnTypes[key]
}

export function columnName(name: string, { dialect, quoteColumns }: ColumnOptions): string {
  return quoteColumns || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : dialect.foldCase(name)
}

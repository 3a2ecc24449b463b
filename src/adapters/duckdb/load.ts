import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { LoadStatement } from '../../sql/statement.ts'
import { duckdbDialect } from './dialect.ts'
import { quote, stringLiteral } from './literals.ts'

const { render } = duckdbDialect

/**
 * Reads a CSV file into a table that exists. Every field is read as text and cast here, so that the rules of null are
 * dbt's and not the engine's: empty and `null`, in any case and with white space around, quoted or not. In a file of
 * one column an empty value is no row: DuckDB does not tell it from an empty line.
 */
export function loadSql(statement: LoadStatement): string {
  const names = statement.columns.map((column) => quote(column.name)).join(', ')
  return [
    `insert into ${render(statement.relation)} (${names})`,
    'select',
    statement.columns.map((column) => `  ${castField(column)}`).join(',\n'),
    `from read_csv(${[stringLiteral(statement.path), ...options(statement)].join(', ')})`,
    ...(statement.columns.length === 1 ? [`where ${names} is not null`] : []),
  ].join('\n')
}

function options(statement: LoadStatement): readonly string[] {
  const columns = statement.columns.map((column) => `${stringLiteral(column.name)}: 'VARCHAR'`).join(', ')
  return [
    'auto_detect = false',
    'header = true',
    `delim = ${stringLiteral(statement.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    // Otherwise DuckDB refuses a file whose lines end in different ways, as editors and version control make them.
    'strict_mode = false',
    `columns = {${columns}}`,
  ]
}

function castField(column: ColumnDefinition): string {
  const field = quote(column.name)
  return `cast(if(regexp_full_match(${field}, '\\s*(null)?\\s*', 'i'), null, ${field}) as ${column.type})`
}

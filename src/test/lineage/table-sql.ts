import type { OracleTable, Row } from './oracle-data.ts'

/** Makes a table anew, with these rows. Values are texts, which the engine casts. */
export function creation(
  { name, columns }: OracleTable,
  { rows, isTemporary }: { readonly rows: readonly Row[]; readonly isTemporary: boolean },
): string {
  const typed = columns.map((column) => `"${column.name.replaceAll('"', '""')}" ${column.type}`).join(', ')
  const made = `drop table if exists ${name};\ncreate ${isTemporary ? 'temporary ' : ''}table ${name} (${typed})`
  return rows.length === 0 ? made : `${made};\n${insertion(name, rows)}`
}

function insertion(name: string, rows: readonly Row[]): string {
  const written = rows.map((row) => `(${row.map(literal).join(', ')})`)
  return `insert into ${name} values ${written.join(', ')}`
}

function literal(cell: string | null): string {
  return cell === null ? 'null' : `'${cell.replaceAll("'", "''")}'`
}

import type { Connection } from '../adapters/adapter.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { SqlValue } from '../sql/value.ts'
import { type StateTable, stateColumns, stateTable } from './tables.ts'

/** A row of a state table, by the names of its columns. */
export type Row = Readonly<Record<string, SqlValue>>

/** The rows of a state table; `clauses` is what stands behind its name in the query, all rows when there is nothing. */
export async function readRows(
  connection: Connection,
  dialect: Dialect,
  table: StateTable,
  clauses = '',
): Promise<readonly Row[]> {
  const columns = stateColumns(table)
  const names = columns.map((column) => dialect.quote(column)).join(', ')
  const { rows } = await connection.query(`select ${names} from ${stateTable(dialect, table)} ${clauses}`.trimEnd())
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])))
}

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { LoadStatement } from '../../sql/statement.ts'
import { copyPieces } from './copy-text.ts'
import { postgresDialect } from './dialect.ts'
import { quote } from './literals.ts'

/**
 * Loads a CSV file into a table that exists, by one COPY: while the server takes one piece, the next is read. Returns the
 * number of rows. Fails with the driver's error, or as reading fails.
 */
export async function copyFile(
  client: pg.Client,
  { path, relation, columns, delimiter }: LoadStatement,
): Promise<number> {
  const { from } = await import('pg-copy-streams')
  const names = columns.map((column) => quote(column.name)).join(', ')
  const forced = columns.length > 1 ? `, force_null (${names})` : ''
  const target = postgresDialect.render(relation)
  const copy = client.query(from(`copy ${target} (${names}) from stdin with (format csv, null ''${forced})`))
  await pipeline(Readable.from(copyPieces(path, delimiter), { objectMode: true, highWaterMark: 2 }), copy)
  return copy.rowCount
}

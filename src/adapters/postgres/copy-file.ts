import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { LoadStatement } from '../../sql/statement.ts'
import { copyText } from './copy-text.ts'
import { postgresDialect } from './dialect.ts'
import { quote } from './literals.ts'

/** How much of the text goes into one message: enough for few round trips, little enough for even memory. */
const CHUNK = 256 * 1024

/** Loads a CSV file into a table that exists, by one COPY. Returns the number of rows. Fails with the driver's error. */
export async function copyFile(client: pg.Client, statement: LoadStatement): Promise<number> {
  const { from } = await import('pg-copy-streams')
  const text = copyText((await readFile(statement.path)).toString('utf8'), statement)
  const names = statement.columns.map((column) => quote(column.name)).join(', ')
  const forced = statement.columns.length > 1 ? `, force_null (${names})` : ''
  const target = postgresDialect.render(statement.relation)
  const copy = client.query(from(`copy ${target} (${names}) from stdin with (format csv, null ''${forced})`))
  await pipeline(Readable.from(chunksOf(text)), copy)
  return copy.rowCount
}

function* chunksOf(text: string): Generator<Buffer> {
  for (let start = 0; start < text.length; start += CHUNK) yield Buffer.from(text.slice(start, start + CHUNK))
}

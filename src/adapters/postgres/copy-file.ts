import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { LoadStatement } from '../../sql/statement.ts'
import { copyDelimiter, copyPieces, plainPieces } from './copy-text.ts'
import { postgresDialect } from './dialect.ts'
import { quote, stringLiteral } from './literals.ts'

/** From this size on two sessions share a file: the server's work on it is what takes the time, and a session is one process. */
const SHARED_BYTES = 8 * 1024 * 1024

/** Whether a file is large enough for a second session. False for one that cannot be read. */
export async function isWorthSharing({ path }: LoadStatement): Promise<boolean> {
  const status = await stat(path).catch(() => undefined)
  return status !== undefined && status.size >= SHARED_BYTES
}

/** The rows of a file, from which several sessions take: each piece goes to the one that asks first. */
export function piecesOf({ path, delimiter, isPlain }: LoadStatement): AsyncGenerator<Buffer> {
  return isPlain ? plainPieces(path) : copyPieces(path, delimiter)
}

/**
 * Fills a table that exists by one COPY: while the server takes one piece, the next is read. Returns the number of rows.
 * Fails with the driver's error, or as reading fails; nobody gets any more pieces then.
 */
export async function copyRows(
  client: pg.Client,
  pieces: AsyncGenerator<Buffer>,
  { relation, columns, delimiter, isPlain = false }: LoadStatement,
): Promise<number> {
  const { from } = await import('pg-copy-streams')
  const names = columns.map((column) => quote(column.name)).join(', ')
  const options = [
    'format csv',
    "null ''",
    `delimiter ${stringLiteral(copyDelimiter(delimiter))}`,
    // A file without quotes has no empty fields in quotes.
    ...(columns.length > 1 && !isPlain ? [`force_null (${names})`] : []),
  ]
  const target = postgresDialect.render(relation)
  const copy = client.query(from(`copy ${target} (${names}) from stdin with (${options.join(', ')})`))
  await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 2 }), copy)
  return copy.rowCount
}

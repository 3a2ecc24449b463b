import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { FilesStatement } from '../../sql/statement.ts'
import type { ColumnInfo } from '../adapter.ts'
import type { FileReader, FileType, OpenFiles, PlainFileKind } from '../file-reader.ts'
import { postgresDialect } from './dialect.ts'
import { quote } from './literals.ts'

/** How many parts of the text wait for the server: enough that the reader and the server work at the same time. */
const PARTS_AHEAD = 4

/**
 * Makes a table of the rows of files, by one COPY that takes them as they are read: memory does not grow with the files.
 * The table is not logged, because nobody needs it after a crash. Returns the number of rows. Fails with a `DatabaseError`
 * of the reader's or the driver's error; the table may be there then.
 */
export async function loadFiles(client: pg.Client, reader: FileReader, statement: FilesStatement): Promise<number> {
  const { from } = await import('pg-copy-streams')
  const files = await reader.open(statement.external, statement.columns)
  try {
    const columns = columnsOf(files).map(({ name, type }) => `  ${quote(name)} ${type}`)
    const target = postgresDialect.render(statement.relation)
    const kind = statement.lifetime === 'connection' ? 'temporary' : 'unlogged'
    await client.query(`create ${kind} table ${target} (\n${columns.join(',\n')}\n)`)
    const copy = client.query(from(`copy ${target} from stdin with (format csv, null '')`))
    await pipeline(Readable.from(files.rows(), { highWaterMark: PARTS_AHEAD }), copy)
    return copy.rowCount
  } finally {
    await files.close()
  }
}

/** The columns of the table that `loadFiles` would make. */
export async function describeFiles(
  reader: FileReader,
  { external, columns }: Pick<FilesStatement, 'external' | 'columns'>,
): Promise<readonly ColumnInfo[]> {
  const files = await reader.open(external, columns)
  try {
    return columnsOf(files)
  } finally {
    await files.close()
  }
}

function columnsOf({ columns }: OpenFiles): readonly ColumnInfo[] {
  return columns.map(({ name, type }) => ({ name, type: typeName(type) }))
}

/** Where the name is another. */
const NAMES: Partial<Readonly<Record<PlainFileKind, string>>> = {
  double: 'double precision',
  bytes: 'bytea',
  bits: 'bit varying',
}

function typeName(type: FileType): string {
  if (type.kind === 'list') return `${typeName(type.element)}[]`
  if (type.kind === 'decimal') return `numeric(${type.precision},${type.scale})`
  return NAMES[type.kind] ?? type.kind
}

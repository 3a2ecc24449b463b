import type { ParquetInput, ParquetType } from '../parquet-writer.ts'
import { databaseError } from './errors.ts'
import { quote, stringLiteral } from './literals.ts'
import { IN_MEMORY } from './options.ts'

/** The longest line that is taken, in bytes. */
const LONGEST_LINE = 64 * 1024 * 1024

/** Reads the rows and writes the file by a DuckDB in memory that holds no data of its own. */
export async function writeParquet({ path, csvPath, columns }: ParquetInput): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(IN_MEMORY, { threads: '1' })
  const connection = await instance.connect()
  const typed = columns.map(({ type }, index) => `'column_${index + 1}': ${stringLiteral(typeName(type))}`)
  const named = columns.map(({ name }, index) => `column_${index + 1} as ${quote(name)}`)
  const options = [
    `columns = {${["'row': 'varchar'", ...typed].join(', ')}}`,
    "auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''",
    `allow_quoted_nulls = false, parallel = false, max_line_size = ${LONGEST_LINE}`,
  ]
  const source = `read_csv(${stringLiteral(csvPath)}, ${options.join(', ')})`
  const sql = `copy (select ${named.join(', ')} from ${source}) to ${stringLiteral(path)} (format parquet)`
  try {
    await connection.run(sql)
  } catch (error) {
    throw databaseError(error, sql)
  } finally {
    connection.disconnectSync()
    instance.closeSync()
  }
}

function typeName(type: ParquetType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision}, ${type.scale})`
    case 'text':
      return 'varchar'
    default:
      return type.kind
  }
}

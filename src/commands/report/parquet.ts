import type { Connection } from '../../adapters/adapter.ts'
import type { ParquetType, WriteParquet } from '../../adapters/parquet-writer.ts'
import type { ShownColumn } from '../../compile/panel-columns.ts'
import { csvLine } from '../../report/rows/csv.ts'
import { Decimal, type SqlValue } from '../../sql/value.ts'
import type { World } from '../flags.ts'
import { Destination } from './destination.ts'
import { untilAborted } from './until-aborted.ts'

/** The most digits that a decimal of Parquet's readers has. */
const MOST_DIGITS = 38

/** Writes the rows of a query to a Parquet file: by the engine, or, where it writes no files, by the embedded one. */
export async function writeParquetFile(
  connection: Connection,
  sql: string,
  path: string,
  by: { readonly columns: readonly ShownColumn[]; readonly writeParquet: WriteParquet; readonly world: World },
): Promise<void> {
  if (connection.writeParquet) return await connection.writeParquet(sql, path)
  const { columns, writeParquet, world } = by
  const rows = await Destination.make(world, undefined)
  try {
    const widths = columns.map(() => ({ whole: 1, scale: 0, isExact: true }))
    for await (const part of untilAborted(connection.stream(sql), world.signal)) {
      for (const row of part.rows) for (const [at, value] of row.entries()) widen(widths[at]!, value)
      await rows.write(part.rows.map((row) => csvLine(['1', ...row])).join(''))
    }
    const typed = columns.map((column, at) => ({ name: column.name, type: parquetType(column, widths[at]!) }))
    await rows.write('')
    await writeParquet({ path, csvPath: rows.path, columns: typed })
  } finally {
    await rows.remove()
  }
}

/** The digits that the decimals of a column take, before and behind the point. */
interface Width {
  whole: number
  scale: number
  /** False where one of them is no number, such as `NaN`. */
  isExact: boolean
}

function widen(width: Width, value: SqlValue): void {
  if (!(value instanceof Decimal)) return
  const [, whole = '', fraction = ''] = /^-?(\d+)(?:\.(\d+))?$/.exec(value.digits) ?? []
  if (whole === '') width.isExact = false
  width.whole = Math.max(width.whole, whole.length)
  width.scale = Math.max(width.scale, fraction.length)
}

/** A decimal has the size of its type, or, where that says none, the one that its values take. What does not fit is text. */
function parquetType({ kind, type, masked }: ShownColumn, width: Width): ParquetType {
  if (masked !== undefined) return { kind: 'text' }
  switch (kind) {
    case 'integer':
      return { kind: 'bigint' }
    case 'float':
      return { kind: 'double' }
    case 'boolean':
    case 'date':
      return { kind }
    case 'timestamp':
      return { kind: /with time zone/i.test(type) ? 'timestamp with time zone' : 'timestamp' }
    case 'decimal':
      return decimalType(type, width)
    default:
      return { kind: 'text' }
  }
}

function decimalType(type: string, { whole, scale, isExact }: Width): ParquetType {
  const [, precision, declaredScale = '0'] = /\((\d+)(?:,(\d+))?\)/.exec(type) ?? []
  const digits = precision === undefined ? whole + scale : Number(precision)
  if (!isExact || digits > MOST_DIGITS) return { kind: 'text' }
  return { kind: 'decimal', precision: digits, scale: precision === undefined ? scale : Number(declaredScale) }
}

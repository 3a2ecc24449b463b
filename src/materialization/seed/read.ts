import { readFile } from 'node:fs/promises'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { stopOnErrors, UserError } from '../../diagnostics/errors.ts'
import type { Seed } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { SourceFile } from '../../text/source-file.ts'
import type { SeedShape } from '../materialization.ts'
import { type ColumnOptions, inferColumns, misfits } from './columns.ts'
import { parseCsv } from './csv.ts'
import { decodeSeed } from './decode.ts'
import { typeOfNothing, unreadable } from './problems.ts'
import { scanSeed } from './scan.ts'

/**
 * Reads the CSV file of a seed and says what it holds. Throws `UserError` with the places in the file: rows with too
 * many or too few fields, quotes, encoding, header, values that are not of their declared type.
 */
export async function readSeed(seed: Seed, dialect: Dialect): Promise<SeedShape> {
  const scanned = await scanSeed(seed.csvPath, seed.config.delimiter ?? ',', columnOptions(seed, dialect)).catch(
    (cause: unknown) => failReading(seed, cause),
  )
  const shape = scanned ?? seedShape(seed, decodeSeed(await readBytes(seed), seed.file.path), dialect)
  stopOnErrors(typesOfNothing(seed, shape))
  return shape
}

/** Types of columns that the seed does not have. Those of the project file are for many seeds and need not all be in each. */
function typesOfNothing(seed: Seed, { columns }: SeedShape): readonly Diagnostic[] {
  const place = seed.configPlaces.get('column_types')
  if (place === undefined || /^(dbt_)?project\.yml$/.test(place.file.path)) return []
  const names = columns.map((column) => column.name)
  const known = new Set(names.map((name) => name.toLowerCase()))
  return Object.keys(seed.config.column_types)
    .filter((name) => !known.has(name.toLowerCase()))
    .map((name) => typeOfNothing(name, seed.name, place, names))
}

/** The same for a file that was read already. */
export function seedShape(seed: Pick<Seed, 'config'>, file: SourceFile, dialect: Dialect): SeedShape {
  const { table, diagnostics } = parseCsv(file, seed.config.delimiter)
  stopOnErrors(diagnostics)
  const options = columnOptions(seed, dialect)
  stopOnErrors(misfits(table, options))
  return { columns: inferColumns(table, options) }
}

function columnOptions({ config }: Pick<Seed, 'config'>, dialect: Dialect): ColumnOptions {
  return { dialect, columnTypes: config.column_types, quoteColumns: config.quote_columns ?? false }
}

async function readBytes(seed: Seed): Promise<Uint8Array> {
  return await readFile(seed.csvPath).catch((cause: unknown) => failReading(seed, cause))
}

function failReading(seed: Seed, cause: unknown): never {
  throw new UserError(unreadable(seed.file.path, cause instanceof Error ? cause.message : String(cause)), { cause })
}

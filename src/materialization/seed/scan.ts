import { isUtf8 } from 'node:buffer'
import type { ColumnDefinition } from '../../sql/column-definition.ts'
import { readBlocks } from '../../text/blocks.ts'
import { CsvRecords, INCOMPLETE, isNullField, MALFORMED } from '../../text/csv-records.ts'
import type { SeedShape } from '../materialization.ts'
import { type ColumnOptions, columnName, declaredType, INFERRED_TYPES } from './columns.ts'
import { quickFit, quickTypes, UNSURE } from './quick-values.ts'
import { fits } from './values.ts'

const BLOCK = 256 * 1024

/**
 * What a seed holds, read from the bytes of its file in one pass with little memory. Undefined for a file with which
 * anything is wrong: the text is then read as a whole, which finds the places. Fails as reading fails.
 */
export async function scanSeed(
  path: string,
  delimiter: string,
  options: ColumnOptions,
): Promise<SeedShape | undefined> {
  const records = new CsvRecords(delimiter)
  let columns: readonly ScannedColumn[] | undefined
  let isPlain = Buffer.byteLength(delimiter) === 1
  let hasRows = false
  let isWrong = false
  const scan = (bytes: Buffer, isLast: boolean): number => {
    let offset = 0
    while (offset < bytes.length) {
      const next = records.read(bytes, offset, isLast)
      if (next === INCOMPLETE) break
      if (next === MALFORMED) return wrong()
      if (columns === undefined) {
        columns = columnsOf(bytes, records, options)
        if (columns === undefined) return wrong()
        isPlain &&= records.endsPlainly
      } else {
        if (!records.isBlank && !takeRecord(columns, bytes, records)) return wrong()
        isPlain &&= records.isPlain(bytes)
        hasRows = true
      }
      offset = next
    }
    return isUtf8(bytes.subarray(0, offset)) ? offset : wrong()
  }
  const wrong = () => {
    isWrong = true
    return 0
  }
  for await (const _ of readBlocks(path, BLOCK, ({ bytes, isLast }) => scan(bytes, isLast), true)) {
    if (isWrong) return undefined
  }
  if (columns === undefined) return undefined
  return { columns: columns.map((column) => definitionOf(column, options)), isPlain: isPlain && hasRows }
}

interface ScannedColumn {
  readonly name: string
  readonly declared: string | undefined
  /** For a declared type whose values are judged. */
  readonly isGood: ((bytes: Buffer, start: number, end: number, holdsQuotes: boolean) => boolean) | undefined
  /** The types that all values so far have: a bit for each of `INFERRED_TYPES`. */
  possible: number
}

function definitionOf({ name, declared, possible }: ScannedColumn, options: ColumnOptions): ColumnDefinition {
  const inferred = INFERRED_TYPES[lowestBit(possible)]?.[0] ?? 'text'
  return { name: columnName(name, options), type: declared ?? options.dialect.seedTypes[inferred] }
}

/** The columns that the header names; undefined where something is wrong with it. */
function columnsOf(bytes: Buffer, records: CsvRecords, options: ColumnOptions): readonly ScannedColumn[] | undefined {
  if (records.isBlank) return undefined
  const names = Array.from({ length: records.count }, (_, index) => textOf(bytes, records, index))
  const distinct = new Set(names.map((name) => name.toLowerCase()))
  if (distinct.size < names.length || names.some((name) => name.trim() === '')) return undefined
  return names.map((name) => {
    const declared = declaredType(name, options)
    return {
      name,
      declared,
      isGood: declared === undefined ? undefined : judgeOf(declared),
      possible: declared === undefined ? ALL_TYPES : 0,
    }
  })
}

const ALL_TYPES = 2 ** INFERRED_TYPES.length - 1

function judgeOf(type: string): ScannedColumn['isGood'] {
  const judge = fits(type)
  if (judge === undefined) return undefined
  const quick = quickFit(type)
  return (bytes, start, end, holdsQuotes) =>
    quick(bytes, start, end) || isNullField(bytes, start, end) || judge(fieldText(bytes, start, end, holdsQuotes))
}

/** Narrows what the columns can be by the values of a record. False where the record does not fit them. */
function takeRecord(columns: readonly ScannedColumn[], bytes: Buffer, records: CsvRecords): boolean {
  const { count, starts, ends, holdsQuotes, quoted } = records
  if (count !== columns.length) return false
  for (let index = 0; index < count; index += 1) {
    const column = columns[index]!
    const start = starts[index]!
    const end = ends[index]!
    if (column.possible !== 0) {
      if (start === end) continue
      const quick = quickTypes(bytes, start, end)
      if (quick !== UNSURE) column.possible &= quick
      else if (!isNullField(bytes, start, end)) column.possible &= typesOf(textOf(bytes, records, index))
    } else if (column.isGood && !column.isGood(bytes, start, end, quoted[index] === 1 && holdsQuotes[index] === 1)) {
      return false
    }
  }
  return true
}

function typesOf(text: string): number {
  let types = 0
  for (const [bit, [, isOfType]] of INFERRED_TYPES.entries()) if (isOfType(text)) types |= 1 << bit
  return types
}

function textOf(bytes: Buffer, { starts, ends, quoted, holdsQuotes }: CsvRecords, index: number): string {
  return fieldText(bytes, starts[index]!, ends[index]!, quoted[index] === 1 && holdsQuotes[index] === 1)
}

function fieldText(bytes: Buffer, start: number, end: number, hasDoubledQuotes: boolean): string {
  const text = bytes.toString('utf8', start, end)
  return hasDoubledQuotes ? text.replaceAll('""', '"') : text
}

/** The first type that is left; past the last where none is. */
function lowestBit(types: number): number {
  return types === 0 ? INFERRED_TYPES.length : 31 - Math.clz32(types & -types)
}

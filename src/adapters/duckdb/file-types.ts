import type { FileType, PlainFileKind } from '../file-reader.ts'

const KINDS: Readonly<Record<string, PlainFileKind>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'smallint',
  UTINYINT: 'smallint',
  SMALLINT: 'smallint',
  USMALLINT: 'integer',
  INTEGER: 'integer',
  UINTEGER: 'bigint',
  BIGINT: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double',
  DATE: 'date',
  TIME: 'time',
  TIME_NS: 'time',
  'TIME WITH TIME ZONE': 'time with time zone',
  TIMESTAMP: 'timestamp',
  TIMESTAMP_S: 'timestamp',
  TIMESTAMP_MS: 'timestamp',
  TIMESTAMP_NS: 'timestamp',
  'TIMESTAMP WITH TIME ZONE': 'timestamp with time zone',
  INTERVAL: 'interval',
  BLOB: 'bytes',
  BIT: 'bits',
  UUID: 'uuid',
  JSON: 'json',
}

/** Whole numbers of more than 64 bits are decimals of as many digits as their greatest value. */
const DIGITS: Readonly<Record<string, number>> = { UBIGINT: 20, HUGEINT: 39, UHUGEINT: 39 }

/** What a column of DuckDB's holds, by the name of its type. What is like nothing else, such as an enum, is text. */
export function fileTypeOf(type: string): FileType {
  const element = elementOf(type)
  if (element !== undefined) return listOf(fileTypeOf(element))
  if (/^(?:STRUCT|MAP|UNION)\(/.test(type)) return { kind: 'json' }
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type)
  if (decimal) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) }
  const precision = DIGITS[type]
  if (precision !== undefined) return { kind: 'decimal', precision, scale: 0 }
  return { kind: KINDS[type] ?? 'text' }
}

/** `INTEGER[]` and `INTEGER[3]` are lists of `INTEGER`. */
function elementOf(type: string): string | undefined {
  return /^([\s\S]*)\[\d*\]$/.exec(type)?.[1]
}

function listOf(element: FileType): FileType {
  return element.kind === 'list' || element.kind === 'json' ? { kind: 'json' } : { kind: 'list', element }
}

/** A SQL expression for what DuckDB writes of a value of a type. */
export function writtenValue(value: string, type: string): string {
  const { kind } = fileTypeOf(type)
  return kind === 'bytes' || kind === 'list' || kind === 'json' ? textOf(value, type) : value
}

function textOf(value: string, type: string): string {
  const { kind } = fileTypeOf(type)
  if (kind === 'bytes') return `'\\x' || hex(${value})`
  if (kind === 'list') return listText(value, elementOf(type)!)
  // JSON is a text already: made anew, it would lose the zeros of `1.10`.
  if (kind === 'json' && type !== 'JSON') return `cast(to_json(${value}) as varchar)`
  return `cast(${value} as varchar)`
}

function listText(value: string, elementType: string): string {
  const escaped = `replace(replace(${textOf('element', elementType)}, '\\', '\\\\'), '"', '\\"')`
  const item = `coalesce('"' || ${escaped} || '"', 'NULL')`
  return `'{' || array_to_string(list_transform(${value}, lambda element: ${item}), ',') || '}'`
}

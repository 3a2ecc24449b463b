/** Whole numbers with the bits they need, signed and unsigned. */
const SIGNED: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INTEGER: 32, BIGINT: 64, HUGEINT: 128 }
const UNSIGNED: Readonly<Record<string, number>> = {
  UTINYINT: 8,
  USMALLINT: 16,
  UINTEGER: 32,
  UBIGINT: 64,
  UHUGEINT: 128,
}
/** Digits before the point that hold every value of a whole-number type. */
const DIGITS: Readonly<Record<number, number>> = { 8: 3, 16: 5, 32: 10, 64: 20, 128: 39 }

/** Names that DuckDB takes for its own types; `describe` always gives the type's first name. */
const ALIASES: Readonly<Record<string, string>> = {
  INT: 'INTEGER',
  INT1: 'TINYINT',
  INT2: 'SMALLINT',
  INT4: 'INTEGER',
  INT8: 'BIGINT',
  LONG: 'BIGINT',
  SHORT: 'SMALLINT',
  SIGNED: 'INTEGER',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  CHAR: 'VARCHAR',
  BPCHAR: 'VARCHAR',
  REAL: 'FLOAT',
  FLOAT4: 'FLOAT',
  FLOAT8: 'DOUBLE',
  BOOL: 'BOOLEAN',
  LOGICAL: 'BOOLEAN',
  DATETIME: 'TIMESTAMP',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
  NUMERIC: 'DECIMAL(18,3)',
  DECIMAL: 'DECIMAL(18,3)',
}

/** True when every value of `from` is a value of `to`, digit for digit. Equal types can be widened to each other. */
export function canWiden(from: string, to: string): boolean {
  const [source, target] = [normalize(from), normalize(to)]
  if (source === target) return true
  if (target === 'VARCHAR') return /^(ENUM\(|UUID$|JSON$)/.test(source)
  if (source === 'FLOAT') return target === 'DOUBLE'
  if (source === 'DATE') return target === 'TIMESTAMP'
  if (source === 'TIMESTAMP_S') return ['TIMESTAMP_MS', 'TIMESTAMP'].includes(target)
  if (source === 'TIMESTAMP_MS') return target === 'TIMESTAMP'
  return widensDecimal(source, target) || widensInteger(source, target)
}

function widensInteger(source: string, target: string): boolean {
  const bits = SIGNED[source] ?? UNSIGNED[source]
  if (bits === undefined) return false
  const decimal = decimalOf(target)
  if (decimal) return decimal.precision - decimal.scale >= DIGITS[bits]!
  if (target === 'DOUBLE') return bits <= 32
  if (target === 'FLOAT') return bits <= 16
  if (source in SIGNED) return bits < (SIGNED[target] ?? 0)
  return bits < Math.max(UNSIGNED[target] ?? 0, SIGNED[target] ?? 0)
}

function widensDecimal(source: string, target: string): boolean {
  const [from, to] = [decimalOf(source), decimalOf(target)]
  if (!from || !to) return false
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
}

function decimalOf(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined
}

function normalize(type: string): string {
  const name = type
    .trim()
    .toUpperCase()
    .replace(/\s*([(,)])\s*/g, '$1')
  const decimal = /^(?:NUMERIC|DECIMAL)\((\d+)(?:,(\d+))?\)$/.exec(name)
  if (decimal) return `DECIMAL(${decimal[1]},${decimal[2] ?? 0})`
  return ALIASES[name.replace(/^(VARCHAR|CHAR|TEXT)\(\d+\)$/, 'VARCHAR')] ?? name.replace(/^VARCHAR\(\d+\)$/, 'VARCHAR')
}

/** Bits of the whole-number types, by the names that `format_type` gives. */
const BITS: Readonly<Record<string, number>> = { smallint: 16, integer: 32, bigint: 64 }
/** Digits before the point that hold every value of a whole-number type. */
const DIGITS: Readonly<Record<number, number>> = { 16: 5, 32: 10, 64: 19 }

const ALIASES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  decimal: 'numeric',
  float4: 'real',
  float8: 'double precision',
  float: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  char: 'character(1)',
  bpchar: 'character',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
}

/** True when every value of `from` is a value of `to`, digit for digit. Equal types can be widened to each other. */
export function canWiden(from: string, to: string): boolean {
  const [source, target] = [normalType(from), normalType(to)]
  if (source === target) return true
  if (target === 'text' || target === 'character varying') return isText(source)
  const [sourceLength, targetLength] = [lengthOf(source), lengthOf(target)]
  if (targetLength !== undefined) return sourceLength !== undefined && sourceLength <= targetLength
  if (source === 'real') return target === 'double precision'
  if (source === 'date') return target === 'timestamp without time zone'
  return widensInteger(source, target) || widensNumeric(source, target)
}

function isText(type: string): boolean {
  return type === 'text' || type === 'uuid' || type.startsWith('character varying')
}

function lengthOf(type: string): number | undefined {
  const match = /^character varying\((\d+)\)$/.exec(type)
  return match ? Number(match[1]) : undefined
}

function widensInteger(source: string, target: string): boolean {
  const bits = BITS[source]
  if (bits === undefined) return false
  if (target === 'numeric') return true
  if (target === 'double precision') return bits <= 32
  if (target === 'real') return bits <= 16
  const numeric = numericOf(target)
  if (numeric) return numeric.precision - numeric.scale >= DIGITS[bits]!
  return bits < (BITS[target] ?? 0)
}

function widensNumeric(source: string, target: string): boolean {
  const [from, to] = [numericOf(source), numericOf(target)]
  if (!from) return false
  if (target === 'numeric') return true
  return to !== undefined && to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale
}

function numericOf(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const match = /^numeric\((\d+)(?:,(-?\d+))?\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2] ?? 0) } : undefined
}

/** A type by the name that `format_type` gives it: `varchar( 10 )` is `character varying(10)`. */
export function normalType(type: string): string {
  const name = type
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/ ?([(,)]) ?/g, '$1')
  const match = /^([a-z0-9 ]+?)(\([\d,-]+\))?((?:\[\])*)$/.exec(name)
  if (!match) return name
  const [, base = '', modifier = '', brackets = ''] = match
  const zoned = /^(time|timestamp)(\(\d\))?( with(?:out)? time zone)?$/.exec(name)
  if (zoned) return `${zoned[1]}${zoned[2] ?? ''}${zoned[3] ?? ' without time zone'}`
  return `${ALIASES[base] ?? base}${numericModifier(base, modifier)}${brackets}`
}

/** `numeric(10)` is `numeric(10,0)`. */
function numericModifier(base: string, modifier: string): string {
  const isNumeric = base === 'numeric' || base === 'decimal'
  return isNumeric && /^\(\d+\)$/.test(modifier) ? modifier.replace(')', ',0)') : modifier
}

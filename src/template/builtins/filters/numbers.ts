import { raise } from '../../errors.ts'
import { add, integer } from '../../values/arithmetic.ts'
import { float, WholeFloat } from '../../values/float.ts'
import { fixedText } from '../../values/format-spec.ts'
import { HostObject } from '../../values/host-object.ts'
import { iterate } from '../../values/iterate.ts'
import { integerArgument } from '../../values/methods/list.ts'
import { truthy } from '../../values/truth.ts'
import { isFloat, isInteger, numberOf, typeName } from '../../values/types.ts'
import { Undefined } from '../../values/undefined.ts'
import { attributeGetter } from './attribute.ts'
import { type FilterTable, filter } from './filter.ts'

/** Filters of numbers. */
export const NUMBER_FILTERS: FilterTable = [
  ['int', filter(['default', 'base'], toInteger)],
  ['float', filter(['default'], toFloat)],
  ['abs', filter([], absolute)],
  ['round', filter(['precision', 'method'], round)],
  ['sum', filter(['attribute', 'start'], sum)],
  ['filesizeformat', filter(['binary'], fileSize)],
]

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** The number that a value stands for, host objects included. */
function numberFrom(value: unknown): number | bigint | undefined {
  if (value instanceof Undefined) value.fail()
  return value instanceof HostObject ? value.toNumber() : numberOf(value)
}

function toInteger(value: unknown, fallback: unknown = 0, base: unknown = 10): unknown {
  if (typeof value === 'string') return integerFromText(value.trim(), integerArgument(base)) ?? fallback
  const number = numberFrom(value)
  if (number === undefined) return fallback
  if (typeof number === 'bigint') return number
  return Number.isFinite(number) ? truncate(number) : fallback
}

function integerFromText(text: string, base: number): number | bigint | undefined {
  const digits = text.replace(/(?<=\w)_(?=\w)/g, '')
  if (base !== 10) return integerInBase(digits, base)
  if (/^[+-]?\d+$/.test(digits)) return integer(BigInt(digits.replace(/^\+/, '')))
  return DECIMAL.test(digits) ? truncate(Number(digits)) : undefined
}

function integerInBase(digits: string, base: number): number | undefined {
  const plain = digits.replace(/^([+-]?)0[xob]/i, '$1')
  const number = Number.parseInt(plain, base)
  return Number.isNaN(number) || number.toString(base) !== plain.toLowerCase().replace(/^\+?0*(?=.)/, '')
    ? undefined
    : number
}

function truncate(number: number): number | bigint {
  const whole = Math.trunc(number)
  return Number.isSafeInteger(whole) ? (whole === 0 ? 0 : whole) : BigInt(whole)
}

function toFloat(value: unknown, fallback: unknown = float(0)): unknown {
  if (typeof value === 'string') return floatFromText(value.trim().replace(/(?<=\d)_(?=\d)/g, '')) ?? fallback
  const number = numberFrom(value)
  return number === undefined ? fallback : float(Number(number))
}

function floatFromText(text: string): unknown {
  if (DECIMAL.test(text)) return float(Number(text))
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  if (!/^[+-]?inf(?:inity)?$/i.test(text)) return undefined
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function absolute(value: unknown): unknown {
  if (value instanceof WholeFloat) return float(Math.abs(value.value))
  const number = numberFrom(value) ?? raise('TypeError', `bad operand type for abs(): '${typeName(value)}'`)
  if (!(value instanceof HostObject)) return number < 0 ? -number : number
  return Number(number) < 0 ? value.negate() : value
}

function round(value: unknown, precision: unknown = 0, method: unknown = 'common'): unknown {
  if (method !== 'common' && method !== 'ceil' && method !== 'floor') {
    raise('FilterArgumentError', 'method must be common, ceil or floor')
  }
  const number = numberFrom(value) ?? raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`)
  const digits = integerArgument(precision)
  if (method !== 'common') {
    const scale = 10 ** digits
    return float((method === 'ceil' ? Math.ceil : Math.floor)(Number(number) * scale) / scale)
  }
  if (isInteger(value) && digits >= 0) return value
  const rounded = roundHalfEven(Number(number), digits)
  return isFloat(value) || value instanceof HostObject ? float(rounded) : rounded
}

/**
 * Python rounds the exact binary value, and exact halves to the even neighbour. `toFixed` looks at the exact value too,
 * but takes halves away from zero; a half is exact only where few binary digits are left, which doubling shows.
 */
function roundHalfEven(number: number, digits: number): number {
  if (!Number.isFinite(number)) return number
  if (digits > 0) {
    const text = fixedText(Math.abs(number), Math.min(digits, 100))
    const sign = number < 0 ? -1 : 1
    return sign * (isExactHalf(number, digits) ? evenNeighbour(Math.abs(number), digits) : Number(text))
  }
  const scale = 10 ** -digits
  const scaled = number / scale
  const floor = Math.floor(scaled)
  const rest = scaled - floor
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0)
  return (up ? floor + 1 : floor) * scale
}

function isExactHalf(number: number, digits: number): boolean {
  const text = Math.abs(number).toFixed(Math.min(100, digits + 30))
  const point = text.indexOf('.')
  return /^50*$/.test(text.slice(point + 1 + digits)) && Number(text) === Math.abs(number)
}

function evenNeighbour(size: number, digits: number): number {
  const below = size.toFixed(digits + 1).slice(0, -1)
  const isEven = Number(below.at(-1)) % 2 === 0
  return isEven ? Number(below) : Number((Number(below) + 10 ** -digits).toFixed(digits))
}

function sum(value: unknown, attribute: unknown, start: unknown = 0): unknown {
  if (typeof start === 'string') raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]")
  const get = attributeGetter(attribute)
  return iterate(value).reduce((total, item) => add(total, get(item)), start)
}

function fileSize(value: unknown, binary: unknown): string {
  const bytes = Number(toFloatNumber(value))
  const base = truthy(binary) ? 1024 : 1000
  const letters = 'kMGTPEZY'
  if (bytes === 1) return '1 Byte'
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`
  let power = 1
  while (power < letters.length && bytes >= base ** (power + 1)) power++
  const letter = letters[power - 1]!
  const unit = base === 1024 ? `${letter.toUpperCase()}iB` : `${letter}B`
  return `${((base * bytes) / base ** (power + 1)).toFixed(1)} ${unit}`
}

function toFloatNumber(value: unknown): number | bigint {
  const number = typeof value === 'string' ? Number(value) : numberFrom(value)
  return number ?? raise('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`)
}

import { raise } from '../errors.ts'
import { HostObject } from './host-object.ts'
import { floatText, str, twoDigitExponent } from './text.ts'
import { isFloat, isUndefined, numberOf, typeName } from './types.ts'
import { Undefined } from './undefined.ts'

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/su
const MOST_DIGITS = 100
const WIDEST = 1_000_000

interface Spec {
  readonly fill: string | undefined
  readonly align: string | undefined
  readonly sign: string
  readonly isAlternate: boolean
  readonly isZeroFilled: boolean
  readonly width: number
  readonly grouping: string | undefined
  readonly precision: number | undefined
  readonly type: string | undefined
}

/** `format(value, spec)` of Python: `>10`, `05.2f`, `,`. */
export function formatValue(value: unknown, spec: string): string {
  if (spec === '') return str(value)
  if (value instanceof HostObject) {
    const text = value.format(spec)
    if (text !== undefined) return text
  }
  if (isUndefined(value) && value instanceof Undefined) value.fail()
  const parsed = parseSpec(spec)
  const number = numberOf(value)
  const isNumber = number !== undefined && (typeof value !== 'boolean' || parsed.type !== undefined)
  if (isNumber) return formatNumber(value, number, parsed)
  if (parsed.type !== undefined && parsed.type !== 's') {
    raise('ValueError', `Unknown format code '${parsed.type}' for object of type '${typeName(value)}'`)
  }
  const text = parsed.precision === undefined ? str(value) : [...str(value)].slice(0, parsed.precision).join('')
  return pad(text, parsed, '<')
}

function parseSpec(spec: string): Spec {
  const match = SPEC.exec(spec) ?? raise('ValueError', `Invalid format specifier '${spec}'`)
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = match
  if (Number(width ?? 0) > WIDEST || Number(precision ?? 0) > WIDEST)
    raise('ValueError', 'Too many decimal digits in format string')
  return {
    fill,
    align,
    sign: sign ?? '-',
    isAlternate: alternate !== undefined,
    isZeroFilled: zero !== undefined,
    width: Number(width ?? 0),
    grouping,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  }
}

function formatNumber(value: unknown, number: number | bigint, spec: Spec): string {
  const isNegative = number < 0 || Object.is(number, -0)
  const sign = isNegative ? '-' : spec.sign === '-' ? '' : spec.sign
  const digits = group(magnitudeText(value, number, spec), spec)
  if (spec.align === '=' || (spec.isZeroFilled && spec.align === undefined)) {
    const fill = spec.fill ?? (spec.isZeroFilled ? '0' : ' ')
    return sign + digits.padStart(spec.width - sign.length, fill)
  }
  return pad(sign + digits, spec, '>')
}

function magnitudeText(value: unknown, number: number | bigint, spec: Spec): string {
  const size = number < 0 ? -number : number
  const real = Math.abs(Number(number))
  const precision = Math.min(spec.precision ?? 6, MOST_DIGITS)
  const isInteger = !isFloat(value)
  switch (spec.type) {
    case undefined:
      if (isInteger) return String(size)
      return spec.precision === undefined ? floatText(real) : generalText(real, precision, true)
    case 'd':
    case 'n':
      return integerText(value, size, 10, spec)
    case 'x':
      return (spec.isAlternate ? '0x' : '') + integerText(value, size, 16, spec)
    case 'X':
      return (spec.isAlternate ? '0X' : '') + integerText(value, size, 16, spec).toUpperCase()
    case 'o':
      return (spec.isAlternate ? '0o' : '') + integerText(value, size, 8, spec)
    case 'b':
      return (spec.isAlternate ? '0b' : '') + integerText(value, size, 2, spec)
    case 'c':
      return String.fromCodePoint(Number(size))
    case 'f':
    case 'F':
      return fixedText(real, precision)
    case '%':
      return `${fixedText(real * 100, precision)}%`
    case 'e':
      return twoDigitExponent(real.toExponential(precision))
    case 'E':
      return twoDigitExponent(real.toExponential(precision)).toUpperCase()
    case 'g':
      return generalText(real, precision, false)
    case 'G':
      return generalText(real, precision, false).toUpperCase()
    default:
      return raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(value)}'`)
  }
}

function integerText(value: unknown, size: number | bigint, base: number, spec: Spec): string {
  if (isFloat(value)) raise('ValueError', `Unknown format code '${spec.type}' for object of type 'float'`)
  return size.toString(base)
}

/** Digits after the point, rounded as Python does: by the exact binary value. Sizes beyond `toFixed` keep their digits. */
export function fixedText(size: number, precision: number): string {
  if (!Number.isFinite(size)) return floatText(size)
  if (size < 1e21) return size.toFixed(precision)
  return BigInt(size).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
}

/** Python's `g`: significant digits, exponent where the number is very large or small, no zeros at the end. */
function generalText(size: number, precision: number, keepsPoint: boolean): string {
  if (!Number.isFinite(size)) return floatText(size)
  const digits = Math.max(1, precision)
  const [mantissa, exponent] = size.toExponential(digits - 1).split('e') as [string, string]
  const power = Number(exponent)
  if (power < -4 || power >= digits)
    return twoDigitExponent(`${withoutEndZeros(mantissa)}e${power < 0 ? '-' : '+'}${Math.abs(power)}`)
  const text = withoutEndZeros(size.toFixed(Math.min(MOST_DIGITS, Math.max(0, digits - 1 - power))))
  return keepsPoint && !text.includes('.') ? `${text}.0` : text
}

function withoutEndZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function group(digits: string, spec: Spec): string {
  if (spec.grouping === undefined) return digits
  const [whole, ...rest] = digits.split('.')
  return [whole!.replace(/\B(?=(\d{3})+(?!\d))/g, spec.grouping), ...rest].join('.')
}

function pad(text: string, spec: Spec, naturalAlign: '<' | '>'): string {
  const missing = spec.width - [...text].length
  if (missing <= 0) return text
  const fill = spec.fill ?? (spec.isZeroFilled ? '0' : ' ')
  switch (spec.align ?? naturalAlign) {
    case '<':
      return text + fill.repeat(missing)
    case '^':
      return fill.repeat(missing >> 1) + text + fill.repeat(missing - (missing >> 1))
    default:
      return fill.repeat(missing) + text
  }
}

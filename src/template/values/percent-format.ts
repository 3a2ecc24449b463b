import { raise } from '../errors.ts'
import { Dict } from './dict.ts'
import { formatValue } from './format-spec.ts'
import { HostObject } from './host-object.ts'
import { repr, str } from './text.ts'
import { Tuple } from './tuple.ts'
import { numberOf, typeName } from './types.ts'
import { Undefined } from './undefined.ts'

const CONVERSION = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+)?)?([hlL]?)([\s\S]|$)/g

interface Conversion {
  readonly key: string | undefined
  readonly flags: string
  readonly width: string | undefined
  readonly precision: string | undefined
  readonly type: string
}

/** Python's `'%s and %d' % (a, b)` and `'%(name)s' % dict`. */
export function percentFormat(format: string, values: unknown): string {
  const source = new ValueSource(values)
  const text = format.replace(CONVERSION, (whole, key, flags, width, precision, _size, type) => {
    if (type === '%') return '%'
    if (type === '') return raise('ValueError', 'incomplete format')
    const hasPoint = whole.includes('.') && precision === undefined
    return convert({ key, flags, width, precision: hasPoint ? '0' : precision, type }, source)
  })
  source.finish()
  return text
}

/** Hands out the values one by one or by key. */
class ValueSource {
  private readonly values: unknown
  private readonly list: readonly unknown[]
  private next = 0

  constructor(values: unknown) {
    this.values = values
    this.list = values instanceof Tuple ? values.items : [values]
  }

  take(): unknown {
    if (this.next >= this.list.length) raise('TypeError', 'not enough arguments for format string')
    return this.list[this.next++]
  }

  byKey(key: string): unknown {
    if (!(this.values instanceof Dict)) return raise('TypeError', 'format requires a mapping')
    return this.values.has(key) ? this.values.get(key) : raise('KeyError', repr(key))
  }

  finish(): void {
    // What can be indexed counts as a mapping for Python, and a mapping need not be used up.
    const { values } = this
    const isMapping =
      values instanceof Dict || values instanceof HostObject || values instanceof Undefined || Array.isArray(values)
    if (!isMapping && this.next < this.list.length) {
      raise('TypeError', 'not all arguments converted during string formatting')
    }
  }
}

function convert(conversion: Conversion, source: ValueSource): string {
  const width = conversion.width === '*' ? Number(numberOf(source.take()) ?? 0) : Number(conversion.width ?? 0)
  const precision = conversion.precision === '*' ? String(source.take()) : conversion.precision
  const value = conversion.key === undefined ? source.take() : source.byKey(conversion.key)
  const text = convertedText(value, { ...conversion, precision })
  return pad(text, width, conversion)
}

function convertedText(value: unknown, { type, flags, precision }: Conversion): string {
  switch (type) {
    case 's':
      return cut(str(value), precision)
    case 'r':
    case 'a':
      return cut(repr(value), precision)
    case 'c':
      return typeof value === 'string' ? value : String.fromCodePoint(Number(realNumber(value, type)))
    case 'd':
    case 'i':
    case 'u':
      return signed(truncated(realNumber(value, type)), flags)
    case 'x':
    case 'X':
    case 'o':
      return formatValue(truncated(realNumber(value, type)), `${flags.includes('#') ? '#' : ''}${type}`)
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return formatValue(Number(realNumber(value, type)), `${signFlag(flags)}.${precision ?? '6'}${type}`)
    default:
      return raise('ValueError', `unsupported format character '${type}'`)
  }
}

function cut(text: string, precision: string | undefined): string {
  return precision === undefined ? text : [...text].slice(0, Number(precision)).join('')
}

function realNumber(value: unknown, type: string): number | bigint {
  if (value instanceof Undefined) value.fail()
  const number = value instanceof HostObject ? value.toNumber() : numberOf(value)
  if (number !== undefined) return number
  const message = 'diu'.includes(type)
    ? `%${type} format: a real number is required, not ${typeName(value)}`
    : `must be real number, not ${typeName(value)}`
  return raise('TypeError', message)
}

function truncated(number: number | bigint): number | bigint {
  return typeof number === 'bigint' ? number : Math.trunc(number)
}

function signed(number: number | bigint, flags: string): string {
  return number < 0 ? String(number) : `${signFlag(flags)}${number}`
}

function signFlag(flags: string): string {
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
}

function pad(text: string, width: number, { flags, type }: Conversion): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0') || 'src'.includes(type)) return text.padStart(width)
  const sign = /^[+\- ]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

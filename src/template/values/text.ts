import { Dict } from './dict.ts'
import { WholeFloat } from './float.ts'
import { HostObject } from './host-object.ts'
import { DictView, Lazy, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { isUndefined } from './types.ts'

/** What Python's `str(value)` gives, and what `{{ value }}` prints. */
export function str(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return String(value)
    default:
      if (isUndefined(value)) return ''
      return value instanceof HostObject ? value.str() : repr(value)
  }
}

/** What Python's `repr(value)` gives: how a value prints inside a list. */
export function repr(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'function' || typeof value === 'symbol') return '<object>'
  if (typeof value !== 'object') return isUndefined(value) ? 'Undefined' : str(value)
  if (value === null) return 'None'
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Dict) return `{${value.entries().map(entryText).join(', ')}}`
  if (value instanceof Tuple) return value.items.length === 1 ? `(${repr(value.items[0])},)` : `(${reprs(value.items)})`
  if (value instanceof WholeFloat) return floatText(value.value)
  if (value instanceof TemplateSet) return value.size === 0 ? 'set()' : `{${reprs(value.values())}}`
  if (value instanceof DictView) return `${value.typeName}([${reprs(value.items())}])`
  if (value instanceof Range) return rangeText(value)
  if (value instanceof HostObject) return value.repr()
  if (value instanceof Lazy) return '<generator object>'
  return isUndefined(value) ? 'Undefined' : '<object>'
}

function reprs(values: readonly unknown[]): string {
  return values.map(repr).join(', ')
}

function entryText([key, value]: readonly [unknown, unknown]): string {
  return `${repr(key)}: ${repr(value)}`
}

function rangeText({ start, stop, step }: Range): string {
  return step === 1 ? `range(${start}, ${stop})` : `range(${start}, ${stop}, ${step})`
}

/** A float as Python prints it: `1.0`, `1e+16`, `1e-05`, `nan`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return twoDigitExponent(value.toExponential())
  const text = Object.is(value, -0) ? '-0' : String(value)
  return Number.isInteger(value) ? `${text}.0` : text
}

/** Python writes exponents with at least two digits. */
export function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

const ESCAPED = /[\\'"\x00-\x1f\x7f-\xa0\xad]/g

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return quote + text.replace(ESCAPED, (character) => escapedCharacter(character, quote)) + quote
}

function escapedCharacter(character: string, quote: string): string {
  switch (character) {
    case '\\':
      return '\\\\'
    case '\n':
      return '\\n'
    case '\r':
      return '\\r'
    case '\t':
      return '\\t'
    case "'":
    case '"':
      return character === quote ? `\\${character}` : character
    default:
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  }
}

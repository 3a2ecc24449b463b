import { raise } from '../errors.ts'
import { sorted } from './compare.ts'
import { Dict } from './dict.ts'
import { HostObject } from './host-object.ts'
import { mappingEntries } from './iterate.ts'
import { floatText, str } from './text.ts'
import { Tuple } from './tuple.ts'
import { isInteger, numberOf, typeName } from './types.ts'

export interface JsonTextOptions {
  readonly indent?: number | undefined
  readonly sortsKeys?: boolean
}

/** JSON as Python's `json.dumps` writes it: `", "` and `": "` between things, everything beyond ASCII escaped. */
export function toJsonText(value: unknown, options: JsonTextOptions = {}): string {
  return jsonText(value, options, 0)
}

function jsonText(value: unknown, options: JsonTextOptions, depth: number): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return jsonString(value)
  const number = numberOf(value)
  if (number !== undefined) return isInteger(value) ? String(number) : jsonFloat(Number(number))
  if (Array.isArray(value))
    return bracketed(
      '[]',
      value.map((item) => jsonText(item, options, depth + 1)),
      options,
      depth,
    )
  if (value instanceof Tuple) return jsonText([...value.items], options, depth)
  if (value instanceof HostObject) return jsonText(plainOf(value), options, depth)
  if (value instanceof Dict) return jsonObject(value, options, depth)
  return notSerializable(value)
}

function plainOf(value: HostObject): unknown {
  const entries = mappingEntries(value)
  const plain = value.toPlain() ?? (entries && new Dict(entries))
  if (plain === undefined || plain instanceof HostObject) return notSerializable(value)
  return plain
}

function notSerializable(value: unknown): never {
  return raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`, {
    sentence: `A value of type ${typeName(value)} cannot be written as JSON.`,
  })
}

function jsonObject(dict: Dict, options: JsonTextOptions, depth: number): string {
  const items = options.sortsKeys ? sorted(dict.keys(), (key) => key) : dict.keys()
  const members = items.map((key) => `${jsonKey(key)}: ${jsonText(dict.get(key), options, depth + 1)}`)
  return bracketed('{}', members, options, depth)
}

function jsonKey(key: unknown): string {
  if (typeof key === 'string') return jsonString(key)
  if (key === null || typeof key === 'boolean') return `"${key}"`
  if (numberOf(key) !== undefined) return `"${str(key)}"`
  return raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : `${value > 0 ? '' : '-'}Infinity`
}

function bracketed(brackets: string, members: readonly string[], options: JsonTextOptions, depth: number): string {
  const [open, close] = [brackets[0], brackets[1]]
  if (members.length === 0) return brackets
  if (options.indent === undefined) return `${open}${members.join(', ')}${close}`
  const outer = `\n${' '.repeat(options.indent * depth)}`
  const inner = `${outer}${' '.repeat(options.indent)}`
  return `${open}${inner}${members.join(`,${inner}`)}${outer}${close}`
}

import { raise } from '../errors.ts'
import { Dict } from './dict.ts'
import { WholeFloat } from './float.ts'
import { HostObject } from './host-object.ts'
import { mappingEntries } from './iterate.ts'
import { DictView, Lazy, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { str } from './text.ts'
import { Tuple } from './tuple.ts'
import { isUndefined, typeName } from './types.ts'

/**
 * A value of the engine from plain data: arrays become lists, plain objects and maps become dicts, `undefined` becomes
 * None. Values of the engine and host objects stay what they are; functions and other objects are refused.
 */
export function toTemplateValue(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'function' || typeof value === 'symbol') return notAValue(value)
  if (typeof value !== 'object' || value === null || isEngineValue(value)) return value
  if (Array.isArray(value)) return value.map(toTemplateValue)
  if (value instanceof Map) return dictOf([...value.entries()])
  if (value instanceof Set) return new TemplateSet([...value.values()].map(toTemplateValue))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return notAValue(value)
  return dictOf(Object.entries(value))
}

function dictOf(entries: readonly (readonly [unknown, unknown])[]): Dict {
  return new Dict(entries.map(([key, item]) => [toTemplateValue(key), toTemplateValue(item)] as const))
}

function isEngineValue(value: object): boolean {
  return (
    value instanceof HostObject ||
    value instanceof Dict ||
    value instanceof Tuple ||
    value instanceof TemplateSet ||
    value instanceof WholeFloat ||
    value instanceof DictView ||
    value instanceof Range ||
    value instanceof Lazy ||
    isUndefined(value)
  )
}

function notAValue(value: unknown): never {
  throw new TypeError(`Internal error: ${String(value)} cannot be given to a template.`)
}

/**
 * A value of the engine as plain data: numbers, strings, booleans, null, bigints, arrays and objects without prototypes
 * of their own. Lists, tuples, sets and ranges become arrays, undefined becomes null, host objects what they say of
 * themselves (`toPlain`, else their entries, else their text). Throws `TemplateError` for what is no data.
 */
export function toPlain(value: unknown): unknown {
  if (value === null || isUndefined(value)) return null
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(toPlain)
  if (value instanceof Tuple) return value.items.map(toPlain)
  if (value instanceof WholeFloat) return value.value
  if (value instanceof TemplateSet) return value.values().map(toPlain)
  if (value instanceof DictView || value instanceof Range) return value.items().map(toPlain)
  if (value instanceof Lazy) return value.take().map(toPlain)
  if (value instanceof Dict) return plainObject(value.entries())
  if (value instanceof HostObject) return plainHostObject(value)
  return raise('TypeError', `A value of type ${typeName(value)} is no plain data.`)
}

function plainHostObject(value: HostObject): unknown {
  const plain = value.toPlain()
  if (plain !== undefined) return plain
  const entries = mappingEntries(value)
  return entries ? plainObject(entries) : value.str()
}

/** `fromEntries` defines properties, so a key `__proto__` is a key and nothing more. */
function plainObject(entries: readonly (readonly [unknown, unknown])[]): object {
  return Object.fromEntries(entries.map(([key, item]) => [key === null ? 'null' : str(key), toPlain(item)]))
}

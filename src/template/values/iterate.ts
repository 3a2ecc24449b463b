import { raise } from '../errors.ts'
import { Dict } from './dict.ts'
import { HostObject } from './host-object.ts'
import { DictView, Lazy, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { isUndefined, typeName } from './types.ts'

/** The items of a value that can be walked, or undefined. A list is given as it is, so that a loop sees it grow. */
export function tryIterate(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...value]
  if (isUndefined(value)) return []
  if (value instanceof Tuple) return value.items
  if (value instanceof Dict) return value.keys()
  if (value instanceof DictView || value instanceof Range) return value.items()
  if (value instanceof TemplateSet) return value.values()
  if (value instanceof Lazy) return value.take()
  if (!(value instanceof HostObject)) return undefined
  const items = value.iter() ?? value.keys()
  return items && [...items]
}

/** The items of a value; fails as Python does where there are none. */
export function iterate(value: unknown): readonly unknown[] {
  return tryIterate(value) ?? raise('TypeError', `'${typeName(value)}' object is not iterable`)
}

/** Python's `len(value)`: characters of a string, not UTF-16 units. */
export function lengthOf(value: unknown): number {
  return tryLength(value) ?? raise('TypeError', `object of type '${typeName(value)}' has no len()`)
}

export function tryLength(value: unknown): number | undefined {
  if (typeof value === 'string') return characterCount(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Tuple) return value.items.length
  if (value instanceof Dict || value instanceof TemplateSet) return value.size
  if (value instanceof DictView) return value.dict.size
  if (value instanceof Range) return value.length
  if (isUndefined(value)) return 0
  return value instanceof HostObject ? value.len() : undefined
}

export function characterCount(text: string): number {
  return hasSurrogates(text) ? [...text].length : text.length
}

export function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text)
}

/** Exactly so many items, for `a, b = value`. */
export function unpack(value: unknown, count: number): readonly unknown[] {
  const items = tryIterate(value) ?? raise('TypeError', `cannot unpack non-iterable ${typeName(value)} object`)
  if (items.length < count) {
    raise('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`)
  }
  if (items.length > count) raise('ValueError', `too many values to unpack (expected ${count})`)
  return items
}

/** The entries of a dict or another mapping, or undefined. */
export function mappingEntries(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (value instanceof Dict) return value.entries()
  if (!(value instanceof HostObject)) return undefined
  const keys = value.keys()
  return keys && Array.from(keys, (key) => [key, value.item(key)] as const)
}

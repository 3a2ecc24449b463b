import { raise } from '../errors.ts'
import { WholeFloat } from './float.ts'
import { HostObject } from './host-object.ts'
import { Tuple } from './tuple.ts'
import { Undefined } from './undefined.ts'

const UNDEFINED_KEY = Symbol('undefined')

/**
 * The key under which a JavaScript map finds a value by Python's equality: `1`, `1.0` and `True` are one key, tuples
 * are compared by content. Lists, dicts and sets cannot be keys.
 */
export function hashKey(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return value
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    case 'boolean':
      return value ? 1 : 0
    case 'undefined':
      return UNDEFINED_KEY
    default:
      return objectKey(value)
  }
}

function objectKey(value: unknown): unknown {
  if (value === null) return null
  if (value instanceof WholeFloat) return value.value
  if (value instanceof Tuple) return `\u0000tuple ${value.items.map(keyText).join('\u0000')}`
  if (value instanceof Undefined) return UNDEFINED_KEY
  if (value instanceof HostObject) {
    const hash = value.hash()
    return hash === undefined ? value : `\u0000object ${hash}`
  }
  if (Array.isArray(value)) return raise('TypeError', "unhashable type: 'list'")
  return isContainer(value) ? raise('TypeError', `unhashable type: '${value.unhashable}'`) : value
}

/** Whether a value can be the key of a dict. */
export function isHashable(value: unknown): boolean {
  if (value instanceof Tuple) return value.items.every(isHashable)
  return !Array.isArray(value) && !isContainer(value)
}

/** Dicts and sets say so themselves, which keeps this file below theirs. */
function isContainer(value: unknown): value is { readonly unhashable: string } {
  return typeof value === 'object' && value !== null && 'unhashable' in value
}

const objectNumbers = new WeakMap<object, number>()
let lastObjectNumber = 0

/** The hash key of a tuple's item as text that equals exactly for equal keys. */
function keyText(item: unknown): string {
  const key = hashKey(item)
  if (typeof key === 'string') return `s${key.length}:${key}`
  if (typeof key !== 'object' || key === null) return `${typeof key} ${String(key)}`
  let number = objectNumbers.get(key)
  if (number === undefined) {
    number = ++lastObjectNumber
    objectNumbers.set(key, number)
  }
  return `o${number}`
}

import { Dict } from './dict.ts'
import { WholeFloat } from './float.ts'
import { HostObject } from './host-object.ts'
import { DictView, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { Undefined } from './undefined.ts'

/** Python's truth: false, zero, None, undefined and whatever is empty are false. */
export function truthy(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return value !== ''
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    case 'undefined':
      return false
    default:
      return value !== null && isTrueObject(value)
  }
}

function isTrueObject(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Dict || value instanceof TemplateSet) return value.size > 0
  if (value instanceof Undefined) return false
  if (value instanceof Tuple) return value.items.length > 0
  if (value instanceof WholeFloat) return value.value !== 0
  if (value instanceof HostObject) return value.truthy()
  if (value instanceof DictView) return value.dict.size > 0
  if (value instanceof Range) return value.length > 0
  return true
}

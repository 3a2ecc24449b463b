import { Dict } from './dict.ts'
import { WholeFloat } from './float.ts'
import { HostObject } from './host-object.ts'
import { DictView, Lazy, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { Undefined } from './undefined.ts'

/** The name of Python's type of a value, for its messages. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'str'
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'bigint':
      return 'int'
    case 'undefined':
      return 'Undefined'
    default:
      return objectTypeName(value)
  }
}

function objectTypeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Dict) return 'dict'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Undefined) return 'Undefined'
  if (value instanceof WholeFloat) return 'float'
  if (value instanceof TemplateSet) return 'set'
  if (value instanceof DictView) return value.typeName
  if (value instanceof Range) return 'range'
  if (value instanceof Lazy) return 'generator'
  if (value instanceof HostObject) return value.typeName
  return 'object'
}

export function isUndefined(value: unknown): value is Undefined | undefined {
  return value === undefined || value instanceof Undefined
}

export function isInteger(value: unknown): value is number | bigint {
  return (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'bigint'
}

export function isFloat(value: unknown): value is number | WholeFloat {
  return value instanceof WholeFloat || (typeof value === 'number' && !Number.isInteger(value))
}

/** The value of an int, float or bool as a number; undefined for everything else. */
export function numberOf(value: unknown): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return value instanceof WholeFloat ? value.value : undefined
}

import { Dict } from '../dict.ts'
import type { Arguments, HostObject, KeywordArguments } from '../host-object.ts'
import { TemplateSet } from '../set.ts'
import { Tuple } from '../tuple.ts'
import { isFloat } from '../types.ts'
import { DICT_METHODS } from './dict.ts'
import { LIST_METHODS, TUPLE_METHODS } from './list.ts'
import { Given, Method, type MethodTable } from './method.ts'
import { FLOAT_METHODS } from './number.ts'
import { SET_METHODS } from './set.ts'
import { STR_METHODS } from './str.ts'

export interface FoundMethod {
  /** Calls it at once. */
  call(self: unknown, args: Arguments, kwargs: KeywordArguments): unknown
  /** The method as a value. */
  bind(self: unknown): HostObject
}

/** Python's method of a value, or undefined. */
export function findMethod(self: unknown, name: string): FoundMethod | undefined {
  const body = tableOf(self)?.get(name)
  if (!body) return undefined
  return {
    call: (target, args, kwargs) => body(target, new Given(name, args, kwargs)),
    bind: (target) => new Method(name, (given) => body(target, given)),
  }
}

export function methodNames(self: unknown): Iterable<string> {
  return tableOf(self)?.keys() ?? []
}

function tableOf(self: unknown): MethodTable<unknown> | undefined {
  // Each table is asked only for values of its own type.
  if (typeof self === 'string') return STR_METHODS as MethodTable<unknown>
  if (Array.isArray(self)) return LIST_METHODS as MethodTable<unknown>
  if (self instanceof Dict) return DICT_METHODS as MethodTable<unknown>
  if (self instanceof Tuple) return TUPLE_METHODS as MethodTable<unknown>
  if (self instanceof TemplateSet) return SET_METHODS as MethodTable<unknown>
  return isFloat(self) ? FLOAT_METHODS : undefined
}

import { raise } from '../../errors.ts'
import { equals, sorted } from '../compare.ts'
import { HostObject, NO_KEYWORDS } from '../host-object.ts'
import { iterate } from '../iterate.ts'
import { repr } from '../text.ts'
import { truthy } from '../truth.ts'
import type { Tuple } from '../tuple.ts'
import { isInteger, typeName } from '../types.ts'
import { bare, type Given, type MethodBody, type MethodTable } from './method.ts'

export const LIST_METHODS: MethodTable<unknown[]> = new Map<string, MethodBody<unknown[]>>([
  ['append', append],
  ['extend', extend],
  ['insert', insert],
  ['pop', pop],
  ['remove', remove],
  ['index', (self, given) => indexOf(self, given, 'list')],
  ['count', (self, given) => countOf(self, given)],
  ['sort', sort],
  ['reverse', bare('list', reverse)],
  ['copy', bare('list', (self) => [...self])],
  ['clear', bare('list', clear)],
])

export const TUPLE_METHODS: MethodTable<Tuple> = new Map<string, MethodBody<Tuple>>([
  ['index', (self, given) => indexOf(self.items, given, 'tuple')],
  ['count', (self, given) => countOf(self.items, given)],
])

function append(self: unknown[], given: Given): null {
  if (given.count !== 1) raise('TypeError', `list.append() takes exactly one argument (${given.count} given)`)
  self.push(given.args[0])
  return null
}

function extend(self: unknown[], given: Given): null {
  // A copy first: a list may extend itself. No spread into push: its arguments are limited.
  for (const item of [...iterate(given.required(0, 'iterable'))]) self.push(item)
  return null
}

function insert(self: unknown[], given: Given): null {
  if (given.count !== 2) raise('TypeError', `insert expected 2 arguments, got ${given.count}`)
  self.splice(integerArgument(given.args[0]), 0, given.args[1])
  return null
}

function pop(self: unknown[], given: Given): unknown {
  if (self.length === 0) raise('IndexError', 'pop from empty list')
  const index = given.count > 0 ? integerArgument(given.args[0]) : -1
  const from = index < 0 ? index + self.length : index
  if (from < 0 || from >= self.length) raise('IndexError', 'pop index out of range')
  return self.splice(from, 1)[0]
}

function remove(self: unknown[], given: Given): null {
  const index = self.findIndex((item) => equals(item, given.required(0, 'value')))
  if (index < 0) raise('ValueError', 'list.remove(x): x not in list')
  self.splice(index, 1)
  return null
}

function indexOf(items: readonly unknown[], given: Given, type: 'list' | 'tuple'): number {
  const wanted = given.required(0, 'value')
  const from = given.count > 1 ? integerArgument(given.args[1]) : 0
  const index = items.findIndex((item, at) => at >= from && equals(item, wanted))
  if (index >= 0) return index
  return raise('ValueError', type === 'list' ? `${repr(wanted)} is not in list` : 'tuple.index(x): x not in tuple')
}

function countOf(items: readonly unknown[], given: Given): number {
  const wanted = given.required(0, 'value')
  return items.filter((item) => equals(item, wanted)).length
}

function sort(self: unknown[], given: Given): null {
  if (given.count > 0) raise('TypeError', 'sort() takes no positional arguments')
  const key = given.kwargs.get('key')
  const result = sorted(self, sortKey(key), truthy(given.kwargs.get('reverse')))
  for (const [index, item] of result.entries()) self[index] = item
  return null
}

function sortKey(key: unknown): (item: unknown) => unknown {
  if (key === undefined || key === null) return (item) => item
  if (!(key instanceof HostObject) || !key.call) raise('TypeError', `'${typeName(key)}' object is not callable`)
  return (item) => {
    // The check above left only host objects that can be called.
    const result = (key as HostObject).call?.([item], NO_KEYWORDS)
    if (!(result instanceof Promise)) return result
    // Sorting cannot wait; how the promise ends no longer matters.
    result.catch(() => undefined)
    return raise('TypeError', 'A macro that waits for answers cannot be a sort key.')
  }
}

function reverse(self: unknown[]): null {
  self.reverse()
  return null
}

function clear(self: unknown[]): null {
  self.length = 0
  return null
}

export function integerArgument(value: unknown): number {
  if (isInteger(value)) return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  return raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`)
}

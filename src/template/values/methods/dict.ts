import { raise } from '../../errors.ts'
import { Dict } from '../dict.ts'
import { iterate, mappingEntries, unpack } from '../iterate.ts'
import { DictView } from '../sequences.ts'
import { repr } from '../text.ts'
import { Tuple } from '../tuple.ts'
import { Undefined } from '../undefined.ts'
import { bare, type Given, type MethodBody, type MethodTable } from './method.ts'

export const DICT_METHODS: MethodTable<Dict> = new Map<string, MethodBody<Dict>>([
  ['get', get],
  ['items', bare('dict', (self) => new DictView('dict_items', self))],
  ['keys', bare('dict', (self) => new DictView('dict_keys', self))],
  ['values', bare('dict', (self) => new DictView('dict_values', self))],
  ['update', update],
  ['pop', pop],
  ['popitem', bare('dict', popItem)],
  ['setdefault', setDefault],
  ['copy', bare('dict', (self) => new Dict(self.entries()))],
  ['clear', bare('dict', clear)],
  ['fromkeys', fromKeys],
])

function get(self: Dict, given: Given): unknown {
  const value = self.get(given.required(0, 'key'))
  return value === undefined ? (given.find(1, 'default') ?? null) : value
}

function update(self: Dict, given: Given): null {
  updateDict(self, given)
  return null
}

/** `dict.update(…)` and `dict(…)`: a mapping or pairs, then keywords. */
export function updateDict(target: Dict, given: Pick<Given, 'args' | 'kwargs'>): void {
  if (given.args.length > 1) raise('TypeError', `update expected at most 1 argument, got ${given.args.length}`)
  const [source] = given.args
  if (source !== undefined) {
    if (source instanceof Undefined) source.fail()
    const entries = mappingEntries(source) ?? iterate(source).map((pair) => unpack(pair, 2))
    for (const [key, value] of entries) target.set(key, value)
  }
  for (const [key, value] of given.kwargs) target.set(key, value)
}

function pop(self: Dict, given: Given): unknown {
  const key = given.required(0, 'key')
  const value = self.get(key)
  if (value === undefined) {
    const fallback = given.find(1, 'default')
    return fallback === undefined ? raise('KeyError', repr(key)) : fallback
  }
  self.delete(key)
  return value
}

function popItem(self: Dict): Tuple {
  const last = self.entries().at(-1) ?? raise('KeyError', "'popitem(): dictionary is empty'")
  self.delete(last[0])
  return new Tuple(last)
}

function setDefault(self: Dict, given: Given): unknown {
  const key = given.required(0, 'key')
  const value = self.get(key)
  if (value !== undefined) return value
  const fallback = given.find(1, 'default') ?? null
  self.set(key, fallback)
  return fallback
}

function clear(self: Dict): null {
  self.clear()
  return null
}

function fromKeys(_self: Dict, given: Given): Dict {
  const value = given.find(1, 'value') ?? null
  return new Dict(iterate(given.required(0, 'iterable')).map((key) => [key, value] as const))
}

import { raise } from '../../errors.ts'
import { iterate } from '../iterate.ts'
import { TemplateSet } from '../set.ts'
import { repr } from '../text.ts'
import { bare, type Given, type MethodBody, type MethodTable } from './method.ts'

export const SET_METHODS: MethodTable<TemplateSet> = new Map<string, MethodBody<TemplateSet>>([
  ['add', add],
  ['remove', remove],
  ['discard', discard],
  ['pop', bare('set', pop)],
  ['clear', bare('set', clear)],
  ['copy', bare('set', (self) => new TemplateSet(self.values()))],
  ['update', update],
  ['union', (self, given) => new TemplateSet([...self.values(), ...given.args.flatMap(iterate)])],
  ['intersection', intersection],
  ['difference', difference],
  ['symmetric_difference', symmetricDifference],
  ['issubset', (self, given) => isSubset(self, asSet(given.required(0, 'other')))],
  ['issuperset', (self, given) => isSubset(asSet(given.required(0, 'other')), self)],
  ['isdisjoint', isDisjoint],
])

function asSet(value: unknown): TemplateSet {
  return value instanceof TemplateSet ? value : new TemplateSet(iterate(value))
}

function add(self: TemplateSet, given: Given): null {
  self.add(given.required(0, 'value'))
  return null
}

function remove(self: TemplateSet, given: Given): null {
  const value = given.required(0, 'value')
  if (!self.delete(value)) raise('KeyError', repr(value))
  return null
}

function discard(self: TemplateSet, given: Given): null {
  self.delete(given.required(0, 'value'))
  return null
}

function pop(self: TemplateSet): unknown {
  if (self.size === 0) raise('KeyError', "'pop from an empty set'")
  const [first] = self.values()
  self.delete(first)
  return first
}

function clear(self: TemplateSet): null {
  self.clear()
  return null
}

function update(self: TemplateSet, given: Given): null {
  for (const value of given.args.flatMap(iterate)) self.add(value)
  return null
}

function intersection(self: TemplateSet, given: Given): TemplateSet {
  const others = given.args.map(asSet)
  return new TemplateSet(self.values().filter((value) => others.every((other) => other.has(value))))
}

function difference(self: TemplateSet, given: Given): TemplateSet {
  const others = given.args.map(asSet)
  return new TemplateSet(self.values().filter((value) => !others.some((other) => other.has(value))))
}

function symmetricDifference(self: TemplateSet, given: Given): TemplateSet {
  const other = asSet(given.required(0, 'other'))
  return new TemplateSet([
    ...self.values().filter((value) => !other.has(value)),
    ...other.values().filter((value) => !self.has(value)),
  ])
}

function isSubset(inner: TemplateSet, outer: TemplateSet): boolean {
  return inner.values().every((value) => outer.has(value))
}

function isDisjoint(self: TemplateSet, given: Given): boolean {
  const other = asSet(given.required(0, 'other'))
  return !self.values().some((value) => other.has(value))
}

import { raise } from '../errors.ts'
import { Dict } from './dict.ts'
import { HostObject } from './host-object.ts'
import { tryIterate } from './iterate.ts'
import { DictView, Range } from './sequences.ts'
import { TemplateSet } from './set.ts'
import { Tuple } from './tuple.ts'
import { isUndefined, numberOf, typeName } from './types.ts'
import { Undefined } from './undefined.ts'

/** Python's `==`. */
export function equals(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (left instanceof HostObject) return left.eq(right)
  if (right instanceof HostObject) return right.eq(left)
  if (typeof left === 'string' || typeof right === 'string' || left === null || right === null) return false
  const leftNumber = numberOf(left)
  const rightNumber = numberOf(right)
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number of the same value only loosely
  if (leftNumber !== undefined && rightNumber !== undefined) return leftNumber == rightNumber
  if (isUndefined(left)) return isUndefined(right)
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right)
  if (left instanceof Tuple) return right instanceof Tuple && sameItems(left.items, right.items)
  if (left instanceof Dict) return right instanceof Dict && sameEntries(left, right)
  if (left instanceof Range) return right instanceof Range && sameItems(left.items(), right.items())
  return isSetLike(left) && isSetLike(right) && sameMembers(left, right)
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => equals(item, right[index]))
}

function sameEntries(left: Dict, right: Dict): boolean {
  if (left.size !== right.size) return false
  return left.entries().every(([key, value]) => right.has(key) && equals(value, right.get(key)))
}

function isSetLike(value: unknown): value is TemplateSet | DictView {
  return value instanceof TemplateSet || (value instanceof DictView && value.typeName !== 'dict_values')
}

function sameMembers(left: TemplateSet | DictView, right: TemplateSet | DictView): boolean {
  const [a, b] = [membersOf(left), membersOf(right)]
  return a.size === b.size && a.values().every((value) => b.has(value))
}

function membersOf(value: TemplateSet | DictView): TemplateSet {
  return value instanceof TemplateSet ? value : new TemplateSet(value.items())
}

/** Negative, zero or positive. Fails as Python's operator does where the two have no order. */
export function compare(left: unknown, right: unknown, operator: string): number {
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  const leftNumber = numberOf(left)
  const rightNumber = numberOf(right)
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber < rightNumber ? -1 : leftNumber > rightNumber ? 1 : 0
  }
  if (left instanceof Undefined) left.fail()
  const result = compareObjects(left, right, operator)
  if (result !== undefined) return result
  if (right instanceof Undefined) right.fail()
  const types = `'${typeName(left)}' and '${typeName(right)}'`
  return raise('TypeError', `'${operator}' not supported between instances of ${types}`, {
    sentence: `A value of type ${typeName(left)} cannot be compared with one of type ${typeName(right)}.`,
  })
}

function compareObjects(left: unknown, right: unknown, operator: string): number | undefined {
  if (Array.isArray(left) && Array.isArray(right)) return compareItems(left, right, operator)
  if (left instanceof Tuple && right instanceof Tuple) return compareItems(left.items, right.items, operator)
  if (left instanceof HostObject) return left.compare(right)
  if (!(right instanceof HostObject)) return undefined
  const reversed = right.compare(left)
  return reversed === undefined ? undefined : -reversed
}

function compareItems(left: readonly unknown[], right: readonly unknown[], operator: string): number {
  for (let index = 0; index < left.length && index < right.length; index++) {
    if (!equals(left[index], right[index])) return compare(left[index], right[index], operator)
  }
  return left.length - right.length
}

/** By code points, as Python; JavaScript's own order differs beyond the basic plane. */
function compareText(left: string, right: string): number {
  if (left === right) return 0
  for (let index = 0; index < left.length && index < right.length; index++) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a !== b) return codePointOrder(a) - codePointOrder(b)
  }
  return left.length - right.length
}

/** Surrogates stand for characters above all others. */
function codePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

export const lessThan = (left: unknown, right: unknown) => order(left, right, '<') < 0
export const greaterThan = (left: unknown, right: unknown) => order(left, right, '>') > 0
export const atMost = (left: unknown, right: unknown) => order(left, right, '<=') <= 0
export const atLeast = (left: unknown, right: unknown) => order(left, right, '>=') >= 0

/** `compare` for operators: sets are ordered by inclusion, NaN is not ordered at all. */
function order(left: unknown, right: unknown, operator: '<' | '>' | '<=' | '>='): number {
  if (left instanceof TemplateSet && right instanceof TemplateSet) {
    if (sameMembers(left, right)) return 0
    if (operator.startsWith('<')) return left.values().every((value) => right.has(value)) ? -1 : 1
    return right.values().every((value) => left.has(value)) ? 1 : -1
  }
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN
  return compare(left, right, operator)
}

/** Python's `in`. */
export function isIn(value: unknown, container: unknown): boolean {
  if (typeof container === 'string') return isInText(value, container)
  if (container instanceof Dict || container instanceof TemplateSet) return container.has(value)
  if (container instanceof HostObject) {
    const contains = container.contains(value)
    if (contains !== undefined) return contains
  }
  const items = tryIterate(container)
  if (items) return items.some((item) => equals(item, value))
  return raise('TypeError', `argument of type '${typeName(container)}' is not iterable`)
}

function isInText(value: unknown, text: string): boolean {
  if (typeof value === 'string') return text.includes(value)
  if (value instanceof Undefined) value.fail()
  return raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(value)}`)
}

/** Sorted by keys, equal keys in their old order, also when reversed. */
export function sorted(items: readonly unknown[], keyOf: (item: unknown) => unknown, isReversed = false): unknown[] {
  const sign = isReversed ? -1 : 1
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((left, right) => sign * compareForSort(left.key, right.key))
    .map((entry) => entry.item)
}

/** Python sorts undefined values without complaint only among themselves. */
function compareForSort(left: unknown, right: unknown): number {
  return isUndefined(left) && isUndefined(right) ? 0 : compare(left, right, '<')
}

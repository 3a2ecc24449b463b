import { didYouMean } from '../../diagnostics/suggest.ts'
import { raise } from '../errors.ts'
import { Dict } from './dict.ts'
import { isHashable } from './hash.ts'
import { HostObject } from './host-object.ts'
import { hasSurrogates } from './iterate.ts'
import { findMethod, methodNames } from './methods/index.ts'
import { Range } from './sequences.ts'
import { repr, str } from './text.ts'
import { Tuple } from './tuple.ts'
import { isInteger, isUndefined, numberOf, typeName } from './types.ts'
import { Undefined } from './undefined.ts'

/*
 * The wall of the sandbox: templates reach values through these functions only. They know strings, lists, dicts and the
 * other values of the engine by their own method tables, and host objects by what those choose to answer. A JavaScript
 * property, prototype or function is never read by a name from a template.
 */

/** `target.name`: a method or attribute first, then the key of a dict. Fails on undefined. */
export function getAttribute(target: unknown, name: string): unknown {
  if (target instanceof Undefined) target.fail()
  const attribute = findAttribute(target, name)
  if (attribute !== undefined) return attribute
  const item = target instanceof Dict ? target.get(name) : undefined
  return item === undefined ? missingAttribute(target, name) : item
}

/** `target[key]`: an item first, then, for a string, the attribute. Fails on undefined. */
export function getItem(target: unknown, key: unknown): unknown {
  if (target instanceof Undefined) target.fail()
  const item = findItem(target, key)
  if (item !== undefined) return item
  if (typeof key !== 'string') return missingItem(target, key)
  const attribute = findAttribute(target, key)
  return attribute === undefined ? missingAttribute(target, key) : attribute
}

/** An attribute without the keys of dicts, as the filter `attr` sees it; undefined where there is none. */
export function findAttribute(target: unknown, name: string): unknown {
  if (target instanceof HostObject) return target.attr(name)
  return findMethod(target, name)?.bind(target)
}

function findItem(target: unknown, key: unknown): unknown {
  if (target instanceof Dict) return isHashable(key) ? target.get(key) : undefined
  if (target instanceof HostObject) return target.item(key)
  if (Array.isArray(target)) return itemAt(target, key)
  if (target instanceof Tuple) return itemAt(target.items, key)
  if (typeof target === 'string') return itemAt(hasSurrogates(target) ? [...target] : target, key)
  return target instanceof Range ? itemAt(target.items(), key) : undefined
}

function itemAt(items: string | readonly unknown[], key: unknown): unknown {
  if (!isInteger(key) && typeof key !== 'boolean') return undefined
  const index = Number(key)
  return items[index < 0 ? index + items.length : index]
}

export function missingAttribute(target: unknown, name: string): Undefined {
  const owner = target === null ? "'None'" : `'${typeName(target)} object'`
  return new Undefined(`${owner} has no attribute ${repr(name)}`, {
    sentence: `${describeOwner(target)} has no ${target instanceof Dict ? 'key' : 'attribute'} "${name}".`,
    hint: () => didYouMean(name, attributeNames(target)),
  })
}

function missingItem(target: unknown, key: unknown): Undefined {
  const text = isInteger(key) ? str(key) : repr(key)
  return new Undefined(`${typeName(target)} object has no element ${text}`, {
    sentence: `${describeOwner(target)} has no item ${text}.`,
  })
}

function describeOwner(target: unknown): string {
  return target === null ? '"none"' : `This value of type ${typeName(target)}`
}

function attributeNames(target: unknown): readonly string[] {
  if (target instanceof HostObject) return [...target.names()]
  const keys = target instanceof Dict ? target.keys().filter((key) => typeof key === 'string') : []
  return [...keys, ...methodNames(target)]
}

/** `target[from:to:step]`; undefined bounds are open. */
export function slice(target: unknown, from: unknown, to: unknown, step: unknown): unknown {
  if (typeof target === 'string') return pick([...target], from, to, step).join('')
  if (Array.isArray(target)) return pick(target, from, to, step)
  if (target instanceof Tuple) return new Tuple(pick(target.items, from, to, step))
  if (target instanceof Range) return sliceRange(target, from, to, step)
  if (target instanceof Undefined) target.fail()
  const items = target instanceof HostObject ? target.iter() : undefined
  if (items) return pick([...items], from, to, step)
  if (target instanceof Dict) raise('TypeError', "unhashable type: 'slice'", { sentence: 'A dict has no slices.' })
  return raise('TypeError', `'${typeName(target)}' object is not subscriptable`, {
    sentence: `A value of type ${typeName(target)} has no slices.`,
  })
}

function pick<Item>(items: readonly Item[], from: unknown, to: unknown, step: unknown): Item[] {
  const { start, end, stride } = sliceBounds(items.length, from, to, step)
  if (stride === 1) return items.slice(start, Math.max(start, end))
  const picked: Item[] = []
  for (let index = start; stride > 0 ? index < end : index > end; index += stride) picked.push(items[index]!)
  return picked
}

function sliceRange(range: Range, from: unknown, to: unknown, step: unknown): Range {
  const { start, end, stride } = sliceBounds(range.length, from, to, step)
  const at = (index: number) => range.start + index * range.step
  return new Range(at(start), at(end), range.step * stride)
}

function sliceBounds(length: number, from: unknown, to: unknown, step: unknown) {
  const stride = bound(step) ?? 1
  if (stride === 0) raise('ValueError', 'slice step cannot be zero')
  const [low, high] = stride > 0 ? [0, length] : [-1, length - 1]
  const clamp = (given: number) => Math.min(high, Math.max(low, given < 0 ? given + length : given))
  const [first, last] = [bound(from), bound(to)]
  const start = first === undefined ? (stride > 0 ? low : high) : clamp(first)
  const end = last === undefined ? (stride > 0 ? high : low) : clamp(last)
  return { start, end, stride }
}

function bound(value: unknown): number | undefined {
  if (value === null || isUndefined(value)) return undefined
  const number = isInteger(value) || typeof value === 'boolean' ? numberOf(value) : undefined
  if (number !== undefined) return Number(number)
  return raise('TypeError', 'slice indices must be integers or None or have an __index__ method')
}

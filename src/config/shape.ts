import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { didYouMean, suggest } from '../diagnostics/suggest.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import { childOf, entriesOf, itemsOf, type LocatedValue } from './located-value.ts'

/**
 * What a value of a file must look like. Reads it, or adds the problems it has, at their own places, and gives undefined.
 *
 * Written here rather than taken from a validation library: the messages, the places and the coercions are all ours, and
 * loading a library costs every command more time than reading a small project.
 */
export type Shape<T> = (at: LocatedValue, problems: Diagnostic[]) => T | undefined

export type Shaped<S> = S extends Shape<infer T> ? T : never

/** Text. A number or a boolean is taken as it was written, as in dbt: `version: 1.0`. */
export const text: Shape<string> = (at, problems) => {
  if (typeof at.value === 'string') return at.value
  if (typeof at.value === 'number' || typeof at.value === 'boolean') return String(at.value)
  return mismatch(at, 'must be text', problems)
}

/** True or false; also the words that YAML 1.1, and so dbt, takes for them. */
export const boolean: Shape<boolean> = (at, problems) => {
  if (typeof at.value === 'boolean') return at.value
  const word = typeof at.value === 'string' ? at.value.toLowerCase() : ''
  if (['true', 'yes', 'on'].includes(word)) return true
  if (['false', 'no', 'off'].includes(word)) return false
  return mismatch(at, 'must be true or false', problems)
}

/** A whole number that is not negative; also as text, as environment variables give it. */
export const count: Shape<number> = (at, problems) => {
  const number = typeof at.value === 'string' && /^\d+$/.test(at.value) ? Number(at.value) : at.value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number
  return mismatch(at, 'must be a whole number', problems)
}

export const json: Shape<Json> = (at) => at.value

export const jsonObject: Shape<JsonObject> = (at, problems) =>
  isJsonObject(at.value) ? at.value : mismatch(at, 'must be a map of keys to values', problems)

/** The value with its place, unchecked: for what is read later. */
export const located: Shape<LocatedValue> = (at) => at

/** One of these words. */
export function choice<const Words extends readonly string[]>(...words: Words): Shape<Words[number]> {
  return (at, problems) => {
    const value = typeof at.value === 'string' ? at.value : String(at.value)
    const found = words.find((word) => word === value) ?? words.find((word) => word === value.toLowerCase())
    if (found !== undefined) return found
    return mismatch(at, `must be one of ${words.join(', ')}`, problems, didYouMean(value, words))
  }
}

export function listOf<T>(item: Shape<T>): Shape<readonly T[]> {
  return (at, problems) => {
    if (!Array.isArray(at.value)) return mismatch(at, 'must be a list', problems)
    return allOf(itemsOf(at), item, problems)
  }
}

/** A list, or one item that stands for a list of one. */
export function listOrOne<T>(item: Shape<T>): Shape<readonly T[]> {
  return (at, problems) => {
    if (Array.isArray(at.value)) return allOf(itemsOf(at), item, problems)
    const one = item(at, problems)
    return one === undefined ? undefined : [one]
  }
}

/** A map with keys of the user's own. */
export function mapOf<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (at, problems) => {
    if (!isJsonObject(at.value)) return mismatch(at, 'must be a map of keys to values', problems)
    const result: Record<string, T> = {}
    for (const [key, child] of entriesOf(at)) {
      const value = item(child, problems)
      if (value !== undefined) Object.defineProperty(result, key, { value, enumerable: true })
    }
    return result
  }
}

/** Text that is one thing, or anything else that is another: `all` or a list of columns. */
export function either<A, B>(test: (value: Json) => boolean, a: Shape<A>, b: Shape<B>): Shape<A | B> {
  return (at, problems) => (test(at.value) ? a(at, problems) : b(at, problems))
}

type Shapes = Readonly<Record<string, Shape<unknown>>>
type Flat<T> = { readonly [K in keyof T]: T[K] }

/** Hints by keys that people may write although there are none of the name. */
type Advice = Readonly<Record<string, string>>

/** A map with known keys, and the map itself as `at`. */
export type ObjectOf<Required extends Shapes, Optional extends Shapes> = Flat<
  { [K in keyof Required]: Shaped<Required[K]> } & { [K in keyof Optional]?: Shaped<Optional[K]> } & {
    at: LocatedValue
  }
>

/**
 * A map of known keys; `what` names it in messages: `a model`. A key that holds nothing counts as absent. Unknown keys are
 * problems, but for those that start with `x-`; `advice` says what to write for some of them.
 */
export function object<Required extends Shapes, Optional extends Shapes>(
  what: string,
  required: Required,
  optional: Optional,
  advice: Advice = {},
): Shape<ObjectOf<Required, Optional>> {
  const known = { ...required, ...optional }
  const names = Object.keys(known)
  return (at, problems) => {
    if (!isJsonObject(at.value)) return mismatch(at, 'must be a map of keys to values', problems)
    const result: Record<string, unknown> = { at }
    const misspelled = new Set<string | undefined>()
    for (const [key, child] of entriesOf(at)) {
      const shape = Object.hasOwn(known, key) ? known[key] : undefined
      if (shape) {
        const value = child.value === null ? undefined : shape(child, problems)
        if (value !== undefined) result[key] = value
      } else if (!key.startsWith('x-')) {
        problems.push(unknownKey(child, key, what, names, advice))
        misspelled.add(suggest(key, names))
      }
    }
    const absent = Object.keys(required).filter((key) => !childOf(at, key))
    for (const key of absent) if (!misspelled.has(key)) problems.push(keyMissing(at, key, what))
    if (Object.keys(required).some((key) => !(key in result))) return undefined
    // Every required key is there, and each value was made by the shape of its key.
    return result as ObjectOf<Required, Optional>
  }
}

export function unknownKey(
  at: LocatedValue,
  key: string,
  what: string,
  known: readonly string[],
  advice: Advice = {},
): Diagnostic {
  const own = Object.hasOwn(advice, key) ? advice[key] : undefined
  return problem('unknown-key', `There is no key "${key}" in ${what}.`, {
    place: at.keyPlace,
    hint: own ?? didYouMean(key, known) ?? `it may have: ${known.join(', ')}`,
  })
}

function keyMissing(at: LocatedValue, key: string, what: string): Diagnostic {
  const place = { ...at.place, end: Math.min(at.place.end, firstLineEnd(at)) }
  return problem('key-missing', `The key "${key}" is missing in ${what}.`, { place })
}

function firstLineEnd(at: LocatedValue): number {
  const end = at.place.file.text.indexOf('\n', at.place.start)
  return end < 0 ? at.place.file.text.length : end
}

/** Adds the problem that a value is not what it must be. */
export function mismatch(at: LocatedValue, must: string, problems: Diagnostic[], hint?: string): undefined {
  const { place, key } = at
  const name = typeof key === 'string' ? `"${key}"` : 'This'
  const message = `${name} ${must}, not ${describe(at.value)}.`
  problems.push(problem('wrong-value', message, hint === undefined ? { place } : { place, hint }))
  return undefined
}

function describe(value: Json): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? `"${value}"` : String(value)
}

function allOf<T>(items: readonly LocatedValue[], shape: Shape<T>, problems: Diagnostic[]): readonly T[] {
  return items.map((item) => shape(item, problems)).filter((value) => value !== undefined)
}

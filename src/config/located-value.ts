import type { Span } from '../text/source-file.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'

/** A value that somebody wrote, and where: what every check of settings reads, so that every message can point at it. */
export interface LocatedValue {
  readonly value: Json
  /** The value's own place; that of the nearest thing around it, where it has none. */
  readonly place: Span
  /** The key under which it stands; the value's own place where there is no key. */
  readonly keyPlace: Span
  /** The key under which it stands, or its index in a list; undefined for a whole file. */
  readonly key: string | number | undefined
  /** A scalar as it stands in the file, which tells `1.0` from `1`; undefined where that is not known. */
  readonly written: string | undefined
  /** The value under a key or at an index. Asked only for what `value` holds. */
  child(key: string | number): LocatedValue
}

/** A value at one place: what is inside it has the same place. For the arguments of `config(…)` and for the command line. */
export function valueAt(place: Span, value: Json, key?: string | number, keyPlace = place): LocatedValue {
  return {
    value,
    place,
    keyPlace,
    key,
    written: undefined,
    child: (childKey) => valueAt(place, memberOf(value, childKey), childKey),
  }
}

/** The same place with another value: what stands there once it is rendered. */
export function withValue(at: LocatedValue, value: Json): LocatedValue {
  return {
    value,
    get place() {
      return at.place
    },
    get keyPlace() {
      return at.keyPlace
    },
    key: at.key,
    get written() {
      return value === at.value ? at.written : undefined
    },
    child: (key) => withValue(at.child(key), memberOf(value, key)),
  }
}

/** The entries of an object, in their order; nothing for any other value. */
export function entriesOf(at: LocatedValue): readonly (readonly [key: string, value: LocatedValue])[] {
  if (!isJsonObject(at.value)) return []
  return Object.keys(at.value).map((key) => [key, at.child(key)])
}

/** The items of a list; nothing for any other value. */
export function itemsOf(at: LocatedValue): readonly LocatedValue[] {
  if (!Array.isArray(at.value)) return []
  return at.value.map((_, index) => at.child(index))
}

/** The value under a key, or undefined where the key is not there or holds nothing. */
export function childOf(at: LocatedValue, key: string): LocatedValue | undefined {
  if (!isJsonObject(at.value) || !Object.hasOwn(at.value, key)) return undefined
  const value = at.value[key]
  return value === null || value === undefined ? undefined : at.child(key)
}

export function memberOf(value: Json, key: string | number): Json {
  // Callers ask only for members that are there; a list is indexed by number, an object by key.
  return (value as JsonObject)[key] ?? null
}

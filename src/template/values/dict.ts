import { hashKey } from './hash.ts'
import { Tuple } from './tuple.ts'

/** Python's dict: ordered, keys of any hashable value, `1` and `1.0` the same key. */
export class Dict {
  /** Marks it as no key of another dict. */
  readonly unhashable = 'dict'
  private readonly map = new Map<unknown, { readonly key: unknown; value: unknown }>()

  constructor(entries: Iterable<readonly [unknown, unknown]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.map.size
  }

  has(key: unknown): boolean {
    return this.map.has(hashKey(key))
  }

  /** The value, or JavaScript's undefined where the key is missing. */
  get(key: unknown): unknown {
    return this.map.get(hashKey(key))?.value
  }

  set(key: unknown, value: unknown): void {
    const hash = hashKey(key)
    const entry = this.map.get(hash)
    if (entry) entry.value = value
    else this.map.set(hash, { key, value })
  }

  delete(key: unknown): boolean {
    return this.map.delete(hashKey(key))
  }

  clear(): void {
    this.map.clear()
  }

  keys(): unknown[] {
    return Array.from(this.map.values(), (entry) => entry.key)
  }

  values(): unknown[] {
    return Array.from(this.map.values(), (entry) => entry.value)
  }

  entries(): (readonly [unknown, unknown])[] {
    return Array.from(this.map.values(), (entry) => [entry.key, entry.value] as const)
  }

  /** The entries as Python gives them. */
  items(): Tuple[] {
    return Array.from(this.map.values(), (entry) => new Tuple([entry.key, entry.value]))
  }
}

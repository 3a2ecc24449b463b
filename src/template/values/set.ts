import { hashKey } from './hash.ts'

/** Python's set, in the order in which values were added. */
export class TemplateSet {
  readonly unhashable = 'set'
  private readonly map = new Map<unknown, unknown>()

  constructor(values: Iterable<unknown> = []) {
    for (const value of values) this.add(value)
  }

  get size(): number {
    return this.map.size
  }

  has(value: unknown): boolean {
    return this.map.has(hashKey(value))
  }

  add(value: unknown): void {
    const key = hashKey(value)
    if (!this.map.has(key)) this.map.set(key, value)
  }

  delete(value: unknown): boolean {
    return this.map.delete(hashKey(value))
  }

  clear(): void {
    this.map.clear()
  }

  values(): unknown[] {
    return [...this.map.values()]
  }
}

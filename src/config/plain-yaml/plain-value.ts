import { type SourceFile, type Span, span } from '../../text/source-file.ts'
import type { Json } from '../../util/json.ts'
import { type LocatedValue, memberOf, valueAt } from '../located-value.ts'

/** Where a value stands in what is around it. */
export interface Slot {
  readonly key: string | number | undefined
  /** Where the key starts; the value itself where nobody wrote a key. */
  readonly keyStart: number | undefined
}

interface PlainFields {
  readonly slot: Slot
  readonly value: Json
  readonly start: number
  readonly end: number
  readonly written?: string
  readonly children?: readonly PlainValue[]
}

/** A value of a plain text, with all that is in it. */
export class PlainValue implements LocatedValue {
  readonly value: Json
  readonly written: string | undefined
  readonly end: number
  readonly #file: SourceFile
  readonly #start: number
  readonly #slot: Slot
  readonly #children: readonly PlainValue[]

  constructor(file: SourceFile, { slot, value, start, end, written, children = [] }: PlainFields) {
    this.value = value
    this.written = written
    this.end = end
    this.#file = file
    this.#start = start
    this.#slot = slot
    this.#children = children
  }

  get key(): string | number | undefined {
    return this.#slot.key
  }

  get place(): Span {
    return span(this.#file, this.#start, this.end)
  }

  get keyPlace(): Span {
    const { key, keyStart } = this.#slot
    return keyStart === undefined ? this.place : span(this.#file, keyStart, keyStart + String(key).length)
  }

  child(key: string | number): LocatedValue {
    const found = typeof key === 'number' ? this.#children[key] : this.#children.find((child) => child.key === key)
    return found ?? valueAt(this.place, memberOf(this.value, key), key)
  }
}

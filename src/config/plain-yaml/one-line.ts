import type { SourceFile } from '../../text/source-file.ts'
import type { Json } from '../../util/json.ts'
import { isUnusualKey, resolveWord } from './core-schema.ts'
import { afterSpaces, KEY, matchAt } from './match.ts'
import { PlainValue, type Slot } from './plain-value.ts'

const SINGLE_QUOTED = /'([^'\n]*)'/y
const DOUBLE_QUOTED = /"([^"\\\n]*)"/y
/** Starts with nothing that means something to YAML. */
const TEXT = /[A-Za-z0-9_($/\u00c0-\uffff][^\n]*/y
const TEXT_IN_BRACKETS = /[A-Za-z0-9_][\w./ -]*/y

/** Reads values of one line from a text; undefined for what is not plain. */
export class OneLineReader {
  readonly #text: string
  readonly #file: SourceFile

  constructor(text: string, file: SourceFile) {
    this.#text = text
    this.#file = file
  }

  /** The value that starts at an offset. Whether the line ends behind it is not looked at. */
  read(start: number, slot: Slot): PlainValue | undefined {
    const inBrackets = this.#bracketsOrQuotes(start, slot)
    if (inBrackets) return inBrackets
    const value = this.#word(TEXT, start, slot)
    return value && !/: | #|:$/.test(value.written ?? '') ? value : undefined
  }

  #bracketsOrQuotes(start: number, slot: Slot): PlainValue | undefined {
    switch (this.#text[start]) {
      case '[':
        return this.#list(start, slot)
      case '{':
        return this.#map(start, slot)
      case "'":
        return this.#quoted(SINGLE_QUOTED, start, slot)
      case '"':
        return this.#quoted(DOUBLE_QUOTED, start, slot)
      default:
        return undefined
    }
  }

  #list(start: number, slot: Slot): PlainValue | undefined {
    const children: PlainValue[] = []
    const end = this.#items(start, ']', (at) => {
      const child = this.#inBrackets(at, { key: children.length, keyStart: undefined })
      if (child) children.push(child)
      return child?.end
    })
    const value = children.map((child) => child.value)
    return end === undefined ? undefined : new PlainValue(this.#file, { slot, value, start, end, children })
  }

  #map(start: number, slot: Slot): PlainValue | undefined {
    const children: PlainValue[] = []
    const value: Record<string, Json> = {}
    const end = this.#items(start, '}', (at) => {
      const key = matchAt(KEY, this.#text, at)
      const name = key?.[1]
      if (!key || name === undefined || isUnusualKey(name) || Object.hasOwn(value, name)) return undefined
      const child = this.#inBrackets(at + key[0].length, { key: name, keyStart: at })
      if (!child) return undefined
      value[name] = child.value
      children.push(child)
      return child.end
    })
    return end === undefined ? undefined : new PlainValue(this.#file, { slot, value, start, end, children })
  }

  /** Reads what stands between brackets, by a function that gives the end of the item at an offset. Gives the end of all. */
  #items(start: number, closing: string, readItem: (at: number) => number | undefined): number | undefined {
    let at = afterSpaces(this.#text, start + 1)
    while (this.#text[at] !== closing) {
      const end = readItem(at)
      if (end === undefined) return undefined
      at = afterSpaces(this.#text, end)
      if (this.#text[at] === ',') at = afterSpaces(this.#text, at + 1)
      else if (this.#text[at] !== closing) return undefined
    }
    return at + 1
  }

  #inBrackets(start: number, slot: Slot): PlainValue | undefined {
    return this.#bracketsOrQuotes(start, slot) ?? this.#word(TEXT_IN_BRACKETS, start, slot)
  }

  #quoted(pattern: RegExp, start: number, slot: Slot): PlainValue | undefined {
    const quoted = matchAt(pattern, this.#text, start)
    if (!quoted) return undefined
    const value = quoted[1]!
    return new PlainValue(this.#file, { slot, value, start, end: start + quoted[0].length, written: value })
  }

  #word(pattern: RegExp, start: number, slot: Slot): PlainValue | undefined {
    const written = matchAt(pattern, this.#text, start)?.[0].trimEnd()
    const value = written === undefined ? undefined : resolveWord(written)
    if (written === undefined || value === undefined) return undefined
    return new PlainValue(this.#file, { slot, value, start, end: start + written.length, written })
  }
}

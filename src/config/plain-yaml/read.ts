import type { SourceFile } from '../../text/source-file.ts'
import type { Json } from '../../util/json.ts'
import type { LocatedValue } from '../located-value.ts'
import { readBlockText } from './block-text.ts'
import { isUnusualKey } from './core-schema.ts'
import { isLineEnd, KEY, LINE_END, matchAt, SPACES } from './match.ts'
import { OneLineReader } from './one-line.ts'
import { PlainValue, type Slot } from './plain-value.ts'

/**
 * Reads the plain part of YAML, which most files of a project keep to: maps and lists by indentation, values of one line,
 * also in brackets and braces, texts of several lines, comments on lines of their own. Gives undefined for a text that holds
 * anything else, mistakes above all. Places lie in `file`, which has the same text or hides secrets in it.
 *
 * The YAML library takes about a second for a megabyte, most of it for what is not in such files. What is read here is what
 * the library reads, values and places: `read.test.ts` compares the two. So be strict here: a text of which it is not
 * plain to see what it means is not plain.
 */
export function readPlainYaml(text: string, file: SourceFile): LocatedValue | undefined {
  return NEVER_PLAIN.test(text) ? undefined : new PlainReader(text, file).read()
}

/** Control characters, and what is a space to some and not to others. */
const NEVER_PLAIN = /[^\S \n]|[\0-\x08\x0e-\x1f\x7f-\x9f]/

const EMPTY_LINE = /( *)(#[^\n]*)?(?:\n|$)/y
const DASH = /- +(?=[^ \n])/y

class PlainReader {
  readonly #text: string
  readonly #file: SourceFile
  readonly #oneLine: OneLineReader
  /** The first character of the current line that is no space. */
  #at = 0
  /** The column of it; -1 at the end of the text. */
  #indent = -1

  constructor(text: string, file: SourceFile) {
    this.#text = text
    this.#file = file
    this.#oneLine = new OneLineReader(text, file)
  }

  read(): LocatedValue | undefined {
    if (!this.#startLine(0) || this.#indent !== 0) return undefined
    const root = this.#map({ key: undefined, keyStart: undefined })
    return this.#indent < 0 ? root : undefined
  }

  /** Goes on to the next line that holds something; false where the comments before it do not stand in its column. */
  #startLine(offset: number): boolean {
    let at = offset
    let commentIndent: number | undefined
    while (at < this.#text.length) {
      const empty = matchAt(EMPTY_LINE, this.#text, at)
      if (!empty) break
      const isComment = empty[2] !== undefined
      if (isComment && commentIndent !== undefined && commentIndent !== empty[1]!.length) return false
      if (isComment) commentIndent = empty[1]!.length
      at += empty[0].length
    }
    this.#indent = at >= this.#text.length ? -1 : matchAt(SPACES, this.#text, at)![0].length
    this.#at = at + this.#indent
    return commentIndent === undefined || commentIndent === this.#indent
  }

  /** A map whose first key stands at the current place. */
  #map(slot: Slot): PlainValue | undefined {
    const [start, indent] = [this.#at, this.#indent]
    const value: Record<string, Json> = {}
    const children: PlainValue[] = []
    do {
      const key = matchAt(KEY, this.#text, this.#at)
      const name = key?.[1]
      if (!key || name === undefined || isUnusualKey(name) || Object.hasOwn(value, name)) return undefined
      const child = this.#valueOfKey(this.#at + key[0].length, indent, { key: name, keyStart: this.#at })
      if (!child || this.#indent > indent) return undefined
      value[name] = child.value
      children.push(child)
    } while (this.#indent === indent)
    return new PlainValue(this.#file, { slot, value, start, end: children.at(-1)!.end, children })
  }

  #valueOfKey(at: number, indent: number, slot: Slot): PlainValue | undefined {
    if (!isLineEnd(this.#text, at)) return this.#restOfLine(at, indent, slot)
    if (!this.#startLine(at)) return undefined
    const isList = matchAt(DASH, this.#text, this.#at) !== undefined
    if (this.#indent < indent || (this.#indent === indent && !isList)) return undefined
    return isList ? this.#list(slot) : this.#map(slot)
  }

  /** A list whose first dash stands at the current place. */
  #list(slot: Slot): PlainValue | undefined {
    const [start, indent] = [this.#at, this.#indent]
    const children: PlainValue[] = []
    while (this.#indent === indent) {
      const dash = matchAt(DASH, this.#text, this.#at)
      // The next key of the map around.
      if (!dash) break
      const child = this.#item(dash[0].length, { key: children.length, keyStart: undefined })
      if (!child || this.#indent > indent) return undefined
      children.push(child)
    }
    const value = children.map((child) => child.value)
    return new PlainValue(this.#file, { slot, value, start, end: children.at(-1)!.end, children })
  }

  #item(dashLength: number, slot: Slot): PlainValue | undefined {
    const at = this.#at + dashLength
    if (!matchAt(KEY, this.#text, at)) return this.#restOfLine(at, this.#indent, slot)
    this.#at = at
    this.#indent += dashLength
    return this.#map(slot)
  }

  /** A value that starts on the line of its key or dash, and nearly always ends there. */
  #restOfLine(start: number, indent: number, slot: Slot): PlainValue | undefined {
    const several = readBlockText(this.#text, start, indent)
    const value = several
      ? new PlainValue(this.#file, { slot, ...several, start, written: several.value })
      : this.#oneLine.read(start, slot)
    const end = value && matchAt(LINE_END, this.#text, value.end)
    return end && this.#startLine(value.end + end[0].length) ? value : undefined
  }
}

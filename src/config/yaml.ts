import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { type SourceFile, type Span, span } from '../text/source-file.ts'
import type { Json } from '../util/json.ts'
import { type LocatedValue, memberOf } from './located-value.ts'
import { readPlainYaml } from './plain-yaml/read.ts'
import { aliasProblem, syntaxProblems } from './yaml-problems.ts'

type Step = string | number

/**
 * Reads a YAML file. What comes back is plain data whose every part knows its place in the file; places are computed when
 * they are asked for. An empty file is `null`. Throws `UserError` (`yaml-syntax`) with every mistake of the file.
 *
 * `shown` is the file that places lie in: the same text with secrets masked, every character at its offset.
 *
 * It is YAML 1.2 with merge keys: `yes` and `on` are text, as they stand, and are read as true where a setting is
 * true or false (dbt's YAML 1.1 makes them booleans everywhere, also among accepted values).
 */
export function parseYaml(file: SourceFile, shown: SourceFile = file): LocatedValue {
  return readPlainYaml(file.text, shown) ?? parseAnyYaml(file, shown)
}

/** The same by the library, which reads all of YAML. */
export function parseAnyYaml(file: SourceFile, shown: SourceFile = file): LocatedValue {
  const document = parseDocument(file.text, { prettyErrors: false, merge: true })
  const problems = [...syntaxProblems(shown, document.errors)]
  if (problems.length === 0) problems.push(...templateKeys(shown, document))
  if (problems.length > 0) throw new UserError(problems)
  keepLongIntegers(file, document)
  return new YamlValue({ file: shown, document }, undefined, undefined, plainData(shown, document))
}

/** YAML of plain data, in the layout that Python's `safe_dump` gives. */
export function writeYaml(value: unknown, options: { readonly sortKeys?: boolean } = {}): string {
  return stringify(value, {
    indentSeq: false,
    lineWidth: 0,
    singleQuote: true,
    version: '1.1',
    sortMapEntries: options.sortKeys ?? false,
  })
}

interface YamlSource {
  readonly file: SourceFile
  readonly document: Document.Parsed
}

class YamlValue implements LocatedValue {
  readonly value: Json
  readonly #source: YamlSource
  readonly #parent: YamlValue | undefined
  readonly key: Step | undefined
  /** Looked for when it is first needed. */
  #found: { readonly node: Node | undefined } | undefined

  constructor(source: YamlSource, parent: YamlValue | undefined, key: Step | undefined, value: Json) {
    this.#source = source
    this.#parent = parent
    this.key = key
    this.value = value
  }

  child(key: Step): YamlValue {
    return new YamlValue(this.#source, this, key, memberOf(this.value, key))
  }

  get place(): Span {
    const node = this.#node()
    return node ? this.#spanOf(node) : this.keyPlace
  }

  get keyPlace(): Span {
    const pair = this.#pair()
    if (pair && isNode(pair.key)) return this.#spanOf(pair.key)
    const node = this.#node()
    if (node) return this.#spanOf(node)
    return this.#parent ? this.#parent.place : span(this.#source.file, 0)
  }

  get written(): string | undefined {
    const node = this.#node()
    return isScalar(node) && typeof node.source === 'string' ? node.source : undefined
  }

  #node(): Node | undefined {
    this.#found ??= { node: this.#findNode() }
    return this.#found.node
  }

  #findNode(): Node | undefined {
    if (!this.#parent) return this.#source.document.contents ?? undefined
    const around = this.#parent.#resolved()
    if (isSeq(around) && typeof this.key === 'number') {
      const item = around.items[this.key]
      return isNode(item) ? item : undefined
    }
    const value = this.#pair()?.value
    return isNode(value) ? value : undefined
  }

  #resolved(): Node | undefined {
    const node = this.#node()
    return isAlias(node) ? node.resolve(this.#source.document) : node
  }

  #pair(): Pair | undefined {
    const around = this.#parent === undefined ? undefined : this.#parent.#resolved()
    return isMap(around) ? findPair(around, String(this.key), this.#source.document) : undefined
  }

  #spanOf(node: Node): Span {
    const [start, end] = node.range ?? [0, 0]
    const text = this.#source.file.text.slice(start, end).trimEnd()
    return span(this.#source.file, start, start + text.length)
  }
}

/** The pair of a key in a map or in what is merged into it. */
function findPair(map: YAMLMap, key: string, document: Document.Parsed): Pair | undefined {
  for (const pair of map.items) if (isScalar(pair.key) && String(pair.key.value) === key) return pair
  for (const pair of map.items) {
    if (!isScalar(pair.key) || pair.key.source !== '<<') continue
    const sources = isSeq(pair.value) ? pair.value.items : [pair.value]
    for (const source of sources) {
      const merged = isAlias(source) ? source.resolve(document) : source
      const found = isMap(merged) ? findPair(merged, key, document) : undefined
      if (found) return found
    }
  }
  return undefined
}

/** Integers that JavaScript would round stay the text that they are. */
function keepLongIntegers(file: SourceFile, document: Document.Parsed): void {
  if (!/\d{16}/.test(file.text)) return
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value !== 'number' || Number.isSafeInteger(scalar.value)) return
      if (/^[-+]?\d+$/.test(scalar.source ?? '')) scalar.value = scalar.source
    },
  })
}

function plainData(file: SourceFile, document: Document.Parsed): Json {
  try {
    // Without custom tags, the data of a YAML document is what JSON can hold.
    return (document.toJS() ?? null) as Json
  } catch (error) {
    throw new UserError(aliasProblem(file, error instanceof Error ? error.message : String(error)), { cause: error })
  }
}

/** `enabled: {{ var('x') }}` without quotes is YAML for a map whose key is a map; nobody ever means that. */
function templateKeys(file: SourceFile, document: Document.Parsed): readonly Diagnostic[] {
  const start = file.text.indexOf('{{')
  if (start < 0) return []
  const found: Diagnostic[] = []
  visitPairs(document.contents, (pair) => {
    if (!isMap(pair.key) || !pair.key.range) return
    const [from, to] = pair.key.range
    const place = span(file, file.text.lastIndexOf('{', from - 1), to)
    found.push(
      problem('yaml-syntax', 'A value that starts with "{{" must stand in quotes.', { place, hint: 'write "{{ … }}"' }),
    )
  })
  return found
}

function visitPairs(node: unknown, see: (pair: Pair) => void): void {
  if (isSeq(node)) for (const item of node.items) visitPairs(item, see)
  if (!isMap(node)) return
  for (const pair of node.items) {
    see(pair)
    visitPairs(pair.value, see)
  }
}

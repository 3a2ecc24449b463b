import { problem, UserError } from '../diagnostics/errors.ts'
import { type SourceFile, type Span, span } from '../text/source-file.ts'

export type BlockKind = 'macro' | 'test' | 'data_test' | 'materialization' | 'snapshot' | 'docs'

/** A block at the top level of a file. */
export interface Block {
  readonly kind: BlockKind
  readonly name: string
  /** From `{%` of the opening tag to `%}` of the closing one. */
  readonly place: Span
  readonly nameSpan: Span
  /** What stands between the two tags. */
  readonly content: Span
}

const TAG = /\{%[-+]?\s*([A-Za-z_]\w*)(?:\s+([A-Za-z_]\w*))?|\{#|\{\{/g
const RAW = /\{%[-+]?\s*raw\s*-?%\}[\s\S]*?\{%[-+]?\s*endraw\s*[-+]?%\}/y
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y

/**
 * The blocks of some kinds at the top level of a file, as dbt extracts them before it parses: what stands between them is
 * ignored, whatever it is. Throws `UserError` with a `template-syntax` diagnostic for a block that is never closed, or
 * that stands inside another.
 */
export function splitBlocks(file: SourceFile, kinds: Iterable<BlockKind>): readonly Block[] {
  return new BlockSplitter(file, new Set(kinds)).split()
}

interface OpenBlock {
  readonly kind: BlockKind
  readonly name: string
  readonly start: number
  readonly nameStart: number
  readonly contentStart: number
}

class BlockSplitter {
  private readonly file: SourceFile
  private readonly text: string
  private readonly kinds: ReadonlySet<string>
  private readonly blocks: Block[] = []
  private open: OpenBlock | undefined
  /** `if` and `for` around the current place: dbt allows no block in them. */
  private readonly control: { readonly name: string; readonly start: number; readonly end: number }[] = []

  constructor(file: SourceFile, kinds: ReadonlySet<string>) {
    this.file = file
    this.text = file.text
    this.kinds = kinds
  }

  split(): readonly Block[] {
    let at = 0
    for (;;) {
      TAG.lastIndex = at
      const tag = TAG.exec(this.text)
      if (!tag) break
      at = this.readTag(tag)
    }
    if (this.open) {
      const { kind, start, contentStart } = this.open
      throw this.problem(
        `"${kind}" is never closed: the file ends while looking for "end${kind}".`,
        start,
        contentStart,
        {
          hint: `add "{% end${kind} %}" where the block ends`,
        },
      )
    }
    return this.blocks
  }

  /** Handles one tag, comment or expression and gives the offset after it. */
  private readTag(tag: RegExpExecArray): number {
    const [whole, name] = tag
    const start = tag.index
    if (whole === '{#') return this.afterComment(start)
    if (whole === '{{') return this.afterExpression(start, start + 2, '}}')
    if (name === 'raw') return this.afterRaw(start)
    const end = this.afterExpression(start, start + whole.length, '%}')
    if (name === 'if' || name === 'for') this.control.push({ name, start, end })
    else if (name === 'endif' || name === 'endfor') this.control.pop()
    else if (this.open && name === `end${this.open.kind}`) this.close(this.open, start, end)
    else if (name !== undefined && this.kinds.has(name)) this.begin(tag, end)
    return end
  }

  private begin(tag: RegExpExecArray, end: number): void {
    const start = tag.index
    // The set of kinds holds nothing else.
    const kind = tag[1] as BlockKind
    const name = tag[2]
    if (this.open) {
      throw this.problem(`A "${kind}" cannot stand inside the "${this.open.kind}" before it.`, start, end, {
        hint: `close that one with "{% end${this.open.kind} %}" first`,
        related: [
          {
            message: `the "${this.open.kind}" "${this.open.name}"`,
            place: this.span(this.open.start, this.open.contentStart),
          },
        ],
      })
    }
    const around = this.control.at(-1)
    if (around) {
      throw this.problem(`A "${kind}" cannot stand inside "${around.name}".`, start, end, {
        related: [{ message: `the "${around.name}"`, place: this.span(around.start, around.end) }],
      })
    }
    if (name === undefined) throw this.problem(`This "${kind}" has no name.`, start, end)
    const nameStart = tag.index + tag[0].length - name.length
    this.open = { kind, name, start, nameStart, contentStart: end }
  }

  private close(block: OpenBlock, start: number, end: number): void {
    const { kind, name, nameStart } = block
    this.blocks.push({
      kind,
      name,
      place: this.span(block.start, end),
      nameSpan: this.span(nameStart, nameStart + name.length),
      content: this.span(block.contentStart, start),
    })
    this.open = undefined
    // What a macro opens and does not close is its own parser's to report.
    this.control.length = 0
  }

  private afterComment(start: number): number {
    const end = this.text.indexOf('#}', start + 2)
    if (end >= 0) return end + 2
    throw this.problem('This comment is never closed: the file ends while looking for "#}".', start, start + 2)
  }

  private afterRaw(start: number): number {
    RAW.lastIndex = start
    if (RAW.test(this.text)) return RAW.lastIndex
    throw this.problem('"raw" is never closed: the file ends while looking for "endraw".', start, start + 2)
  }

  /** The offset after the end of a tag, strings skipped. */
  private afterExpression(start: number, inside: number, ending: string): number {
    for (let at = inside; at < this.text.length; at++) {
      if (this.text.startsWith(ending, at)) return at + 2
      const quote = this.text[at]
      if (quote !== "'" && quote !== '"') continue
      STRING.lastIndex = at
      if (!STRING.test(this.text)) {
        throw this.problem(`This string is never closed: the file ends while looking for ${quote}.`, at, at + 1)
      }
      at = STRING.lastIndex - 1
    }
    const opening = this.text.slice(start, start + 2)
    throw this.problem(`"${opening}" is never closed: the file ends while looking for "${ending}".`, start, start + 2)
  }

  private span(start: number, end: number): Span {
    return span(this.file, start, end)
  }

  private problem(message: string, start: number, end: number, details: Parameters<typeof problem>[2] = {}): UserError {
    return new UserError(problem('template-syntax', message, { ...details, place: this.span(start, end) }))
  }
}

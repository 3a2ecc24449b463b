import { TemplateSyntaxError } from '../errors.ts'
import { normalizeNewlines, stringValue } from './string-literal.ts'
import type { Token, TokenType } from './tokens.ts'

const TAG_START = /\{[%{#]/g
const SPACE = /\s*/y
/** Names are letters, digits and underscores and nothing else: whatever stands in one can never leave its quotes. */
const ASCII_NAME = /[A-Za-z_][A-Za-z0-9_]*(?![^\x00-\x7f])/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/y
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y
const STRING = /'[^'\\]*(?:\\[\s\S][^'\\]*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y
const RAW_START = /\s*raw\s*(?:-%\}\s*|%\})/y
const RAW_END = /\{%([-+]?)\s*endraw\s*(?:\+%\}|-%\}\s*|%\})/g
const LONG_OPERATORS = new Set(['//', '**', '==', '!=', '>=', '<='])
const OPERATORS = '+-*/%~[](){}><=.:|,;'
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Splits a template into tokens by Jinja's rules: whitespace control, raw blocks, one final newline dropped, braces
 * balanced so that `}}` may close two dicts. Offsets are those of the text as it stands, carriage returns included.
 *
 * Throws `TemplateSyntaxError` for what is never closed.
 */
export function tokenize(text: string): Tokens {
  return new Lexer(text).run()
}

/** The tokens up to the end or to the first character that cannot be read. */
export interface Tokens {
  readonly list: readonly Token[]
  /** What stopped the lexer: thrown when the parser gets there, because an error before it matters more. */
  readonly error: TemplateSyntaxError | undefined
}

/** A tag, string or comment without an end: everything after it is misread, so no error there is worth telling. */
class NeverClosed extends TemplateSyntaxError {}

class Lexer {
  private readonly text: string
  private readonly length: number
  private readonly tokens: Token[] = []

  constructor(text: string) {
    this.text = text
    this.length = text.length - (/(?:\r\n|\r|\n)$/.exec(text)?.[0].length ?? 0)
  }

  run(): Tokens {
    try {
      let at = 0
      while (at < this.length) at = this.readTextAndTag(at)
    } catch (error) {
      if (error instanceof NeverClosed || !(error instanceof TemplateSyntaxError)) throw error
      return { list: this.tokens, error }
    }
    return { list: this.tokens, error: undefined }
  }

  /** Reads literal text up to the next tag, then that tag. Returns where it stopped. */
  private readTextAndTag(from: number): number {
    const open = this.nextTagStart(from)
    if (open < 0) {
      this.pushText(from, this.length)
      return this.length
    }
    const control = this.text[open + 2]
    const hasControl = control === '-' || control === '+'
    this.pushText(from, control === '-' ? this.trimmedEnd(from, open) : open)
    const inside = open + (hasControl ? 3 : 2)
    switch (this.text[open + 1]) {
      case '#':
        return this.skipComment(open, inside)
      case '%':
        return this.readRaw(open, inside) ?? this.readCode(open, inside, 'tag')
      default:
        return this.readCode(open, inside, 'print')
    }
  }

  private nextTagStart(from: number): number {
    TAG_START.lastIndex = from
    const open = TAG_START.exec(this.text)?.index ?? -1
    return open < this.length ? open : -1
  }

  private skipComment(open: number, inside: number): number {
    const close = this.text.indexOf('#}', inside)
    if (close < 0) {
      throw new NeverClosed(
        'This comment is never closed: the file ends while looking for "#}".',
        { start: open, end: open + 2 },
        { jinja: 'Missing end of comment tag' },
      )
    }
    return this.text[close - 1] === '-' && close > inside ? this.skipSpace(close + 2) : close + 2
  }

  private readRaw(open: number, inside: number): number | undefined {
    RAW_START.lastIndex = inside
    if (!RAW_START.test(this.text)) return undefined
    const start = RAW_START.lastIndex
    RAW_END.lastIndex = start
    const close = RAW_END.exec(this.text)
    if (!close) {
      throw new NeverClosed(
        '"raw" is never closed: the file ends while looking for "endraw".',
        { start: open, end: this.text.indexOf('}', inside) + 1 },
        { jinja: 'Missing end of raw directive' },
      )
    }
    this.pushText(start, close[1] === '-' ? this.trimmedEnd(start, close.index) : close.index)
    return RAW_END.lastIndex
  }

  /** The inside of `{{ }}` or `{% %}`, up to and with its end. */
  private readCode(open: number, inside: number, kind: 'print' | 'tag'): number {
    this.push(`${kind}-start`, this.text.slice(open, open + 2), open, inside)
    const ending = kind === 'print' ? '}}' : '%}'
    const brackets: { readonly close: string; readonly at: number }[] = []
    let at = inside
    for (;;) {
      at = this.skipSpace(at)
      if (at >= this.length) throw this.neverClosed(open, ending, brackets.at(-1))
      const control = this.text[at] === '-' || (kind === 'tag' && this.text[at] === '+') ? 1 : 0
      if (brackets.length === 0 && this.text.startsWith(ending, at + control)) {
        const end = at + control + 2
        this.push(`${kind}-end`, ending, at, end)
        return control === 1 && this.text[at] === '-' ? this.skipSpace(end) : end
      }
      at = this.readToken(at, brackets, { open, ending })
    }
  }

  private neverClosed(open: number, ending: string, bracket: { close: string; at: number } | undefined) {
    const jinja = 'unexpected end of template'
    if (bracket) {
      const name = this.text[bracket.at]
      const place = { start: bracket.at, end: bracket.at + 1 }
      return new NeverClosed(`"${name}" is never closed: "${bracket.close}" is missing.`, place, { jinja })
    }
    const name = this.text.slice(open, open + 2)
    return new NeverClosed(
      `"${name}" is never closed: the file ends while looking for "${ending}".`,
      { start: open, end: open + 2 },
      { jinja },
    )
  }

  private readToken(
    at: number,
    brackets: { readonly close: string; readonly at: number }[],
    tag: { readonly open: number; readonly ending: string },
  ): number {
    return this.readNumber(at) ?? this.readName(at) ?? this.readString(at) ?? this.readOperator(at, brackets, tag)
  }

  private readNumber(at: number): number | undefined {
    const code = this.text.charCodeAt(at)
    if (code < 48 || code > 57) return undefined
    // `a.0.1` reads two items, not the float 0.1.
    const float = this.text[at - 1] === '.' ? undefined : match(FLOAT, this.text, at)
    const digits = float ?? match(INTEGER, this.text, at)
    if (digits === undefined) throw this.unexpected(at)
    const end = at + digits.length
    this.push(float === undefined ? 'integer' : 'float', digits.replaceAll('_', ''), at, end)
    return end
  }

  private readName(at: number): number | undefined {
    const name = match(ASCII_NAME, this.text, at) ?? match(NAME, this.text, at)
    if (name === undefined) return undefined
    this.push('name', name, at, at + name.length)
    return at + name.length
  }

  private readString(at: number): number | undefined {
    const quote = this.text[at]
    if (quote !== "'" && quote !== '"') return undefined
    const literal = match(STRING, this.text, at)
    if (literal === undefined) {
      throw new NeverClosed(
        `This string is never closed: the file ends while looking for ${quote}.`,
        { start: at, end: at + 1 },
        { jinja: `unexpected char ${quote === "'" ? `"'"` : `'"'`} at ${at}` },
      )
    }
    const end = at + literal.length
    const content = stringValue(literal.slice(1, -1))
    if ('malformed' in content) {
      throw new TemplateSyntaxError(
        'This string has a malformed escape.',
        { start: at, end },
        { hint: 'write "\\\\" for a backslash', jinja: content.malformed },
      )
    }
    this.push('string', content.value, at, end)
    return end
  }

  private readOperator(
    at: number,
    brackets: { readonly close: string; readonly at: number }[],
    tag: { readonly open: number; readonly ending: string },
  ): number {
    const two = this.text.slice(at, at + 2)
    const operator = LONG_OPERATORS.has(two) ? two : this.text[at]!
    if (operator.length === 1 && !OPERATORS.includes(operator)) throw this.unexpected(at)
    const close = CLOSING[operator]
    if (close !== undefined) brackets.push({ close, at })
    else if (operator === ')' || operator === ']' || operator === '}')
      this.closeBracket(operator, at, brackets.pop(), tag)
    this.push('operator', operator, at, at + operator.length)
    return at + operator.length
  }

  private closeBracket(
    operator: string,
    at: number,
    bracket: { readonly close: string; readonly at: number } | undefined,
    tag: { readonly open: number; readonly ending: string },
  ): void {
    if (bracket?.close === operator) return
    const place = { start: at, end: at + 1 }
    if (bracket) {
      throw new TemplateSyntaxError(`Expected "${bracket.close}" but found "${operator}".`, place, {
        jinja: `unexpected '${operator}', expected '${bracket.close}'`,
      })
    }
    const start = this.text.slice(tag.open, tag.open + 2)
    throw new TemplateSyntaxError(`"${operator}" closes nothing.`, place, {
      jinja: `unexpected '${operator}'`,
      hint: operator === '}' ? `"${start}" is closed by "${tag.ending}"` : undefined,
    })
  }

  private unexpected(at: number): TemplateSyntaxError {
    const character = String.fromCodePoint(this.text.codePointAt(at)!)
    return new TemplateSyntaxError(
      `Unexpected character "${character}".`,
      { start: at, end: at + character.length },
      { jinja: `unexpected char '${character}' at ${at}` },
    )
  }

  private pushText(start: number, end: number): void {
    if (end > start) this.push('text', normalizeNewlines(this.text.slice(start, end)), start, end)
  }

  private push(type: TokenType, value: string, start: number, end: number): void {
    this.tokens.push({ type, value, start, end })
  }

  private trimmedEnd(start: number, end: number): number {
    return start + this.text.slice(start, end).trimEnd().length
  }

  private skipSpace(at: number): number {
    SPACE.lastIndex = at
    SPACE.exec(this.text)
    return SPACE.lastIndex
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

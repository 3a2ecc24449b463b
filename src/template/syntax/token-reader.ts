import nunjucks from 'nunjucks'
import { TemplateSyntaxError } from '../errors.ts'
import type { Tokens } from './lexer.ts'
import { describeToken, jinjaTokenName, type Token, type TokenType } from './tokens.ts'

/** The tokens of one template as nunjucks' parser reads them, with a look at the one after the next. */
class TokenList {
  private readonly tokens: Tokens
  private next = 0

  constructor(tokens: Tokens) {
    this.tokens = tokens
  }

  nextToken(): Token | null {
    const token = this.tokens.list[this.next++]
    if (!token && this.tokens.error) throw this.tokens.error
    return token ?? null
  }

  /** The token after the one that was handed out last. */
  following(): Token | undefined {
    return this.tokens.list[this.next]
  }
}

/** Reading, skipping and expecting tokens: nunjucks' parser without its grammar. */
export class TokenReader extends nunjucks.parser.Parser<Token> {
  private readonly list: TokenList
  private readonly endOfText: Token
  /** Where the last token that was read ends. */
  protected lastEnd = 0

  constructor(tokens: Tokens, length: number) {
    const list = new TokenList(tokens)
    super(list)
    this.list = list
    this.endOfText = { type: 'end', value: '', start: length, end: length }
  }

  protected get current(): Token {
    return this.peekToken() ?? this.endOfText
  }

  protected read(): Token {
    const token = this.nextToken() ?? this.endOfText
    this.lastEnd = token.end
    return token
  }

  /** The token after the current one. */
  protected get afterCurrent(): Token {
    this.peekToken()
    return this.list.following() ?? this.endOfText
  }

  protected isOperator(value: string): boolean {
    const token = this.current
    return token.type === 'operator' && token.value === value
  }

  protected isName(value: string): boolean {
    const token = this.current
    return token.type === 'name' && token.value === value
  }

  protected skipOperator(value: string): boolean {
    const isThere = this.isOperator(value)
    if (isThere) this.read()
    return isThere
  }

  protected skipName(value: string): boolean {
    const isThere = this.isName(value)
    if (isThere) this.read()
    return isThere
  }

  protected expectOperator(value: string): Token {
    if (!this.isOperator(value)) throw this.expected(`"${value}"`, value)
    return this.read()
  }

  protected expectName(what = 'a name'): Token {
    if (this.current.type !== 'name') throw this.expected(what, 'name')
    return this.read()
  }

  protected expectEnd(type: TokenType & ('tag-end' | 'print-end')): Token {
    if (this.current.type !== type) {
      const jinja = type === 'tag-end' ? 'end of statement block' : 'end of print statement'
      throw this.expected(type === 'tag-end' ? '"%}"' : '"}}"', jinja)
    }
    return this.read()
  }

  protected expected(what: string, jinja: string): TemplateSyntaxError {
    const token = this.current
    return new TemplateSyntaxError(`Expected ${what} but found ${describeToken(token)}.`, token, {
      jinja: `expected token '${jinja}', got '${jinjaTokenName(token)}'`,
    })
  }
}

export type TokenType =
  | 'text'
  | 'print-start'
  | 'print-end'
  | 'tag-start'
  | 'tag-end'
  | 'name'
  | 'string'
  | 'integer'
  | 'float'
  | 'operator'
  | 'end'

export interface Token {
  readonly type: TokenType
  /** The text with escapes resolved and newlines normalised; for numbers the digits without underscores. */
  readonly value: string
  readonly start: number
  readonly end: number
}

/** How Jinja names a token in its messages; `describeToken` is for ours. */
export function jinjaTokenName(token: Token): string {
  switch (token.type) {
    case 'tag-end':
      return 'end of statement block'
    case 'print-end':
      return 'end of print statement'
    case 'end':
      return 'end of template'
    case 'name':
    case 'operator':
      return token.value
    default:
      return token.type
  }
}

export function describeToken(token: Token): string {
  switch (token.type) {
    case 'tag-end':
      return 'the end of the tag'
    case 'print-end':
      return 'the end of the expression'
    case 'end':
      return 'the end of the file'
    case 'string':
      return 'a string'
    default:
      return `"${token.value}"`
  }
}

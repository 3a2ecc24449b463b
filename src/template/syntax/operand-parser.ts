import { didYouMean } from '../../diagnostics/suggest.ts'
import { TemplateSyntaxError } from '../errors.ts'
import { ArgumentList, NO_ARGUMENTS } from './argument-list.ts'
import type { Tokens } from './lexer.ts'
import type { Arguments, CallNode, Expression, FilterNode, NodeRange } from './nodes.ts'
import { TokenReader } from './token-reader.ts'
import { describeToken, jinjaTokenName, type Token } from './tokens.ts'

/** The filters and tests that exist: unknown ones are found while parsing, where Jinja finds them. */
export interface KnownNames {
  readonly filters: { has(name: string): boolean; keys(): Iterable<string> }
  readonly tests: { has(name: string): boolean; keys(): Iterable<string> }
}

const TEST_ARGUMENT_TYPES: ReadonlySet<string> = new Set(['name', 'string', 'integer', 'float'])
const NOT_A_TEST_ARGUMENT: ReadonlySet<string> = new Set(['else', 'or', 'and'])
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])

/** What stands between operators: literals, names, attributes, items, calls, filters and tests. */
export abstract class OperandParser extends TokenReader {
  private readonly known: KnownNames
  /** Inside an `if`, where Jinja leaves an unknown filter or test to the render, because it may never be reached. */
  protected conditionalDepth = 0

  constructor(tokens: Tokens, length: number, known: KnownNames) {
    super(tokens, length)
    this.known = known
  }

  /** An expression, or a tuple without parentheses: `{{ 1, 2 }}`. */
  protected parseTuple(options: { withoutConditional?: boolean; endName?: string } = {}): Expression {
    const first = this.current
    const { items, isTuple } = this.readTupleItems(
      () => this.parseExpression(options.withoutConditional),
      options.endName,
    )
    if (isTuple) return { kind: 'tuple', items, ...this.rangeFrom(first) }
    if (items[0]) return items[0]
    throw new TemplateSyntaxError(`Expected an expression but found ${describeToken(this.current)}.`, this.current, {
      jinja: `Expected an expression, got '${jinjaTokenName(this.current)}'`,
    })
  }

  /** Any expression; without a conditional where an `if` after it belongs to the statement. */
  protected abstract parseExpression(withoutConditional?: boolean): Expression

  protected readTupleItems<Item>(readItem: () => Item, endName?: string): { items: Item[]; isTuple: boolean } {
    const items: Item[] = []
    for (;;) {
      if (this.isTupleEnd(endName)) return { items, isTuple: items.length > 0 }
      items.push(readItem())
      if (!this.skipOperator(',')) return { items, isTuple: items.length > 1 }
    }
  }

  private isTupleEnd(endName: string | undefined): boolean {
    const token = this.current
    if (token.type === 'print-end' || token.type === 'tag-end' || this.isOperator(')')) return true
    return endName !== undefined && this.isName(endName)
  }
  /** A sign binds tighter than a filter inside it: `-1 | abs` is `(-1) | abs`. */
  protected parseSigned(withFilters: boolean): Expression {
    const first = this.current
    let result: Expression
    if (this.isOperator('-') || this.isOperator('+')) {
      const operator = this.read().value === '-' ? '-' : '+'
      result = { kind: 'unary', operator, target: this.parseSigned(false), ...this.rangeFrom(first) }
    } else {
      result = this.parsePrimary()
    }
    result = this.parsePostfix(result)
    return withFilters ? this.parseFiltersAndTests(result) : result
  }

  protected parsePrimary(): Expression {
    const token = this.current
    switch (token.type) {
      case 'name':
        return this.parseNameOrConstant()
      case 'string':
        return this.parseString()
      case 'integer':
        this.read()
        return { kind: 'constant', value: integerValue(token.value), isFloat: false, ...this.rangeFrom(token) }
      case 'float':
        this.read()
        return { kind: 'constant', value: Number.parseFloat(token.value), isFloat: true, ...this.rangeFrom(token) }
      case 'operator':
        return this.parseBracketed(token)
      default:
        throw this.unexpected(token)
    }
  }

  private parseNameOrConstant(): Expression {
    const token = this.read()
    const value = CONSTANTS.get(token.value)
    if (value === undefined) return { kind: 'name', name: token.value, ...this.rangeFrom(token) }
    return { kind: 'constant', value, isFloat: false, ...this.rangeFrom(token) }
  }

  /** Neighbouring strings are one: `'a' 'b'`. */
  private parseString(): Expression {
    const first = this.current
    let value = ''
    while (this.current.type === 'string') value += this.read().value
    return { kind: 'constant', value, isFloat: false, ...this.rangeFrom(first) }
  }

  private parseBracketed(token: Token): Expression {
    switch (token.value) {
      case '(':
        return this.parseParentheses()
      case '[':
        return this.parseList()
      case '{':
        return this.parseDict()
      default:
        throw this.unexpected(token)
    }
  }

  private parseParentheses(): Expression {
    const first = this.read()
    const { items, isTuple } = this.readTupleItems(() => this.parseExpression())
    this.expectOperator(')')
    if (!isTuple && items[0]) return { ...items[0], ...this.rangeFrom(first) }
    return { kind: 'tuple', items, ...this.rangeFrom(first) }
  }

  private parseList(): Expression {
    const first = this.read()
    const items: Expression[] = []
    while (!this.isOperator(']')) {
      items.push(this.parseExpression())
      if (!this.isOperator(']')) this.expectOperator(',')
    }
    this.read()
    return { kind: 'list', items, ...this.rangeFrom(first) }
  }

  private parseDict(): Expression {
    const first = this.read()
    const pairs: { key: Expression; value: Expression }[] = []
    while (!this.isOperator('}')) {
      const key = this.parseExpression()
      this.expectOperator(':')
      pairs.push({ key, value: this.parseExpression() })
      if (!this.isOperator('}')) this.expectOperator(',')
    }
    this.read()
    return { kind: 'dict', pairs, ...this.rangeFrom(first) }
  }

  protected parsePostfix(target: Expression): Expression {
    let result = target
    for (;;) {
      if (this.isOperator('.')) result = this.parseAttribute(result)
      else if (this.isOperator('[')) result = this.parseItem(result)
      else if (this.isOperator('(')) result = this.parseCall(result)
      else return result
    }
  }

  private parseAttribute(target: Expression): Expression {
    this.read()
    const token = this.current
    if (token.type === 'name') {
      this.read()
      return { kind: 'attribute', target, name: token.value, ...this.rangeFrom(target) }
    }
    if (token.type !== 'integer') {
      throw new TemplateSyntaxError(`Expected a name or a number after "." but found ${describeToken(token)}.`, token, {
        jinja: 'expected name or number',
      })
    }
    this.read()
    const key: Expression = {
      kind: 'constant',
      value: integerValue(token.value),
      isFloat: false,
      ...this.rangeFrom(token),
    }
    return { kind: 'item', target, key, ...this.rangeFrom(target) }
  }

  private parseItem(target: Expression): Expression {
    const open = this.read()
    const keys: Expression[] = []
    while (!this.isOperator(']')) {
      if (keys.length > 0) this.expectOperator(',')
      keys.push(this.parseSubscript())
    }
    if (keys.length === 0) {
      throw new TemplateSyntaxError('Expected an index or a key between "[" and "]".', open, {
        jinja: 'Expected subscript expression',
      })
    }
    this.read()
    const slice = keys.length > 1 ? keys.find((key) => key.kind === 'slice') : undefined
    if (slice) throw new TemplateSyntaxError('A slice cannot stand beside other keys.', slice, { type: 'SyntaxError' })
    const key: Expression = keys.length === 1 ? keys[0]! : { kind: 'tuple', items: keys, ...this.rangeFrom(keys[0]!) }
    return { kind: 'item', target, key, ...this.rangeFrom(target) }
  }

  private parseSubscript(): Expression {
    const first = this.current
    const from = this.isOperator(':') ? undefined : this.parseExpression()
    if (from && !this.isOperator(':')) return from
    this.read()
    const to = this.isOperator(':') || this.isSubscriptEnd() ? undefined : this.parseExpression()
    const step = this.skipOperator(':') && !this.isSubscriptEnd() ? this.parseExpression() : undefined
    return { kind: 'slice', from, to, step, ...this.rangeFrom(first) }
  }

  private isSubscriptEnd(): boolean {
    return this.isOperator(']') || this.isOperator(',')
  }

  protected parseCall(callee: Expression): CallNode {
    const given = this.parseArguments()
    return { kind: 'call', callee, ...given, ...this.rangeFrom(callee) }
  }

  private parseArguments(): Arguments {
    this.expectOperator('(')
    const list = new ArgumentList()
    while (!this.isOperator(')')) {
      this.parseArgument(list)
      if (!this.isOperator(')')) this.expectOperator(',')
    }
    this.read()
    return list.finish()
  }

  private parseArgument(list: ArgumentList): void {
    const token = this.current
    if (this.skipOperator('*')) list.addSpreadArgs(this.parseExpression(), token)
    else if (this.skipOperator('**')) list.addSpreadKwargs(this.parseExpression(), token)
    else if (this.isKeyword()) this.parseKeyword(list)
    else list.addPositional(this.parseExpression(), token)
  }

  private isKeyword(): boolean {
    const following = this.afterCurrent
    return this.current.type === 'name' && following.type === 'operator' && following.value === '='
  }

  private parseKeyword(list: ArgumentList): void {
    const name = this.read()
    this.read()
    list.addKeyword(name, this.parseExpression())
  }

  private parseFiltersAndTests(target: Expression): Expression {
    let result = target
    for (;;) {
      if (this.skipOperator('|')) result = this.parseFilter(result, result)
      else if (this.isName('is')) result = this.parseTest(result)
      else if (this.isOperator('(')) result = this.parseCall(result)
      else return result
    }
  }

  /** The filters of `{% set x | a | b %}` and `{% filter a | b %}`, whose first one has no target. */
  protected parseFilterChain(): FilterNode {
    let chain = this.parseFilter(undefined, this.current)
    while (this.skipOperator('|')) chain = this.parseFilter(chain, chain)
    return chain
  }

  private parseFilter(target: Expression | undefined, first: NodeRange): FilterNode {
    const token = this.current
    const name = this.parseDottedName('a filter')
    if (this.conditionalDepth === 0 && !this.known.filters.has(name)) {
      throw unknownName('filter', name, this.rangeFrom(token), this.known.filters.keys())
    }
    const given = this.isOperator('(') ? this.parseArguments() : NO_ARGUMENTS
    return { kind: 'filter', target, name, ...given, ...this.rangeFrom(first) }
  }

  private parseTest(target: Expression): Expression {
    this.read()
    const isNegated = this.skipName('not')
    const token = this.current
    const name = this.parseDottedName('a test')
    if (this.conditionalDepth === 0 && !this.known.tests.has(name)) {
      throw unknownName('test', name, this.rangeFrom(token), this.known.tests.keys())
    }
    const given = this.parseTestArguments()
    const test: Expression = { kind: 'test', target, name, ...given, ...this.rangeFrom(target) }
    return isNegated ? { kind: 'unary', operator: 'not', target: test, ...this.rangeFrom(target) } : test
  }

  private parseTestArguments(): Arguments {
    if (this.isOperator('(')) return this.parseArguments()
    const token = this.current
    const startsArgument = TEST_ARGUMENT_TYPES.has(token.type) || this.isOperator('[') || this.isOperator('{')
    if (!startsArgument || (token.type === 'name' && NOT_A_TEST_ARGUMENT.has(token.value))) return NO_ARGUMENTS
    if (this.isName('is')) {
      throw new TemplateSyntaxError('Tests cannot be chained with "is".', token, {
        jinja: 'You cannot chain multiple tests with is',
      })
    }
    return { args: [this.parsePostfix(this.parsePrimary())], kwargs: [] }
  }

  private parseDottedName(what: string): string {
    let name = this.expectName(what).value
    while (this.skipOperator('.')) name += `.${this.expectName(what).value}`
    return name
  }

  private unexpected(token: Token): TemplateSyntaxError {
    return new TemplateSyntaxError(`Expected an expression but found ${describeToken(token)}.`, token, {
      jinja: `unexpected '${jinjaTokenName(token)}'`,
    })
  }

  protected rangeFrom(first: NodeRange): NodeRange {
    return { start: first.start, end: this.lastEnd }
  }
}

function integerValue(digits: string): number | bigint {
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : BigInt(digits)
}

function unknownName(what: 'filter' | 'test', name: string, place: NodeRange, candidates: Iterable<string>) {
  return new TemplateSyntaxError(`There is no ${what} named "${name}".`, place, {
    hint: didYouMean(name, candidates),
    jinja: `No ${what} named '${name}'.`,
    type: 'TemplateAssertionError',
  })
}

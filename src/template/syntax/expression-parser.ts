import { didYouMean } from '../../diagnostics/suggest.ts'
import { TemplateSyntaxError } from '../errors.ts'
import type { Tokens } from './lexer.ts'
import type {
  Arguments,
  ArithmeticOperator,
  CallNode,
  ComparisonOperator,
  Expression,
  FilterNode,
  NodeRange,
} from './nodes.ts'
import { TokenReader } from './token-reader.ts'
import { describeToken, jinjaTokenName, type Token } from './tokens.ts'

/** The filters and tests that exist: unknown ones are found while parsing, where Jinja finds them. */
export interface KnownNames {
  readonly filters: { has(name: string): boolean; keys(): Iterable<string> }
  readonly tests: { has(name: string): boolean; keys(): Iterable<string> }
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>='])
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

/**
 * Expressions, with the precedence of Jinja2: `or` < `and` < `not` < comparison < `+ -` < `~` < `* / // %` < sign < `**`,
 * filters and tests binding tighter than all of them.
 *
 * The grammar follows Jinja2's documentation and behaviour. Jinja2 is copyright 2007 Pallets and licensed under BSD-3-Clause;
 * nunjucks, whose token reading is kept, is copyright 2012-2015 James Long and licensed under BSD-2-Clause.
 */
export class ExpressionParser extends TokenReader {
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

  protected parseExpression(withoutConditional = false): Expression {
    return withoutConditional ? this.parseOr() : this.parseConditional()
  }

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

  private parseConditional(): Expression {
    let result = this.parseOr()
    while (this.isName('if')) {
      this.read()
      this.conditionalDepth++
      const condition = this.parseOr()
      const otherwise = this.skipName('else') ? this.parseConditional() : undefined
      this.conditionalDepth--
      result = { kind: 'conditional', condition, value: result, otherwise, ...this.rangeFrom(result) }
    }
    return result
  }

  private parseOr(): Expression {
    let left = this.parseAnd()
    while (this.skipName('or')) {
      left = { kind: 'logic', operator: 'or', left, right: this.parseAnd(), ...this.rangeFrom(left) }
    }
    return left
  }

  private parseAnd(): Expression {
    let left = this.parseNot()
    while (this.skipName('and')) {
      left = { kind: 'logic', operator: 'and', left, right: this.parseNot(), ...this.rangeFrom(left) }
    }
    return left
  }

  private parseNot(): Expression {
    const first = this.current
    if (!this.skipName('not')) return this.parseComparison()
    return { kind: 'unary', operator: 'not', target: this.parseNot(), ...this.rangeFrom(first) }
  }

  private parseComparison(): Expression {
    const first = this.parseSum()
    const rest: { operator: ComparisonOperator; operand: Expression }[] = []
    for (;;) {
      const operator = this.readComparison()
      if (operator === undefined) break
      rest.push({ operator, operand: this.parseSum() })
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, ...this.rangeFrom(first) }
  }

  private readComparison(): ComparisonOperator | undefined {
    const token = this.current
    if (token.type === 'operator' && COMPARISONS.has(token.value)) {
      this.read()
      // The set holds exactly the operators of the type.
      return token.value as ComparisonOperator
    }
    if (this.skipName('in')) return 'in'
    if (!this.isName('not') || this.afterCurrent.type !== 'name' || this.afterCurrent.value !== 'in') return undefined
    this.read()
    this.read()
    return 'not in'
  }

  private parseSum(): Expression {
    return this.parseBinary(['+', '-'], () => this.parseConcat())
  }

  private parseConcat(): Expression {
    const parts = [this.parseProduct()]
    while (this.skipOperator('~')) parts.push(this.parseProduct())
    return parts.length === 1 ? parts[0]! : { kind: 'concat', parts, ...this.rangeFrom(parts[0]!) }
  }

  private parseProduct(): Expression {
    return this.parseBinary(['*', '/', '//', '%'], () => this.parsePower())
  }

  private parsePower(): Expression {
    return this.parseBinary(['**'], () => this.parseSigned(true))
  }

  private parseBinary(operators: readonly ArithmeticOperator[], parseOperand: () => Expression): Expression {
    let left = parseOperand()
    for (;;) {
      const operator = operators.find((candidate) => this.isOperator(candidate))
      if (operator === undefined) return left
      this.read()
      left = { kind: 'binary', operator, left, right: parseOperand(), ...this.rangeFrom(left) }
    }
  }

  /** A sign binds tighter than a filter inside it: `-1 | abs` is `(-1) | abs`. */
  private parseSigned(withFilters: boolean): Expression {
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

const NO_ARGUMENTS: Arguments = { args: [], kwargs: [] }

/** Collects arguments in the order that Jinja allows: positional, keywords and `*args` mixed as in Python, `**kwargs` last. */
class ArgumentList {
  private readonly args: Expression[] = []
  private readonly kwargs: { name: string; value: Expression }[] = []
  private spreadArgs: Expression | undefined
  private spreadKwargs: Expression | undefined

  addPositional(value: Expression, token: Token): void {
    this.require(!this.spreadArgs && !this.spreadKwargs && this.kwargs.length === 0, token)
    this.args.push(value)
  }

  addKeyword(name: Token, value: Expression): void {
    this.require(!this.spreadKwargs, name)
    if (this.kwargs.some((other) => other.name === name.value)) {
      throw new TemplateSyntaxError(`The argument "${name.value}" is given twice.`, name, {
        jinja: `keyword argument repeated: ${name.value}`,
        type: 'SyntaxError',
      })
    }
    this.kwargs.push({ name: name.value, value })
  }

  addSpreadArgs(value: Expression, token: Token): void {
    this.require(!this.spreadArgs && !this.spreadKwargs, token)
    this.spreadArgs = value
  }

  addSpreadKwargs(value: Expression, token: Token): void {
    this.require(!this.spreadKwargs, token)
    this.spreadKwargs = value
  }

  finish(): Arguments {
    return {
      args: this.args,
      kwargs: this.kwargs,
      ...(this.spreadArgs && { spreadArgs: this.spreadArgs }),
      ...(this.spreadKwargs && { spreadKwargs: this.spreadKwargs }),
    }
  }

  private require(condition: boolean, token: Token): void {
    if (condition) return
    throw new TemplateSyntaxError('This argument stands too late.', token, {
      jinja: 'invalid syntax for function call expression',
      hint: 'values come first, then names with "=", then "*" and "**"',
    })
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

import type { ArithmeticOperator, ComparisonOperator, Expression } from './nodes.ts'
import { OperandParser } from './operand-parser.ts'

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>='])
const SUM: ReadonlySet<string> = new Set(['+', '-'])
const PRODUCT: ReadonlySet<string> = new Set(['*', '/', '//', '%'])
const POWER: ReadonlySet<string> = new Set(['**'])

/**
 * Expressions, with the precedence of Jinja2: `or` < `and` < `not` < comparison < `+ -` < `~` < `* / // %` < sign < `**`,
 * filters and tests binding tighter than all of them.
 *
 * The grammar follows Jinja2's documentation and behaviour. Jinja2 is copyright 2007 Pallets and licensed under BSD-3-Clause;
 * nunjucks, whose token reading is kept, is copyright 2012-2015 James Long and licensed under BSD-2-Clause.
 */
export class ExpressionParser extends OperandParser {
  protected override parseExpression(withoutConditional = false): Expression {
    return withoutConditional ? this.parseOr() : this.parseConditional()
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
    return this.parseBinary(SUM, () => this.parseConcat())
  }

  private parseConcat(): Expression {
    const parts = [this.parseProduct()]
    while (this.skipOperator('~')) parts.push(this.parseProduct())
    return parts.length === 1 ? parts[0]! : { kind: 'concat', parts, ...this.rangeFrom(parts[0]!) }
  }

  private parseProduct(): Expression {
    return this.parseBinary(PRODUCT, () => this.parsePower())
  }

  private parsePower(): Expression {
    return this.parseBinary(POWER, () => this.parseSigned(true))
  }

  private parseBinary(operators: ReadonlySet<string>, parseOperand: () => Expression): Expression {
    let left = parseOperand()
    for (;;) {
      const token = this.current
      if (token.type !== 'operator' || !operators.has(token.value)) return left
      this.read()
      // The sets hold nothing but operators of the type.
      const operator = token.value as ArithmeticOperator
      left = { kind: 'binary', operator, left, right: parseOperand(), ...this.rangeFrom(left) }
    }
  }
}

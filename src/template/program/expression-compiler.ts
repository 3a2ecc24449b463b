import { unreachable } from '../../util/unreachable.ts'
import type {
  Arguments,
  ArithmeticOperator,
  AttributeNode,
  BinaryNode,
  CallNode,
  CompareNode,
  ComparisonOperator,
  ConstantNode,
  Expression,
  FilterNode,
  ItemNode,
  LogicNode,
  NodeRange,
  SliceNode,
  TestNode,
} from '../syntax/nodes.ts'
import { CodeWriter, MODE_MARKS } from './code-writer.ts'

const ARITHMETIC: Readonly<Record<ArithmeticOperator, string>> = {
  '+': 'R.add',
  '-': 'R.subtract',
  '*': 'R.multiply',
  '/': 'R.divide',
  '//': 'R.floorDivide',
  '%': 'R.modulo',
  '**': 'R.power',
}

const COMPARISON: Readonly<Record<ComparisonOperator, string>> = {
  '==': 'R.equals',
  '!=': '!R.equals',
  '<': 'R.lessThan',
  '>': 'R.greaterThan',
  '<=': 'R.atMost',
  '>=': 'R.atLeast',
  in: 'R.isIn',
  'not in': '!R.isIn',
}

/** Expressions into JavaScript. */
export class ExpressionCompiler extends CodeWriter {
  /** Code whose value is that of the expression. */
  protected expression(node: Expression): string {
    switch (node.kind) {
      case 'name':
        return this.read(node.name)
      case 'constant':
        return this.constant(node)
      case 'tuple':
        return `R.tuple([${this.list(node.items)}])`
      case 'list':
        return `[${this.list(node.items)}]`
      case 'dict':
        return `R.dict([${node.pairs.map((pair) => this.list([pair.key, pair.value])).join(',')}],${this.mark(node)})`
      case 'slice':
        throw new Error('Internal error: the parser let a slice through outside of brackets')
      case 'attribute':
        return this.attribute(node)
      case 'item':
        return this.item(node)
      case 'call':
        return this.call(node)
      case 'filter':
        return this.filter(node, node.target ? this.expression(node.target) : 'undefined')
      case 'test':
        return this.test(node)
      case 'binary':
        return this.binary(node)
      case 'logic':
        return this.logic(node)
      case 'unary':
        return this.unary(node.operator, node.target, node)
      case 'compare':
        return this.comparison(node)
      case 'conditional': {
        const otherwise = node.otherwise ? this.expression(node.otherwise) : `R.noElse(F,${this.mark(node)})`
        return `(${this.condition(node.condition)}?${this.expression(node.value)}:${otherwise})`
      }
      case 'concat':
        return `R.concat([${this.list(node.parts)}],${this.mark(node)})`
      default:
        return unreachable(node)
    }
  }

  /** Code whose value is JavaScript's true or false, after Python's truth. */
  protected condition(node: Expression): string {
    if (node.kind === 'unary' && node.operator === 'not') return `!${this.condition(node.target)}`
    if (node.kind === 'logic') {
      const operator = node.operator === 'and' ? '&&' : '||'
      return `(${this.condition(node.left)}${operator}${this.condition(node.right)})`
    }
    if (node.kind === 'test' || node.kind === 'compare') return this.expression(node)
    return `R.truthy(${this.expression(node)})`
  }

  private list(nodes: readonly Expression[]): string {
    return nodes.map((node) => this.expression(node)).join(',')
  }

  private attribute(node: AttributeNode): string {
    return `R.getAttribute(${this.expression(node.target)},${this.text(node.name)},${this.mark(node)})`
  }

  private item(node: ItemNode): string {
    const target = this.expression(node.target)
    if (node.key.kind === 'slice') return this.slice(target, node.key, node)
    return `R.getItem(${target},${this.expression(node.key)},${this.mark(node)})`
  }

  private slice(target: string, bounds: SliceNode, node: NodeRange): string {
    const [from, to, step] = [bounds.from, bounds.to, bounds.step].map((part) =>
      part ? this.expression(part) : 'null',
    )
    return `R.slice(${target},${from},${to},${step},${this.mark(node)})`
  }

  /** `extra` is one more keyword argument: `caller`. */
  protected call(node: CallNode, extra?: { readonly name: string; readonly code: string }): string {
    const callee = node.callee
    if (callee.kind === 'attribute') {
      const target = `R.known(${this.expression(callee.target)},${this.mark(callee)})`
      return this.settled(
        `R.callMethod(F,${target},${this.text(callee.name)},${this.given(node, extra)},${this.mark(node)})`,
      )
    }
    return this.settled(`R.call(F,${this.expression(callee)},${this.given(node, extra)},${this.mark(node)})`)
  }

  /** Waits for the answer of a call, or refuses one that is not there at once. */
  private settled(call: string): string {
    return `(${MODE_MARKS.waits}${MODE_MARKS.settle}(${call}))`
  }

  /** Two operands: the list of positional arguments and the map of keywords. */
  private given(node: Arguments, extra?: { readonly name: string; readonly code: string }): string {
    const args = node.args.map((argument) => this.expression(argument))
    if (node.spreadArgs) args.push(`...R.spread(${this.expression(node.spreadArgs)})`)
    const keywords = node.kwargs.map((keyword) => `${this.text(keyword.name)},${this.expression(keyword.value)}`)
    if (extra) keywords.push(`${this.text(extra.name)},${extra.code}`)
    const map = keywords.length > 0 ? `R.keywords(${keywords.join(',')})` : 'R.NO_KEYWORDS'
    const all = node.spreadKwargs ? `R.withKeywords(${map},${this.expression(node.spreadKwargs)})` : map
    return `[${args.join(',')}],${all}`
  }

  protected filter(node: FilterNode, target: string): string {
    return `R.filter(${this.text(node.name)},${target},${this.given(node)},${this.mark(node)})`
  }

  private test(node: TestNode): string {
    return `R.test(${this.text(node.name)},${this.expression(node.target)},${this.given(node)},${this.mark(node)})`
  }

  private binary(node: BinaryNode): string {
    const operands = `${this.expression(node.left)},${this.expression(node.right)}`
    return `${ARITHMETIC[node.operator]}(${operands},${this.mark(node)})`
  }

  /** The value of the deciding operand, evaluated once. */
  private logic(node: LogicNode): string {
    const left = this.newTemporary()
    const test = `R.truthy(${left}=${this.expression(node.left)})`
    const right = this.expression(node.right)
    return node.operator === 'and' ? `(${test}?${right}:${left})` : `(${test}?${left}:${right})`
  }

  private unary(operator: 'not' | '-' | '+', target: Expression, node: NodeRange): string {
    if (operator === 'not') return `!${this.condition(target)}`
    return `${operator === '-' ? 'R.negate' : 'R.positive'}(${this.expression(target)},${this.mark(node)})`
  }

  private comparison(node: CompareNode): string {
    const [only] = node.rest
    if (only && node.rest.length === 1) {
      const operands = `${this.expression(node.first)},${this.expression(only.operand)}`
      return `${COMPARISON[only.operator]}(${operands},${this.mark(node)})`
    }
    let left = `${this.expression(node.first)}`
    const parts = node.rest.map(({ operator, operand }) => {
      const right = this.newTemporary()
      const part = `${COMPARISON[operator]}(${left},${right}=${this.expression(operand)},${this.mark(node)})`
      left = right
      return part
    })
    return `(${parts.join('&&')})`
  }

  private constant(node: ConstantNode): string {
    if (typeof node.value === 'string') return this.text(node.value)
    if (typeof node.value === 'bigint') return `${node.value}n`
    return node.isFloat ? `R.float(${node.value})` : String(node.value)
  }
}

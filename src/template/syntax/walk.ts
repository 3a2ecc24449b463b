import { unreachable } from '../../util/unreachable.ts'
import type { Arguments, Expression, Statement } from './nodes.ts'

/** The expressions that stand directly in a statement, in the order of the text. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'text':
    case 'break':
    case 'continue':
      return []
    case 'print':
      return statement.values
    case 'if':
      return [statement.condition]
    case 'for':
      return present(statement.iterable, statement.condition)
    case 'set':
      return [statement.value]
    case 'set-block':
      return present(statement.filter)
    case 'macro':
      return present(...statement.parameters.map((parameter) => parameter.fallback))
    case 'call-block':
      return [statement.call, ...present(...statement.parameters.map((parameter) => parameter.fallback))]
    case 'filter-block':
      return [statement.filter]
    case 'with':
      return statement.bindings.map((binding) => binding.value)
    case 'do':
      return [statement.expression]
    default:
      return unreachable(statement)
  }
}

/** The bodies of a statement. */
export function statementsOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'if':
    case 'for':
      return [statement.body, statement.otherwise]
    case 'set-block':
    case 'macro':
    case 'call-block':
    case 'filter-block':
    case 'with':
      return [statement.body]
    default:
      return []
  }
}

/** The expressions directly inside an expression, in the order of the text. */
export function childExpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'name':
    case 'constant':
      return []
    case 'tuple':
    case 'list':
      return expression.items
    case 'dict':
      return expression.pairs.flatMap((pair) => [pair.key, pair.value])
    case 'slice':
      return present(expression.from, expression.to, expression.step)
    case 'attribute':
    case 'unary':
      return [expression.target]
    case 'item':
      return [expression.target, expression.key]
    case 'call':
      return [expression.callee, ...argumentExpressions(expression)]
    case 'filter':
      return [...present(expression.target), ...argumentExpressions(expression)]
    case 'test':
      return [expression.target, ...argumentExpressions(expression)]
    case 'binary':
    case 'logic':
      return [expression.left, expression.right]
    case 'compare':
      return [expression.first, ...expression.rest.map((part) => part.operand)]
    case 'conditional':
      return present(expression.value, expression.condition, expression.otherwise)
    case 'concat':
      return expression.parts
    default:
      return unreachable(expression)
  }
}

function argumentExpressions(given: Arguments): readonly Expression[] {
  return [
    ...given.args,
    ...given.kwargs.map((keyword) => keyword.value),
    ...present(given.spreadArgs, given.spreadKwargs),
  ]
}

function present(...expressions: readonly (Expression | undefined)[]): readonly Expression[] {
  return expressions.filter((expression) => expression !== undefined)
}

/** Calls `visit` for every expression of the statements, outer ones before those inside them. */
export function walkExpressions(statements: readonly Statement[], visit: (expression: Expression) => void): void {
  const walk = (expression: Expression): void => {
    visit(expression)
    for (const child of childExpressions(expression)) walk(child)
  }
  for (const statement of statements) {
    for (const expression of expressionsOf(statement)) walk(expression)
    for (const body of statementsOf(statement)) walkExpressions(body, visit)
  }
}

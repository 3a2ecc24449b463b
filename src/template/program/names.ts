import type { AssignmentTarget, Expression, Statement } from '../syntax/nodes.ts'
import { childExpressions, expressionsOf, statementsOf } from '../syntax/walk.ts'

/**
 * The names that statements assign in their own scope. Jinja decides scopes before it runs: `if` shares the scope it
 * stands in, every other block has its own and leaks nothing.
 */
export function assignedNames(statements: readonly Statement[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const statement of statements) addAssigned(statement, names)
  return names
}

function addAssigned(statement: Statement, names: Set<string>): void {
  switch (statement.kind) {
    case 'set':
    case 'set-block':
      for (const name of targetNames(statement.target)) names.add(name)
      break
    case 'macro':
      names.add(statement.name)
      break
    case 'if':
      for (const inner of [...statement.body, ...statement.otherwise]) addAssigned(inner, names)
      break
    default:
  }
}

export function targetNames(target: AssignmentTarget): readonly string[] {
  switch (target.kind) {
    case 'name':
      return [target.name]
    case 'tuple-target':
      return target.items.flatMap(targetNames)
    case 'namespace-target':
      return []
  }
}

/** Whether a name is read anywhere in the statements, also inside macros and other scopes. */
export function mentions(statements: readonly Statement[], name: string): boolean {
  return statements.some(
    (statement) =>
      (statement.kind === 'set' && assignsThrough(statement.target, name)) ||
      expressionsOf(statement).some((expression) => expressionMentions(expression, name)) ||
      statementsOf(statement).some((body) => mentions(body, name)),
  )
}

/** `set ns.x` reads `ns`. */
function assignsThrough(target: AssignmentTarget, name: string): boolean {
  if (target.kind === 'tuple-target') return target.items.some((item) => assignsThrough(item, name))
  return target.kind === 'namespace-target' && target.name === name
}

export function expressionMentions(expression: Expression, name: string): boolean {
  if (expression.kind === 'name') return expression.name === name
  return childExpressions(expression).some((child) => expressionMentions(child, name))
}

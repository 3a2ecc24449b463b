import type { DatabaseError } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Constraint, ConstraintType, RunnableNode } from '../../manifest/nodes.ts'
import { withoutMarks } from '../../sql/candidate-name.ts'
import { hasContract } from './contract.ts'
import { constraintBroken } from './problems.ts'

/**
 * The engine's refusal of a row as a problem of the contract, at the constraint in the properties file; undefined for other
 * errors. Engines tell constraints in words of their own: the one meant is the first of its kind whose column, name or
 * expression is in the message. Where none is, every one of the kind is shown.
 */
export function brokenConstraint(node: RunnableNode | undefined, error: DatabaseError): Diagnostic | undefined {
  if (error.code !== 'constraint' || node === undefined || !hasContract(node)) return undefined
  const message = withoutMarks(error.message)
  const all = [
    ...node.columns.flatMap((column) =>
      column.constraints.map((constraint) => ({ constraint, columns: [column.name] })),
    ),
    ...node.constraints.map((constraint) => ({ constraint, columns: constraint.columns })),
  ]
  const kinds = kindsIn(message)
  const ofKind = all.filter(({ constraint }) => kinds.includes(constraint.type))
  const customs = all.filter(({ constraint }) => constraint.type === 'custom')
  const found = [...ofKind, ...customs].find(({ constraint, columns }) => {
    return isMentioned(constraint, message) || columns.some((name) => hasWord(message, name))
  })
  if (found) return constraintBroken(node, [found.constraint], message)
  // An engine that names the constraint means none that has another name.
  const namesOne = /constraint "/.test(message)
  const possible = [...ofKind, ...customs].filter(({ constraint }) => !namesOne || constraint.name === undefined)
  return constraintBroken(
    node,
    possible.map(({ constraint }) => constraint),
    message,
  )
}

function kindsIn(message: string): readonly ConstraintType[] {
  if (/not.null/i.test(message)) return ['not_null', 'primary_key']
  if (/foreign key/i.test(message)) return ['foreign_key']
  if (/check constraint|CHECK\(/i.test(message)) return ['check']
  if (/unique|duplicate key/i.test(message)) return ['unique', 'primary_key']
  return []
}

function isMentioned({ name, expression }: Constraint, message: string): boolean {
  if (name !== undefined && hasWord(message, name)) return true
  return expression !== undefined && squeezed(message).includes(squeezed(expression))
}

function squeezed(sql: string): string {
  return sql.replace(/[\s()"]+/g, '').toLowerCase()
}

function hasWord(text: string, word: string): boolean {
  const escaped = word.replace(/[^\w\s]/g, '\\$&')
  return new RegExp(`(?<![\\w])${escaped}(?![\\w])`, 'i').test(text)
}

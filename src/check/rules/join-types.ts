import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { conjunctsOf, joinsOf } from '../sql/comparisons.ts'
import { type ResolvedSelect, relationOf, type Scope, typeOf } from '../sql/resolve.ts'
import type { ComparisonExpression, Expression } from '../sql/tree.ts'
import { typeFamily } from '../sql/type-family.ts'

/** One side is cast without a word: slowly, to the session's time zone, or until the first text that cannot be cast. */
export const joinTypes: Rule = {
  code: 'join-types',
  severity: 'warning',
  summary: 'A join compares columns of different types.',
  async find(project) {
    return (await project.queries()).flatMap((query) =>
      query.resolved.selects.flatMap((each) => [...findingsOf(query, each)]),
    )
  },
}

function* findingsOf(query: CheckedQuery, { select, scope }: ResolvedSelect): Generator<Finding> {
  const joins = joinsOf(select.from)
  const conditions = [...joins.flatMap(({ condition }) => conjunctsOf(condition)), ...conjunctsOf(select.where)]
  for (const condition of conditions) {
    if (condition.kind !== 'comparison') continue
    for (const [left, right] of condition.pairs) {
      if (isJoin(condition, left, right, scope) && differ(typeOf(left, scope), typeOf(right, scope))) {
        yield finding(query, left.at, side(left, scope), side(right, scope))
      }
    }
  }
  for (const join of joins) {
    for (const name of join.using) {
      const sides = scope.relations.flatMap(({ alias, relation }) => {
        const column = relation.columns?.find((each) => each.name.toLowerCase() === name.toLowerCase())
        return column ? [{ label: alias ?? relation.label, type: column.type }] : []
      })
      const [left, right] = sides
      if (sides.length !== 2 || !left || !right || !differ(left.type, right.type)) continue
      const text = ({ label, type }: typeof left) => `"${label}.${name}" (${type?.toLowerCase()})`
      yield finding(query, join.at, text(left), text(right))
    }
  }
}

/** Whether columns of two relations are compared, casts of them among that. */
function isJoin({ operator }: ComparisonExpression, left: Expression, right: Expression, scope: Scope): boolean {
  if (operator === 'COMPARE_IN' || operator === 'COMPARE_NOT_IN') return false
  const [a, b] = [relationBehind(left, scope), relationBehind(right, scope)]
  return a !== undefined && b !== undefined && a !== b
}

function relationBehind(expression: Expression, scope: Scope) {
  const inner = expression.kind === 'cast' ? expression.parts[0] : expression
  return inner?.kind === 'column' ? relationOf(inner.names, scope) : undefined
}

function differ(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [typeFamily(a), typeFamily(b)]
  return left !== undefined && right !== undefined && left !== right
}

function side(expression: Expression, scope: Scope): string {
  const inner = expression.kind === 'cast' ? expression.parts[0] : expression
  const name = inner?.kind === 'column' ? inner.names.join('.') : ''
  return `"${name}" (${typeOf(expression, scope)?.toLowerCase()})`
}

function finding(query: CheckedQuery, at: number | undefined, left: string, right: string): Finding {
  return {
    node: query.node.id,
    place: query.placeOf(at),
    message: `The join compares ${left} with ${right}.`,
    hint: 'give both one type where they are cleaned, or cast one here, so that a reader sees what is compared',
  }
}

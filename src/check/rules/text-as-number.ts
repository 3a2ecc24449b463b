import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { comparisonsOf } from '../sql/comparisons.ts'
import { type Scope, typeOf } from '../sql/resolve.ts'
import type { Expression } from '../sql/tree.ts'
import { typeFamily } from '../sql/type-family.ts'

/** DuckDB casts every text of the column; the first that is no number stops the run. Postgres refuses such a query itself. */
export const textAsNumber: Rule = {
  code: 'text-as-number',
  severity: 'warning',
  summary: 'A text column is compared with a number, which fails at the first text that is no number.',
  async find(project) {
    return (await project.queries()).flatMap((query) => [...findingsOf(query)])
  },
}

function* findingsOf(query: CheckedQuery): Generator<Finding> {
  for (const select of query.resolved.selects) {
    for (const { comparison, scope } of comparisonsOf(select)) {
      // A list takes the type of all that is in it, which may be text.
      if (comparison.pairs.length > 1 && !comparison.pairs.every(([, right]) => isNumber(right))) continue
      const texts = comparison.pairs.flatMap(
        ([left, right]) => textSide(left, right, scope) ?? textSide(right, left, scope) ?? [],
      )
      // Of a list of numbers one is told.
      if (texts[0]) yield finding(query, texts[0])
    }
  }
}

interface TextSide {
  readonly column: string
  readonly at: number | undefined
}

function textSide(text: Expression, number: Expression, scope: Scope): TextSide | undefined {
  if (text.kind !== 'column' || !isNumber(number)) return undefined
  const type = typeOf(text, scope)
  if (typeFamily(type) !== 'text') return undefined
  return { column: `"${text.names.join('.')}" (${type?.toLowerCase()})`, at: text.at }
}

function isNumber(expression: Expression): boolean {
  return expression.kind === 'constant' && typeFamily(expression.type) === 'number'
}

function finding(query: CheckedQuery, { column, at }: TextSide): Finding {
  return {
    node: query.node.id,
    place: query.placeOf(at),
    message: `The text ${column} is compared with a number.`,
    hint: 'compare with a text, or cast the column where it is cleaned',
  }
}

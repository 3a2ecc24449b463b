import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { comparisonsOf, expressionsOf } from '../sql/comparisons.ts'
import { type Scope, typeOf } from '../sql/resolve.ts'
import type { ConstantExpression, Expression } from '../sql/tree.ts'
import { typeFamily } from '../sql/type-family.ts'

/**
 * DuckDB casts a text when it comes to the first row, and fails then; as long as there are no rows, nobody hears of it. Which
 * texts it takes, it is asked itself. Postgres refuses such a query when it binds it.
 */
export const notAValue: Rule = {
  code: 'not-a-value',
  severity: 'error',
  summary: 'A text is compared with, or cast to, a type of which it is no value, such as a number or a date.',
  async find(project) {
    const used = (await project.queries()).flatMap((query) => [...comparedTexts(query), ...castTexts(query)])
    const areValues = await project.areValues(used)
    return used.filter((_, index) => areValues[index] === false).map(finding)
  },
}

/** A text that has to be a value of a type. */
interface UsedText {
  readonly query: CheckedQuery
  readonly text: string
  readonly type: string
  readonly at: number | undefined
  /** The column that it is compared with. */
  readonly column?: string
}

function* comparedTexts(query: CheckedQuery): Generator<UsedText> {
  for (const select of query.resolved.selects) {
    for (const { comparison, scope } of comparisonsOf(select)) {
      // A list takes the type of all that is in it, which may be text.
      if (comparison.pairs.length > 1 && !comparison.pairs.every(([, right]) => right.kind === 'constant')) continue
      for (const [left, right] of comparison.pairs) {
        const found = comparedText(query, left, right, scope) ?? comparedText(query, right, left, scope)
        if (found) yield found
      }
    }
  }
}

function comparedText(query: CheckedQuery, column: Expression, text: Expression, scope: Scope): UsedText | undefined {
  if (column.kind !== 'column' || !isText(text)) return undefined
  const type = typeOf(column, scope)
  if (type === undefined || !isCastTo(type)) return undefined
  return { query, text: String(text.value), type, at: text.at, column: column.names.join('.') }
}

function* castTexts(query: CheckedQuery): Generator<UsedText> {
  for (const select of query.resolved.selects) {
    for (const cast of expressionsOf(select)) {
      if (cast.kind !== 'cast' || cast.isTry || cast.type === undefined || !isCastTo(cast.type)) continue
      const [text] = cast.parts
      if (text?.kind !== 'constant' || !isText(text)) continue
      yield { query, text: String(text.value), type: cast.type, at: text.at }
    }
  }
}

function isText(expression: Expression): expression is ConstantExpression {
  return (
    expression.kind === 'constant' && typeFamily(expression.type) === 'text' && typeof expression.value === 'string'
  )
}

/** Whether a text becomes a value of the type, instead of the value a text. */
function isCastTo(type: string): boolean {
  const family = typeFamily(type)
  return family !== undefined && family !== 'text'
}

function finding({ query, text, type, at, column }: UsedText): Finding {
  const [shown, ofType] = [text.length > 40 ? `${text.slice(0, 40)}…` : text, type.toLowerCase()]
  return {
    node: query.node.id,
    place: query.placeOf(at),
    message:
      column === undefined
        ? `'${shown}' is no value of the type ${ofType}.`
        : `"${column}" (${ofType}) is compared with '${shown}', which is no value of that type.`,
    hint: 'the first row that comes to it stops the run',
  }
}

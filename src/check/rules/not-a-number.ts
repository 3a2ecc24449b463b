import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { comparisonsOf } from '../sql/comparisons.ts'
import { type Scope, typeOf } from '../sql/resolve.ts'
import type { Expression } from '../sql/tree.ts'
import { typeFamily } from '../sql/type-family.ts'

/** DuckDB casts the text when it compares the first row, and fails then; as long as there are no rows, nobody hears of it. */
export const notANumber: Rule = {
  code: 'not-a-number',
  severity: 'error',
  summary: 'A number is compared with a text that is no number.',
  async find(project) {
    return (await project.queries()).flatMap((query) => [...findingsOf(query)])
  },
}

function* findingsOf(query: CheckedQuery): Generator<Finding> {
  for (const select of query.resolved.selects) {
    for (const { comparison, scope } of comparisonsOf(select)) {
      for (const [left, right] of comparison.pairs) {
        const found = wrongText(left, right, scope) ?? wrongText(right, left, scope)
        if (found) yield finding(query, found.column, found.text)
      }
    }
  }
}

interface WrongText {
  readonly column: string
  readonly text: Expression & { readonly kind: 'constant' }
}

function wrongText(number: Expression, text: Expression, scope: Scope): WrongText | undefined {
  if (number.kind !== 'column' || text.kind !== 'constant' || typeof text.value !== 'string') return undefined
  if (typeFamily(text.type) !== 'text' || isNumber(text.value)) return undefined
  const type = typeOf(number, scope)
  if (typeFamily(type) !== 'number') return undefined
  return { column: `"${number.names.join('.')}" (${type?.toLowerCase()})`, text }
}

/** What an engine casts to a number: digits, a point, an exponent, and the words that a double knows. */
function isNumber(text: string): boolean {
  return (
    /^\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(text) ||
    /^\s*[+-]?(?:inf(?:inity)?|nan)\s*$/i.test(text)
  )
}

function finding(query: CheckedQuery, column: string, text: WrongText['text']): Finding {
  return {
    node: query.node.id,
    place: query.placeOf(text.at),
    message: `The number ${column} is compared with '${text.value}', which is no number.`,
    hint: 'the first row that is compared stops the run; compare with a number',
  }
}

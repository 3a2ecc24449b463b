import { queryLineage } from '../../../sql/lineage-inputs.ts'
import type { QueryLineage } from '../../../sql/query-lineage.ts'
import type { Json } from '../../../util/json.ts'
import { isJsonObject } from '../../../util/json.ts'
import { stringLiteral } from '../literals.ts'
import { listOf, NotUnderstood, type PlanNode, planNode } from './plan.ts'
import { walkPlan } from './walk.ts'

/** Not optimized: names are resolved and nothing is left out. */
const HOW = 'skip_null := true, skip_empty := true, optimize := false'

/** The query that gives DuckDB's bound plan of a query as JSON. */
export function planQuery(sql: string): string {
  return `select json_serialize_plan(${stringLiteral(sql)}, ${HOW})`
}

/** The query that gives the plans of many queries, a row each, in their order. */
export function plansQuery(queries: readonly string[]): string {
  const rows = queries.map((query, number) => `(${number}, ${stringLiteral(query)})`)
  return [
    `select json_serialize_plan(query, ${HOW})`,
    `from (values ${rows.join(', ')}) as queries (number, query)`,
    'order by number',
  ].join('\n')
}

/**
 * The plan of one query. Undefined where DuckDB has none to show (it refuses the query, the query reads CSV or JSON files by
 * itself, a PIVOT has no list of values).
 */
export function readPlan(text: string): PlanNode | undefined {
  const parsed: Json = JSON.parse(text)
  if (!isJsonObject(parsed) || parsed.error === true) return undefined
  const plans = listOf(parsed.plans)
  return plans.length === 1 ? ifUnderstood(() => planNode(plans[0])) : undefined
}

/** The lineage of a query from its plan; `names` are its columns. Undefined where the plan has something in it that is not known. */
export function lineageOfPlan(plan: PlanNode | undefined, names: readonly string[]): QueryLineage | undefined {
  return ifUnderstood(() => {
    if (plan === undefined) return undefined
    const { columns, rows } = walkPlan(plan)
    return columns.length === names.length ? queryLineage(names, columns, rows) : undefined
  })
}

function ifUnderstood<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

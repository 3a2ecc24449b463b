import { queryLineage } from '../../../sql/lineage-inputs.ts'
import type { QueryLineage } from '../../../sql/query-lineage.ts'
import type { Json } from '../../../util/json.ts'
import { isJsonObject } from '../../../util/json.ts'
import { stringLiteral } from '../literals.ts'
import { listOf, NotUnderstood, planNode } from './plan.ts'
import { walkPlan } from './walk.ts'

/** The query that gives DuckDB's bound plan of a query as JSON, not optimized: names are resolved and nothing is left out. */
export function planQuery(sql: string): string {
  return `select json_serialize_plan(${stringLiteral(sql)}, skip_null := true, skip_empty := true, optimize := false)`
}

/**
 * The lineage of a query from its plan; `names` are its columns. Undefined where DuckDB has no plan to show (queries that read
 * CSV or JSON files by themselves, a PIVOT without a list of values), or where the plan has something in it that is not known.
 */
export function lineageOfPlan(plan: string, names: readonly string[]): QueryLineage | undefined {
  const parsed: Json = JSON.parse(plan)
  if (!isJsonObject(parsed) || parsed.error === true) return undefined
  const plans = listOf(parsed.plans)
  if (plans.length !== 1) return undefined
  try {
    const { columns, rows } = walkPlan(planNode(plans[0]))
    if (columns.length !== names.length) return undefined
    return queryLineage(names, columns, rows)
  } catch (error) {
    if (error instanceof NotUnderstood) return undefined
    throw error
  }
}

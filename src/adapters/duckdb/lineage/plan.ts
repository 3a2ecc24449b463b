import { isJsonObject, type Json, type JsonObject } from '../../../util/json.ts'

/**
 * DuckDB's bound plan as `json_serialize_plan` writes it. What the fields mean is DuckDB's own, without documentation: the
 * readers here take what they know, and whoever meets something else throws `NotUnderstood`.
 */
export interface PlanNode {
  /** `LOGICAL_PROJECTION` and so on. */
  readonly type: string
  readonly children: readonly PlanNode[]
  readonly fields: JsonObject
}

/** The plan has something in it that is not known here: nothing can be said of the query. */
export class NotUnderstood extends Error {}

export function planNode(json: Json | undefined): PlanNode {
  if (!isJsonObject(json) || typeof json.type !== 'string') throw new NotUnderstood('a plan is no object with a type')
  return { type: json.type, children: listOf(json.children).map(planNode), fields: json }
}

/** The items of a list; none where there is no list, because empty ones are left out of the plan. */
export function listOf(json: Json | undefined): readonly Json[] {
  return Array.isArray(json) ? json : []
}

export function numbersOf(json: Json | undefined): readonly number[] {
  return listOf(json).map(Number)
}

export function textOf(json: Json | undefined): string {
  return typeof json === 'string' ? json : ''
}

export function objectOf(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {}
}

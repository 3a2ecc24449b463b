import { isJsonObject, type Json } from '../../../util/json.ts'
import { listOf, type PlanNode, textOf } from './plan.ts'

/** Aggregates that give the same in whatever order their rows come. */
const WITHOUT_ORDER = new Set([
  'count_star',
  'count',
  'sum',
  'sum_no_overflow',
  'avg',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'bit_and',
  'bit_or',
  'bit_xor',
])

/** Windows that give rows of the same order the same. */
const RANKS = new Set(['WINDOW_RANK', 'WINDOW_RANK_DENSE', 'WINDOW_PERCENT_RANK', 'WINDOW_CUME_DIST'])

/** Whether it can be seen in an aggregate or a window in which order its rows came. */
export function showsOrder(expression: Json): boolean {
  if (!isJsonObject(expression)) return false
  const { type } = expression
  if (typeof type === 'string' && type.startsWith('WINDOW_') && type !== 'WINDOW_AGGREGATE') {
    return listOf(expression.orders).length === 0 && !RANKS.has(type)
  }
  if (type === 'WINDOW_AGGREGATE' && listOf(expression.orders).length > 0) return false
  return !WITHOUT_ORDER.has(textOf(expression.name))
}

/** A rank of rows that have no order: all of them are first. */
export function isConstantRank(expression: Json): boolean {
  if (!isJsonObject(expression)) return false
  const orders = [...listOf(expression.orders), ...listOf(expression.arg_orders)]
  return RANKS.has(textOf(expression.type)) && orders.length === 0
}

/** Whether rows come out of a sort, with nothing in between that mixes them. */
export function endsInOrder(node: PlanNode): boolean {
  if (node.type === 'LOGICAL_ORDER_BY') return true
  return node.type === 'LOGICAL_PROJECTION' && node.children.some(endsInOrder)
}

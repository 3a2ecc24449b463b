import { mergeRows, NO_ROWS, type Rows, rowsWithout } from '../../../sql/lineage-inputs.ts'
import { isJsonObject, type Json } from '../../../util/json.ts'
import { placesRead } from './expressions.ts'
import { showsOrder } from './order.ts'
import type { KeptSide, Output } from './output.ts'
import { textOf } from './plan.ts'

/** Aggregates that give the same however often a value comes. */
const WITHOUT_REPEATS = new Set(['min', 'max', 'bool_and', 'bool_or', 'bit_and', 'bit_or'])

/** Whether an expression reads nothing but columns of this side of a join. */
export function isOfSide(expression: Json | undefined, { places }: KeptSide): boolean {
  return placesRead(expression)?.every((place) => places.has(place)) ?? false
}

/** The sides of joins that are still kept where rows are filtered: those that the condition reads alone. */
export function keptBy(
  kept: readonly KeptSide[] | undefined,
  predicates: Json | undefined,
  by: Rows,
): readonly KeptSide[] {
  return (kept ?? []).flatMap((side) =>
    isOfSide(predicates, side) ? [{ places: side.places, rows: mergeRows([side.rows, by]) }] : [],
  )
}

/**
 * The side of a join that alone decides which groups there are, when rows are grouped by these expressions; undefined where
 * all rows do.
 */
export function groupingSide({ kept }: Output, groups: Json | undefined): KeptSide | undefined {
  return kept?.find((side) => isOfSide(groups, side))
}

/** What decides how often the rows of a side come, and not which ones there are. */
export function repeatsOf(side: KeptSide | undefined, rows: Rows): Rows {
  return side ? rowsWithout(rows, side.rows) : NO_ROWS
}

/** Whether an aggregate of columns of this side is the same however often its rows come. */
export function ignoresRepeats(aggregate: Json, side: KeptSide): boolean {
  if (!isJsonObject(aggregate) || !isOfSide(aggregate, side)) return false
  const isOfEach = aggregate.aggregate_type === 'DISTINCT' && !showsOrder(aggregate)
  return isOfEach || WITHOUT_REPEATS.has(textOf(aggregate.name))
}

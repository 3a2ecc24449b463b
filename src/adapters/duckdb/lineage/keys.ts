import type { Json } from '../../../util/json.ts'
import { isJsonObject } from '../../../util/json.ts'
import { listOf, objectOf } from './plan.ts'

/**
 * Columns, by their places, of which no two rows have the same values. Without any there is one row at most. Only what a query
 * itself makes so is known (`group by`, `distinct`), not what is so in the data.
 */
export type Key = readonly number[]

/** Whether rows with the same values in these columns are the same row. */
export function tellsApart(keys: readonly Key[] | undefined, columns: readonly (number | undefined)[]): boolean {
  return keys?.some((key) => key.every((place) => columns.includes(place))) ?? false
}

/** The keys that are left when the columns are those of other places. */
export function keysThrough(keys: readonly Key[] | undefined, places: readonly (number | undefined)[]): readonly Key[] {
  return (keys ?? []).flatMap((key) => {
    const moved = key.map((place) => places.indexOf(place))
    return moved.includes(-1) ? [] : [moved]
  })
}

/** The column that an expression is, if it is nothing but a column. */
export function placeOf(expression: Json | undefined): number | undefined {
  return isJsonObject(expression) && expression.expression_class === 'BOUND_REF' ? Number(expression.index) : undefined
}

/** The columns of both sides that a join compares for equality. */
export function equalities(conditions: Json | undefined): {
  readonly left: readonly number[]
  readonly right: readonly number[]
} {
  const equal = listOf(conditions)
    .map(objectOf)
    .filter(({ comparison }) => comparison === 'COMPARE_EQUAL' || comparison === 'COMPARE_NOT_DISTINCT_FROM')
  const places = (side: 'left' | 'right') => equal.flatMap((condition) => placeOf(condition[side]) ?? [])
  return { left: places('left'), right: places('right') }
}

/** The keys of a join: those of a side whose rows find one partner at most, and those of both sides together. */
export function combined(
  left: readonly Key[],
  right: readonly Key[],
  join: { readonly isOneLeft: boolean; readonly isOneRight: boolean; readonly width: number; readonly type: string },
): readonly Key[] {
  const moved = right.map((key) => key.map((place) => place + join.width))
  return [
    ...(join.isOneRight && (join.type === 'INNER' || join.type === 'LEFT') ? left : []),
    ...(join.isOneLeft && (join.type === 'INNER' || join.type === 'RIGHT') ? moved : []),
    ...left.flatMap((key) => moved.map((other) => [...key, ...other])),
  ]
}

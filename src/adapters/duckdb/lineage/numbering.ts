import { cutBy, orderedBy } from '../../../sql/lineage-inputs.ts'
import {
  inputsOfNumbers,
  type Numbering,
  numberedRows,
  numberFilterOf,
  seenBeside,
} from '../../../sql/numbered-rows.ts'
import { isJsonObject, type Json } from '../../../util/json.ts'
import { columnAt, inputsOf, isConstant, placesRead } from './expressions.ts'
import { placeOf } from './keys.ts'
import type { Output } from './output.ts'
import { listOf, objectOf, type PlanNode } from './plan.ts'

/** The numberings that a window operator adds to the columns below. */
export function numberingsOf(window: PlanNode, { columns }: Output): readonly Numbering[] {
  const scope = { below: columns, ofTable: () => undefined }
  return listOf(window.fields.expressions).flatMap((expression, index): readonly Numbering[] => {
    const { type, partitions, orders, arg_orders: ordersOfValues } = objectOf(expression)
    if (type !== 'WINDOW_ROW_NUMBER' || listOf(ordersOfValues).length > 0) return []
    const partitionPlaces = listOf(partitions).map(placeOf)
    const key = partitionPlaces.filter((place) => place !== undefined)
    const groups = new Set(key)
    const order = listOf(orders)
      .map((sortKey) => ({ place: placeOf(objectOf(sortKey).expression), inputs: inputsOf(sortKey, scope) }))
      .filter(({ place }) => place === undefined || !groups.has(place))
    return [
      {
        place: columns.length + index,
        groups,
        key: key.length === partitionPlaces.length ? key : undefined,
        inputs: inputsOf(partitions, scope),
        order: orderedBy(order),
        choices: new Map(columns.map((_, place) => [place, cutBy(order, place)])),
      },
    ]
  })
}

/** What a filter leaves that asks for the number of a row in its group. Undefined for any other filter. */
export function filteredByNumber(below: Output, predicates: readonly Json[]): Output | undefined {
  if (!below.numberings?.length) return undefined
  const read = predicates.map((predicate) => ({ predicate, read: placesRead(predicate) }))
  const filter = numberFilterOf(below.numberings, read, isOneNumber)
  if (!filter) return undefined
  const { rows, column, keys } = numberedRows(
    { rows: below.rows, column: (place) => columnAt(below.columns, place) },
    filter,
  )
  return { columns: below.columns.map((_, place) => column(place)), rows, keys: [...(below.keys ?? []), ...keys] }
}

/** Rows of which nothing is seen but these expressions. */
export function seenBy(below: Output, expressions: readonly Json[]): Output {
  const { columns, numberings = [] } = below
  if (numberings.length === 0) return below
  const read = expressions.map(placesRead)
  const seen = numberings.map((numbering) => seenBeside(numbering, read))
  const numbers = new Map(seen.map((numbering) => [numbering.place, inputsOfNumbers(numbering)]))
  return { ...below, columns: columns.map((column, place) => numbers.get(place) ?? column), numberings: seen }
}

/** Whether a predicate holds for one number only: `= 1`. */
function isOneNumber(predicate: Json, place: number): boolean {
  if (!isJsonObject(predicate) || predicate.type !== 'COMPARE_EQUAL') return false
  const { left, right } = predicate
  return (placeOf(left) === place && isConstant(right)) || (placeOf(right) === place && isConstant(left))
}

import type { Inputs, SortKey } from '../../../sql/lineage-inputs.ts'
import { numberingThrough, type Origin, placesThrough } from '../../../sql/numbered-rows.ts'
import type { Json } from '../../../util/json.ts'
import { columnAt, placesRead } from './expressions.ts'
import { keysThrough, placeOf } from './keys.ts'
import type { Known, Output } from './output.ts'
import { numbersOf } from './plan.ts'

/** What is still known of the rows of a projection. */
export function projected(known: Known, expressions: readonly Json[]): Known {
  return knownThrough(known, expressions.map(placeOf), () =>
    expressions.map((expression, place) => ({ place, from: placeOf(expression), read: placesRead(expression) })),
  )
}

/** The columns that an operator keeps, and what is known of them; all where it does not say. */
export function pickedOf(output: Output, map: Json | undefined): Output {
  const indexes = numbersOf(map)
  if (indexes.length === 0) return output
  const origins = () => indexes.map((from, place) => ({ place, from, read: [from] }))
  return { ...knownThrough(output, indexes, origins), columns: picked(output.columns, map), rows: output.rows }
}

/** The same for columns of which nothing more is known. */
export function picked(columns: readonly Inputs[], map: Json | undefined): readonly Inputs[] {
  const indexes = numbersOf(map)
  return indexes.length === 0 ? columns : indexes.map((index) => columnAt(columns, index))
}

/** `origins` are looked at only where something is known that needs them. */
function knownThrough(
  { keys, order, numberings = [], kept = [] }: Known,
  places: readonly (number | undefined)[],
  origins: () => readonly Origin[],
): Known {
  const from = numberings.length + kept.length > 0 ? origins() : []
  return {
    keys: keysThrough(keys, places),
    ...(order ? { order: sortedThrough(order, places) } : {}),
    numberings: numberings.flatMap((numbering) => numberingThrough(numbering, from)),
    kept: kept.map((side) => ({ ...side, places: placesThrough(side.places, from) })),
  }
}

function sortedThrough(order: readonly SortKey[], places: readonly (number | undefined)[]): readonly SortKey[] {
  return order.map(({ place, inputs }) => {
    const next = place === undefined ? -1 : places.indexOf(place)
    return { inputs, place: next === -1 ? undefined : next }
  })
}

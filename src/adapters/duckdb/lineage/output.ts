import {
  decideBy,
  derive,
  deriveFromRows,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_ROWS,
  type Rows,
} from '../../../sql/lineage-inputs.ts'
import type { Json } from '../../../util/json.ts'
import { columnAt } from './expressions.ts'
import { type Key, keysThrough } from './keys.ts'
import { NotUnderstood, numbersOf } from './plan.ts'

/** What an operator gives: the inputs of its columns, in their order, and what decides which rows they stand in. */
export interface Output {
  readonly columns: readonly Inputs[]
  readonly rows: Rows
  /** Each tells rows apart; none where nothing is known. */
  readonly keys?: readonly Key[]
  /** What the rows are sorted by, the first key first, as far as it was just done. */
  readonly order?: readonly SortKey[]
}

/** A sort key, and the column that it is, if it is one. */
export interface SortKey {
  readonly place: number | undefined
  readonly inputs: Inputs
}

export function union(outputs: readonly Output[]): Output {
  const [first] = outputs
  if (first === undefined) throw new NotUnderstood('a union of nothing')
  const columns = first.columns.map((_, index) => mergeInputs(outputs.map((output) => columnAt(output.columns, index))))
  return { columns, rows: mergeRows(outputs.map((output) => output.rows)) }
}

export function beside(left: Output, right: Output): Output {
  return { columns: [...left.columns, ...right.columns], rows: mergeRows([left.rows, right.rows]) }
}

/** One row whatever happens: what decides about the rows below decides about its values. */
export function onlyValues({ columns, rows }: Output): Output {
  const depending = deriveFromRows(rows)
  if (depending.size === 0) return { columns, rows: NO_ROWS }
  return { columns: columns.map((inputs) => derive(mergeInputs([inputs, depending]))), rows: NO_ROWS }
}

/** The columns that an operator keeps; all where it does not say. */
export function picked(columns: readonly Inputs[], map: Json | undefined): readonly Inputs[] {
  const indexes = numbersOf(map)
  return indexes.length === 0 ? columns : indexes.map((index) => columnAt(columns, index))
}

/** The same for keys. */
export function pickedOf({ columns, keys }: Output, map: Json | undefined): Required<Pick<Output, 'columns' | 'keys'>> {
  const indexes = numbersOf(map)
  return { columns: picked(columns, map), keys: indexes.length === 0 ? (keys ?? []) : keysThrough(keys, indexes) }
}

/**
 * The columns that decide which values a limit leaves in one column. Those of a sort key are the smallest in the order of the
 * keys before it and its own, whatever comes after.
 */
export function cutBy(order: readonly SortKey[], place: number): Rows {
  const own = order.findIndex((key) => key.place === place)
  const keys = own === -1 ? order : order.slice(0, own + 1)
  return decideBy('ordered', mergeInputs(keys.map(({ inputs }) => inputs)))
}

export function sortedThrough(order: readonly SortKey[], places: readonly (number | undefined)[]): readonly SortKey[] {
  return order.map(({ place, inputs }) => {
    const next = place === undefined ? -1 : places.indexOf(place)
    return { inputs, place: next === -1 ? undefined : next }
  })
}

/** Grows with every input that is added, and with every one that is derived from now on. */
export function sizeOf({ columns, rows }: Output): number {
  let size = rows.size
  for (const inputs of columns) for (const { how } of inputs.values()) size += how === 'derived' ? 2 : 1
  return size
}

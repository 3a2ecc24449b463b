import {
  derive,
  deriveFromRows,
  type Inputs,
  mergeInputs,
  mergeRows,
  NO_ROWS,
  type Rows,
  type SortKey,
} from '../../../sql/lineage-inputs.ts'
import type { Numbering } from '../../../sql/numbered-rows.ts'
import { columnAt } from './expressions.ts'
import type { Key } from './keys.ts'
import { NotUnderstood } from './plan.ts'

/** What an operator gives: the inputs of its columns, in their order, and what decides which rows they stand in. */
export interface Output extends Known {
  readonly columns: readonly Inputs[]
  readonly rows: Rows
}

/** What is known of rows beside what they are made of. Nothing is known where something is absent. */
export interface Known {
  /** Each tells rows apart. */
  readonly keys?: readonly Key[]
  /** What the rows are sorted by, the first key first, as far as it was just done. */
  readonly order?: readonly SortKey[]
  /** Columns that number the rows of groups. */
  readonly numberings?: readonly Numbering[]
  /** Sides of joins that keep all of their rows, the innermost first. */
  readonly kept?: readonly KeptSide[]
}

/**
 * Columns of the side of a `left join` that keeps all of its rows. The other side decides how often each row comes, and not
 * which ones there are.
 */
export interface KeptSide {
  readonly places: ReadonlySet<number>
  /** What decides which rows there are, once each. */
  readonly rows: Rows
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

/** Grows with every input that is added, and with every one that is derived from now on. */
export function sizeOf({ columns, rows }: Output): number {
  let size = rows.size
  for (const inputs of columns) for (const { how } of inputs.values()) size += how === 'derived' ? 2 : 1
  return size
}

import type { ColumnInput, ColumnReference, QueryLineage, RowInfluence } from './query-lineage.ts'

/**
 * The columns that a value is made of, each once, and those that decide from which row it is taken where they decide nothing
 * about the rows themselves, each once for a reason.
 */
export type Inputs = ReadonlyMap<string, ColumnInput | RowInfluence>

/** The columns that decide about rows, each once for a reason. */
export type Rows = ReadonlyMap<string, RowInfluence>

/** A key that rows are sorted by, and the column that it is, if it is one. */
export interface SortKey {
  readonly place: number | undefined
  readonly inputs: Inputs
}

export const NO_INPUTS: Inputs = new Map()
export const NO_ROWS: Rows = new Map()

export function copyOf(reference: ColumnReference): Inputs {
  return new Map([[keyOf(reference), { ...reference, how: 'copied' }]])
}

/** All of them. What is derived in one place is not copied any more. */
export function mergeInputs(parts: Iterable<Inputs>): Inputs {
  const filled = [...parts].filter((part) => part.size > 0)
  if (filled.length <= 1) return filled[0] ?? NO_INPUTS
  const merged = new Map(filled[0])
  for (const part of filled.slice(1)) {
    for (const [key, input] of part) {
      if (merged.get(key)?.how !== 'derived') merged.set(key, input)
    }
  }
  return merged
}

/** The same columns, of which something is computed. */
export function derive(inputs: Inputs): Inputs {
  if (![...inputs.values()].some((input) => input.how === 'copied')) return inputs
  return new Map(
    [...inputs].map(([key, input]) => [key, input.how === 'copied' ? { ...input, how: 'derived' } : input]),
  )
}

/** A value that is taken from a row on which these columns decide. */
export function takenBy(rows: Rows, inputs: Inputs): Inputs {
  return rows.size === 0 ? inputs : new Map([...inputs, ...rows])
}

/** What decides about the rows that a value is made of, as what the value is made of. */
export function deriveFromRows(rows: Rows): Inputs {
  const inputs = [...rows.values()].map(({ how: _, ...reference }) => derive(copyOf(reference)))
  return mergeInputs(inputs)
}

/** The columns of a condition, a key or an order as what decides about rows. */
export function decideBy(how: RowInfluence['how'], inputs: Inputs): Rows {
  return new Map(
    [...inputs.values()].map(({ schema, relation, column }) => {
      const reference = { schema, relation, column }
      return [`${how} ${keyOf(reference)}`, { ...reference, how }]
    }),
  )
}

export function mergeRows(parts: Iterable<Rows>): Rows {
  const filled = [...parts].filter((part) => part.size > 0)
  if (filled.length <= 1) return filled[0] ?? NO_ROWS
  return new Map(filled.flatMap((part) => [...part]))
}

/** Those that are not among others. */
export function rowsWithout(rows: Rows, others: Rows): Rows {
  return new Map([...rows].filter(([key]) => !others.has(key)))
}

/** The columns of sort keys as what decides which rows come first. */
export function orderedBy(order: readonly SortKey[]): Rows {
  return decideBy('ordered', mergeInputs(order.map(({ inputs }) => inputs)))
}

/**
 * What decides which values are left in one column of the rows that come first. Those of a sort key are the smallest in the
 * order of the keys before it and its own, whatever comes after.
 */
export function cutBy(order: readonly SortKey[], place: number): Rows {
  const own = order.findIndex((key) => key.place === place)
  return orderedBy(own === -1 ? order : order.slice(0, own + 1))
}

/** What is known of a query. An influence on all columns that are not made of its column anyway is one on the rows. */
export function queryLineage(names: readonly string[], columns: readonly Inputs[], rows: Rows): QueryLineage {
  const influences = new Map<string, RowInfluence>(rows)
  for (const [key, influence] of columns.flatMap((inputs) => [...inputs])) {
    if (isInput(influence) || influences.has(key)) continue
    const isTaken = columns.map((inputs) => inputs.has(key))
    const isAll = columns.every((inputs, place) => isTaken[place] || inputs.has(keyOf(influence)))
    const taken = { columns: names.filter((_, place) => isTaken[place]) }
    influences.set(key, isAll ? influence : { ...influence, ...taken })
  }
  return {
    columns: names.map((name, place) => ({ name, inputs: [...(columns[place]?.values() ?? [])].filter(isInput) })),
    rows: [...influences.values()],
  }
}

function isInput(input: ColumnInput | RowInfluence): input is ColumnInput {
  return input.how === 'copied' || input.how === 'derived'
}

function keyOf({ schema, relation, column }: ColumnReference): string {
  return JSON.stringify([schema, relation, column])
}

import type { ColumnInput, ColumnReference, RowInfluence } from './query-lineage.ts'

/** The columns that a value is made of, each once. */
export type Inputs = ReadonlyMap<string, ColumnInput>

/** The columns that decide about rows, each once for a reason. */
export type Rows = ReadonlyMap<string, RowInfluence>

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
  return new Map([...inputs].map(([key, input]) => [key, { ...input, how: 'derived' }]))
}

/** What decides about the rows that a value is made of, as what the value is made of. */
export function deriveFromRows(rows: Rows): Inputs {
  const inputs = [...rows.values()].map(({ how: _, ...reference }) => derive(copyOf(reference)))
  return mergeInputs(inputs)
}

/** The columns of a condition, a key or an order as what decides about rows. */
export function decideBy(how: RowInfluence['how'], inputs: Inputs): Rows {
  return new Map(
    [...inputs].map(([key, { schema, relation, column }]) => [`${how} ${key}`, { schema, relation, column, how }]),
  )
}

export function mergeRows(parts: Iterable<Rows>): Rows {
  const filled = [...parts].filter((part) => part.size > 0)
  if (filled.length <= 1) return filled[0] ?? NO_ROWS
  return new Map(filled.flatMap((part) => [...part]))
}

function keyOf({ schema, relation, column }: ColumnReference): string {
  return JSON.stringify([schema, relation, column])
}

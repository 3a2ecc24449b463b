import type { ColumnInput, ColumnReference, RowInfluence } from '../../../sql/query-lineage.ts'

/** What a value is made of: no column twice; one that is copied here and derived there is derived. */
export type Inputs = ReadonlyMap<string, ColumnInput>

/** What decides about rows: no column twice for one reason. */
export type Influences = ReadonlyMap<string, RowInfluence>

export const NO_INPUTS: Inputs = new Map()
export const NO_INFLUENCES: Influences = new Map()

/** A column of a relation, as it is. */
export function copyOf(reference: ColumnReference): Inputs {
  return new Map([[keyOf(reference), { ...reference, how: 'copied' }]])
}

/** The inputs of a value that is one or the other of these. */
export function eitherOf(...all: readonly Inputs[]): Inputs {
  const filled = all.filter((inputs) => inputs.size > 0)
  if (filled.length === 0) return NO_INPUTS
  if (filled.length === 1) return filled[0]!
  const joined = new Map<string, ColumnInput>()
  for (const inputs of filled) {
    for (const [key, input] of inputs) if (joined.get(key)?.how !== 'derived') joined.set(key, input)
  }
  return joined
}

/** The inputs of a value that is computed from these. */
export function derivedFrom(...all: readonly Inputs[]): Inputs {
  const joined = new Map<string, ColumnInput>()
  for (const inputs of all) for (const [key, input] of inputs) joined.set(key, { ...input, how: 'derived' })
  return joined
}

/** What decides about rows because a value made of these does. */
export function influenceOf(how: RowInfluence['how'], ...all: readonly Inputs[]): Influences {
  const influences = new Map<string, RowInfluence>()
  for (const inputs of all) for (const [key, input] of inputs) influences.set(`${how} ${key}`, { ...input, how })
  return influences
}

export function bothOf(...all: readonly Influences[]): Influences {
  const filled = all.filter((influences) => influences.size > 0)
  return filled.length === 1 ? filled[0]! : new Map(filled.flatMap((influences) => [...influences]))
}

/** The inputs of a value to which it matters which rows there were: an aggregate, or a subquery in the place of a value. */
export function dependingOn(influences: Influences): Inputs {
  const inputs = new Map<string, ColumnInput>()
  for (const influence of influences.values()) inputs.set(keyOf(influence), { ...influence, how: 'derived' })
  return inputs
}

function keyOf({ schema, relation, column }: ColumnReference): string {
  return JSON.stringify([schema, relation, column])
}

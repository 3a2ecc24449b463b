import type { How } from './oracle.ts'

/** What lineage says of one output, as far as it is about one relation that the query reads. */
export interface Said {
  readonly output: string
  readonly inputs: readonly { readonly column: string | undefined; readonly how: 'copied' | 'derived' }[]
  readonly rows: readonly { readonly column: string | undefined; readonly columns?: readonly string[] }[]
  /** How many inputs the output has, of whatever relation. */
  readonly inputCount: number
}

/** How the output claims a column of the relation; undefined where it does not. */
export function claimOf({ output, inputs, rows, inputCount }: Said, column: string): How | undefined {
  const deciding = rows.filter((row) => row.columns?.includes(output) ?? true)
  const input = inputs.find((candidate) => candidate.column === column)
  const isInfluenced = deciding.some((row) => row.column === column)
  if (input) return input.how === 'copied' && inputCount === 1 && !isInfluenced ? 'copy' : 'value'
  if (isInfluenced) return 'influence'
  return [...inputs, ...deciding].some((reference) => reference.column === undefined) ? 'all' : undefined
}

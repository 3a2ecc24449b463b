import type { How, Subject } from './oracle.ts'

/** What lineage says of one output, as far as it is about one relation that the query reads. */
interface Said {
  readonly output: string
  readonly inputs: readonly { readonly column: string | undefined; readonly how: 'copied' | 'derived' }[]
  readonly rows: readonly { readonly column: string | undefined; readonly columns?: readonly string[] }[]
  /** How many inputs the output has, of whatever relation. */
  readonly inputCount: number
}

/** What is claimed by what lineage says; `isOf` tells whether a reference is to a table of the oracle. */
export function claimsOf<Input extends Said['inputs'][number], Row extends Said['rows'][number]>(
  lineage: {
    readonly columns: readonly { readonly name: string; readonly inputs: readonly Input[] }[]
    readonly rows: readonly Row[]
  },
  isOf: (reference: Input | Row, table: string) => boolean,
): Subject['claims'] {
  return ({ output, table, column }) => {
    const { name, inputs } = lineage.columns[output]!
    const isOfTable = (reference: Input | Row) => isOf(reference, table)
    const rows = lineage.rows.filter(isOfTable)
    return claimOf({ output: name, inputs: inputs.filter(isOfTable), rows, inputCount: inputs.length }, column)
  }
}

/** How the output claims a column of the relation; undefined where it does not. */
function claimOf({ output, inputs, rows, inputCount }: Said, column: string): How | undefined {
  const deciding = rows.filter((row) => row.columns?.includes(output) ?? true)
  const input = inputs.find((candidate) => candidate.column === column)
  const isInfluenced = deciding.some((row) => row.column === column)
  if (input) return input.how === 'copied' && inputCount === 1 && !isInfluenced ? 'copy' : 'value'
  if (isInfluenced) return 'influence'
  return [...inputs, ...deciding].some((reference) => reference.column === undefined) ? 'all' : undefined
}

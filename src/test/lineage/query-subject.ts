import type { QueryLineage } from '../../sql/query-lineage.ts'
import type { QueryStep } from './generated-queries.ts'
import type { Subject } from './oracle.ts'

/** A query over the oracle's tables, with what the engine says of it. */
export function querySubject({ sql, comparisons }: QueryStep, lineage: QueryLineage): Subject {
  return {
    name: sql,
    sql,
    comparisons,
    outputs: lineage.columns.map(({ name }) => name),
    claims: ({ output, table, column }) => {
      const of = lineage.columns[output]!
      const inputs = of.inputs.filter(({ relation }) => relation === table)
      const rows = lineage.rows.filter(
        ({ relation, columns }) => relation === table && (columns?.includes(of.name) ?? true),
      )
      const input = inputs.find((candidate) => candidate.column === column)
      const isInfluenced = rows.some((row) => row.column === column)
      if (input) return input.how === 'copied' && of.inputs.length === 1 && !isInfluenced ? 'copy' : 'value'
      if (isInfluenced) return 'influence'
      return [...inputs, ...rows].some((reference) => reference.column === undefined) ? 'all' : undefined
    },
  }
}

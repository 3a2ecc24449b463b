import type { QueryLineage } from '../../sql/query-lineage.ts'
import { claimOf } from './claim.ts'
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
      const { name, inputs } = lineage.columns[output]!
      const isOfTable = ({ relation }: { readonly relation: string }) => relation === table
      const said = {
        output: name,
        inputs: inputs.filter(isOfTable),
        rows: lineage.rows.filter(isOfTable),
        inputCount: inputs.length,
      }
      return claimOf(said, column)
    },
  }
}

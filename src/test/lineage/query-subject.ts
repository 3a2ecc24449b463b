import type { QueryLineage } from '../../sql/query-lineage.ts'
import { claimsOf } from './claim.ts'
import type { QueryStep } from './generated-queries.ts'
import type { Subject } from './oracle.ts'

/** A query over the oracle's tables, with what the engine says of it. */
export function querySubject({ sql, comparisons }: QueryStep, lineage: QueryLineage): Subject {
  return {
    name: sql,
    sql,
    comparisons,
    outputs: lineage.columns.map(({ name }) => name),
    claims: claimsOf(lineage, ({ relation }, table) => relation === table),
  }
}

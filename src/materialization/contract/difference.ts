import type { ColumnProperties } from '../../manifest/nodes.ts'

/** One column of which contract and query do not say the same. */
export interface Difference {
  readonly name: string
  /** The type in the contract; absent where the contract has no such column. */
  readonly promised?: string
  /** The type in the query; absent where the query has no such column. */
  readonly given?: string
  readonly column?: ColumnProperties
}

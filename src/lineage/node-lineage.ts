import type { ColumnInput, RowInfluence } from '../sql/query-lineage.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** Where every column of every bound node comes from: columns of the nodes and sources that its query reads. */
export interface ProjectLineage {
  readonly nodes: ReadonlyMap<UniqueId, NodeLineage>
}

export interface NodeLineage {
  /** In the order of the relation. */
  readonly columns: readonly NodeColumnLineage[]
  /** What decides which rows there are; it counts for every column, or for those that it names. */
  readonly rows: readonly NodeInfluence[]
  /** The nodes and sources that it reads, also those of which it takes no column, as `count(*)` does. */
  readonly reads: readonly UniqueId[]
  /** Why nothing exact is known, as a phrase; every column is then said to come from all columns of all that is read. */
  readonly unknown?: string
  /** Whether it has a query; seeds and sources have none. */
  readonly hasQuery: boolean
}

export interface NodeColumnLineage {
  readonly name: string
  /** The engine's name of the type. */
  readonly type: string
  readonly inputs: readonly NodeColumn[]
}

/** A column that values are made of. */
export interface NodeColumn extends NodeColumnReference {
  readonly how: ColumnInput['how']
}

/** A column that decides about rows. */
export interface NodeInfluence extends NodeColumnReference {
  readonly how: RowInfluence['how']
  /** The columns of the node for which it counts; absent where it counts for all. */
  readonly columns?: readonly string[]
}

export interface NodeColumnReference {
  readonly node: UniqueId
  /** Undefined where only this is known: some columns of the node, perhaps all. */
  readonly column: string | undefined
}

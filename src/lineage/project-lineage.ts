import type { UniqueId } from '../text/unique-id.ts'

/** Where the columns of every node come from. */
export interface ProjectLineage {
  readonly nodes: ReadonlyMap<UniqueId, NodeLineage>
}

export interface NodeLineage {
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly inputs: readonly NodeColumn[]
  }[]
  /** What decides which rows there are. */
  readonly rows: readonly NodeInfluence[]
  /** Why nothing exact can be said: then every column may come from all columns of all parents. */
  readonly unknown?: string
}

export interface NodeColumn {
  readonly node: UniqueId
  /** Undefined: some columns of the node, perhaps all. */
  readonly column: string | undefined
  readonly how: 'copied' | 'derived'
}

export interface NodeInfluence {
  readonly node: UniqueId
  readonly column: string | undefined
  readonly how: 'filtered' | 'joined' | 'grouped' | 'ordered'
}

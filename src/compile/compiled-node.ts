import type { RunnableNode } from '../manifest/nodes.ts'
import type { SourceMap } from '../template/index.ts'

/** A node with its SQL. */
export interface CompiledNode<Node extends RunnableNode = RunnableNode> {
  readonly node: Node
  /** The SQL as it is sent: names of this run's candidates, ephemeral models inlined. Empty for seeds. */
  readonly sql: string
  /** The same with published names only: what `target/compiled` and `manifest.json` hold and what views are made of. */
  readonly publishedSql: string
  /** From offsets of `sql` back to the templates. */
  readonly map: SourceMap
}

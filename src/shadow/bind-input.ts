import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Model, RunnableNode, Source } from '../manifest/nodes.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import type { SqlValue } from '../sql/value.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What binding needs of the one who asks for it. */
export interface BindInput {
  readonly manifest: Manifest
  readonly dialect: Dialect
  /** A connection to a database in which every relation may be made under the name that `standIn` gives it. */
  readonly connection: Connection
  /** Others that see what is made on it, if there are any: they are asked beside it. */
  readonly beside: readonly Connection[]
  /** What to bind, and everything that it reads, parents first: nodes and sources. */
  readonly order: readonly UniqueId[]
  /** The empty relation that stands for a published one. */
  readonly standIn: (relation: Relation) => Relation
  /** The columns of a source that is a relation; undefined where nobody knows them. */
  readonly sourceColumns: (source: Source) => Promise<readonly ColumnInfo[] | undefined>
  /** A node as SQL over stand-ins. */
  readonly compile: <Node extends RunnableNode>(node: Node, how: HowToCompile) => Promise<Rendered<Node>>
  /** The query of a model that is one relation per value, as SQL over stand-ins. */
  readonly compileValues: (model: Model, how: HowToCompile) => Promise<CompiledText>
}

export interface HowToCompile {
  /**
   * Settles when the template may ask the database something; asking for it tells that it wants to, and of which relation's
   * columns if it is that. Absent where it may at once.
   */
  readonly turn?: (columnsOf?: Relation) => Promise<void>
  readonly thisRelation: Relation | undefined
  readonly isIncremental: boolean
  /** What nodes and sources are read from; those that are not among them from what they are. */
  readonly readAs: ReadonlyMap<UniqueId, Relation>
  /** The row that a relation of a model of one relation per value stands for. */
  readonly value?: Readonly<Record<string, SqlValue>>
}

export interface Rendered<Node extends RunnableNode> {
  readonly compiled: CompiledNode<Node>
  /** The template asked the database for rows, of which there are none here. */
  readonly asksForRows: boolean
}

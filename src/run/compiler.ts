import type { Connection } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Operation, RunnableNode } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'

/** What a node's templates are told beside what every node is told. */
export interface NodeSubject {
  /** What `this` is; absent where there is no such thing, as in the query of `per_value`. */
  readonly thisRelation: Relation | undefined
  readonly isIncremental: boolean
  readonly fullRefresh: boolean
  /** The row that a relation of a `per_value` node stands for; `value` in its templates. */
  readonly value: unknown
  /** Reads another relation than the run would in the place of one node: tests of one relation per value. */
  readonly readAs?: ReadonlyMap<string, Relation>
}

/**
 * Templates to SQL while a run goes on: refs see this run's candidates, `run_query` asks the node's connection. Without a
 * connection there is nothing to ask, as at parse time.
 */
export interface Compiler {
  compile<Node extends RunnableNode>(
    connection: Connection | undefined,
    node: Node,
    subject: NodeSubject,
  ): Promise<CompiledNode<Node>>
  /** A text of the node's config: a hook, one of `per_value`'s, or the parent of a foreign key. */
  text(
    connection: Connection | undefined,
    node: RunnableNode,
    text: string,
    subject: NodeSubject,
    what: 'pre-hook' | 'post-hook' | 'per_value' | 'contract',
    compiled?: CompiledNode,
  ): Promise<CompiledText>
  /** The project's `query-comment` for what a node sends; empty where there is none. */
  comment(node: RunnableNode): Promise<string>
  /** A hook of the project file; `extra` holds further names. */
  operation(
    connection: Connection | undefined,
    operation: Operation,
    extra: Readonly<Record<string, unknown>>,
  ): Promise<CompiledText>
  /** The database and schema of a node that has no single relation. */
  relationBase(node: RunnableNode): Relation
}

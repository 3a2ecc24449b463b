import { testQuery } from '../compile/index.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { BindInput, HowToCompile } from './bind-input.ts'

/** What is asked of the engine about a node: its SQL, or a statement around it. */
export interface Question<Node extends RunnableNode> {
  readonly node: Node
  readonly how: Pick<HowToCompile, 'thisRelation' | 'isIncremental'>
  readonly wrap: (sql: string) => { readonly sql: string; readonly mainOffset?: number }
}

/** What is asked first: of an incremental model its first run, of a snapshot its query alone. */
export function firstQuestion<Node extends RunnableNode>(node: Node, standIn: BindInput['standIn']): Question<Node> {
  const relation = node.kind === 'test' ? undefined : node.relation
  return {
    node,
    how: { thisRelation: relation && standIn(relation), isIncremental: false },
    wrap: (sql) => (node.kind === 'test' ? testQuery(sql, node) : { sql }),
  }
}

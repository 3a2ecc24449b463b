import { derive, type Inputs, mergeInputs, queryLineage } from '../../../sql/lineage-inputs.ts'
import type { QueryLineage } from '../../../sql/query-lineage.ts'
import type { LineageCatalog } from './flow.ts'
import { type NodeTree, TreeNode } from './node-tree.ts'
import { queryFlow } from './query-flow.ts'

/** The lineage of the query whose tree this is: a rule's list of one query. `names` are those of its columns. */
export function lineageOfTree(
  tree: NodeTree,
  names: readonly string[],
  catalog: LineageCatalog,
): QueryLineage | undefined {
  const query = tree instanceof TreeNode ? tree : tree?.[0]
  if (!(query instanceof TreeNode) || query.kind !== 'QUERY') return undefined
  const flow = queryFlow(query, { outer: undefined, catalog, anything: () => anythingIn(query, catalog) })
  return queryLineage(
    names,
    names.map((_, index) => flow.column(index + 1)),
    flow.rows(),
  )
}

/** Some columns of every relation that a query reads at any depth. */
function anythingIn(query: TreeNode, catalog: LineageCatalog): Inputs {
  return derive(
    mergeInputs(
      relationNumbers(query).map((number) => {
        const relation = catalog.relation(number)
        if (!relation) return new Map()
        const reference = { schema: relation.schema, relation: relation.name, column: undefined }
        return new Map([[JSON.stringify(reference), { ...reference, how: 'derived' as const }]])
      }),
    ),
  )
}

function relationNumbers(node: TreeNode): readonly number[] {
  const own = node.kind === 'RANGETBLENTRY' ? node.number('relid') : 0
  return [...(own === 0 ? [] : [own]), ...node.children().flatMap(relationNumbers)]
}

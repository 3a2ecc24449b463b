import type { Scope } from './flow.ts'
import { entriesOf, isGrouped, JOIN, readByAll, type SourceColumn } from './keys.ts'
import type { TreeNode } from './node-tree.ts'

/**
 * The side of a `left join` that keeps all of its rows, where it alone decides which groups a query makes: the keys and the
 * filters read nothing else. The other side decides how often its rows come. The innermost such side; undefined where there is
 * none.
 */
export function groupingSide(query: TreeNode): TreeNode | undefined {
  const source = query.node('jointree')
  const [only, ...others] = source?.nodes('fromlist') ?? []
  const sides = others.length === 0 ? keptSides(only) : []
  const keys = sides.length > 0 ? groupingKeys(query) : undefined
  const read = keys && readByAll([...keys, source?.node('quals')], query)
  return read && sides.find((side) => isWithin(side, read))
}

/** What the rows are grouped by; undefined where each of them counts. */
function groupingKeys(query: TreeNode): readonly TreeNode[] | undefined {
  const targets = query.nodes('targetList')
  if (isGrouped(query)) {
    const references = new Set(query.nodes('groupClause').map((clause) => clause.number('tleSortGroupRef')))
    return targets.filter((target) => references.has(target.number('ressortgroupref')))
  }
  // A window sees each row.
  const isDistinct = query.items('distinctClause').length > 0 && !query.flag('hasDistinctOn')
  return isDistinct && !query.flag('hasWindowFuncs') ? targets : undefined
}

/** The innermost first. */
function keptSides(source: TreeNode | undefined): readonly TreeNode[] {
  if (source?.kind !== 'JOINEXPR') return []
  const sides: Readonly<Record<number, 'larg' | 'rarg'>> = { [JOIN.left]: 'larg', [JOIN.right]: 'rarg' }
  const kept = sides[source.number('jointype')]
  const side = kept && source.node(kept)
  return side ? [...keptSides(side), side] : []
}

/** Whether an aggregate of columns of this side of a join gives the same however often its rows come. */
export function ignoresRepeats(aggregate: TreeNode, side: TreeNode, { query, catalog }: Scope): boolean {
  const number = aggregate.number('aggfnoid')
  const isOfEach = aggregate.items('aggdistinct').length > 0 && catalog.ignoresOrder(number)
  if (!isOfEach && !catalog.ignoresRepeats(number)) return false
  const read = readByAll(aggregate.children(), query)
  return read !== undefined && isWithin(side, read)
}

function isWithin(side: TreeNode, read: readonly SourceColumn[]): boolean {
  const entries = new Set(entriesOf(side))
  return read.every(({ entry }) => entries.has(entry))
}

import type { UniqueId } from '../text/unique-id.ts'
import type { NodeColumn, NodeColumnReference, NodeInfluence, ProjectLineage } from './project-lineage.ts'

/** A column on the way up: what it is made of, down to columns that are made of nothing in the project. */
export interface ColumnOrigin extends NodeColumnReference {
  /** The engine's name of the type; undefined where the column is not known. */
  readonly type: string | undefined
  /** How the column below is made of this one; undefined for the column that was asked for. */
  readonly how: NodeColumn['how'] | undefined
  readonly inputs: readonly ColumnOrigin[]
  /** What decides about the rows of its node. */
  readonly rows: readonly NodeInfluence[]
  /** Why nothing exact is known of its node. */
  readonly unknown?: string
}

/** Where a column comes from, as a tree. A column that is met twice is followed twice. */
export function originOf(
  lineage: ProjectLineage,
  { node, column }: NodeColumnReference,
  how?: NodeColumn['how'],
): ColumnOrigin {
  const of = lineage.nodes.get(node)
  const found = of?.columns.find(({ name }) => name === column)
  return {
    node,
    column,
    type: found?.type,
    how,
    inputs: (found?.inputs ?? []).map((input) => originOf(lineage, input, input.how)),
    rows: of?.rows ?? [],
    ...(of?.unknown === undefined ? {} : { unknown: of.unknown }),
  }
}

/** What a change of a column reaches in one node. */
export interface NodeImpact {
  readonly node: UniqueId
  /** Columns with values made of it. */
  readonly columns: readonly ImpactedColumn[]
  /** Why its rows can be others, or come in another number; none where only values change. */
  readonly rows: readonly NodeInfluence[]
  /** Nodes whose rows can be others and which it reads, so that its rows can be others as well. */
  readonly rowsOf: readonly UniqueId[]
}

export interface ImpactedColumn {
  readonly name: string
  readonly how: NodeColumn['how']
  /** The columns, themselves impacted or the one that changes, of which it is made. */
  readonly through: readonly NodeColumnReference[]
}

/**
 * What a change of the values of a column reaches: columns made of it, and nodes whose rows it decides about, with everything
 * that reads them. `order` holds the nodes to look at, parents first. A column that is undefined stands for all of a node.
 */
export function impactOf(
  lineage: ProjectLineage,
  changed: NodeColumnReference,
  order: readonly UniqueId[],
): readonly NodeImpact[] {
  const values = new Map<UniqueId, Set<string> | 'all'>([
    [changed.node, changed.column === undefined ? 'all' : new Set([changed.column])],
  ])
  const otherRows = new Set<UniqueId>()
  const touches = ({ node, column }: NodeColumnReference) => {
    const touched = values.get(node)
    return touched !== undefined && (touched === 'all' || column === undefined || touched.has(column))
  }
  const impacts: NodeImpact[] = []
  for (const node of order) {
    const of = lineage.nodes.get(node)
    if (of === undefined || node === changed.node) continue
    const columns = of.columns.flatMap(({ name, inputs }): readonly ImpactedColumn[] => {
      const through = inputs.filter(touches)
      if (through.length === 0) return []
      return [{ name, how: through.every(({ how }) => how === 'copied') ? 'copied' : 'derived', through }]
    })
    const rows = of.rows.filter(touches)
    const rowsOf = of.reads.filter((read) => otherRows.has(read))
    if (columns.length === 0 && rows.length === 0 && rowsOf.length === 0) continue
    values.set(node, new Set(columns.map(({ name }) => name)))
    if (rows.length > 0 || rowsOf.length > 0) otherRows.add(node)
    impacts.push({ node, columns, rows, rowsOf })
  }
  return impacts
}

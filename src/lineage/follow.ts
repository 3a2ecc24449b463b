import type { UniqueId } from '../text/unique-id.ts'
import type { NodeColumn, NodeColumnReference, NodeInfluence, NodeLineage, ProjectLineage } from './node-lineage.ts'
import { referenceKey } from './reference-key.ts'

/** A column, and what it is made of. */
export interface TracedColumn extends NodeColumnReference {
  /** The engine's name of the type; undefined where only the node is known. */
  readonly type: string | undefined
  /** Whether a query gives it; the columns of seeds and sources are what they are. */
  readonly isComputed: boolean
  readonly inputs: readonly NodeColumn[]
}

/** Where columns come from, all the way up. */
export interface Trace {
  /** The columns that were asked for, then what they are made of, then what that is made of: each once. */
  readonly columns: readonly TracedColumn[]
  /** The nodes of these columns of which something is known about their rows, in the same order. */
  readonly nodes: readonly TracedNode[]
}

export interface TracedNode extends Pick<NodeLineage, 'rows' | 'unknown'> {
  readonly node: UniqueId
}

/** Follows columns to columns that are made of nothing else in the project. */
export function traceOf(lineage: ProjectLineage, asked: readonly NodeColumnReference[]): Trace {
  const columns = new Map<string, TracedColumn>()
  const waiting = [...asked]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { node, column } = next
    const key = referenceKey(next)
    if (columns.has(key)) continue
    const of = lineage.nodes.get(node)
    const found = of?.columns.find(({ name }) => name === column)
    const inputs = found?.inputs ?? []
    columns.set(key, { node, column, type: found?.type, isComputed: of?.hasQuery ?? false, inputs })
    waiting.push(...inputs)
  }
  const ids = new Set([...columns.values()].map(({ node }) => node))
  const nodes = [...ids].flatMap((node): readonly TracedNode[] => {
    const { rows, unknown } = lineage.nodes.get(node) ?? { rows: [] }
    return rows.length > 0 || unknown !== undefined
      ? [{ node, rows, ...(unknown === undefined ? {} : { unknown }) }]
      : []
  })
  return { columns: [...columns.values()], nodes }
}

/** What a change of a column reaches in one node. */
export interface NodeImpact {
  readonly node: UniqueId
  /** Columns with values made of it. */
  readonly columns: readonly ImpactedColumn[]
  /**
   * Why its rows can be others, or come in another number, or why columns that these name can have the values of other rows;
   * none where only values change.
   */
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
    const taken = rows.flatMap((row) => row.columns ?? [])
    values.set(node, new Set([...columns.map(({ name }) => name), ...taken]))
    if (rows.some((row) => row.columns === undefined) || rowsOf.length > 0) otherRows.add(node)
    impacts.push({ node, columns, rows, rowsOf })
  }
  return impacts
}

import type { SiteInput, SiteLineage } from '../../site-data.ts'

/** A column of a node; null stands for some of its columns, perhaps all. */
export interface FollowedColumn {
  readonly node: number
  readonly column: string | null
}

/** A step from a column to one that is made of it. */
export interface FollowedEdge {
  readonly from: FollowedColumn
  readonly to: FollowedColumn
  readonly how: 'copied' | 'derived'
}

export interface Followed {
  /** The columns of each node that are involved, in the order in which they were found. */
  readonly columns: ReadonlyMap<number, readonly (string | null)[]>
  readonly edges: readonly FollowedEdge[]
}

/** Everything that a column is made of, and everything that is made of it. */
export function followColumn(lineage: SiteLineage, start: FollowedColumn): Followed {
  const columns = new Map<number, (string | null)[]>()
  const edges: FollowedEdge[] = []
  const consumers = consumersOf(lineage)
  const walk = (steps: (at: FollowedColumn) => readonly FollowedEdge[], next: 'from' | 'to') => {
    const queue = [start]
    const seen = new Set<string>([keyOf(start)])
    for (let at = 0; at < queue.length; at++) {
      const here = queue[at]!
      note(columns, here)
      for (const edge of steps(here)) {
        edges.push(edge)
        const other = edge[next]
        if (seen.has(keyOf(other))) continue
        seen.add(keyOf(other))
        queue.push(other)
      }
    }
  }
  walk((at) => inputsOf(lineage, at), 'from')
  walk(consumers, 'to')
  return { columns, edges: distinctEdges(edges) }
}

/** What a column comes from. */
function inputsOf(lineage: SiteLineage, at: FollowedColumn): readonly FollowedEdge[] {
  const own = lineage[at.node]
  if (!own) return []
  const edge = ([node, column, how]: SiteInput): FollowedEdge => ({ from: { node, column }, to: at, how })
  if (at.column !== null) {
    const wanted = at.column.toLowerCase()
    return own.columns.find(({ name }) => name.toLowerCase() === wanted)?.inputs.map(edge) ?? []
  }
  // Some columns of this node: then some columns of whatever those come from.
  const nodes = new Set(own.columns.flatMap(({ inputs }) => inputs.map(([node]) => node)))
  return [...nodes].map((node) => edge([node, null, 'derived']))
}

function consumersOf(lineage: SiteLineage): (at: FollowedColumn) => readonly FollowedEdge[] {
  const ofColumn = new Map<string, FollowedEdge[]>()
  const ofNode = new Map<number, FollowedEdge[]>()
  for (const [node, own] of lineage.entries()) {
    for (const { name, inputs } of own?.columns ?? []) {
      for (const [from, column, how] of inputs) {
        const edge: FollowedEdge = { from: { node: from, column }, to: { node, column: name }, how }
        push(ofNode, from, edge)
        push(ofColumn, keyOf(edge.from), edge)
      }
    }
  }
  return (at) => {
    // Some columns of a node: all that is made of any of them.
    if (at.column === null) return (ofNode.get(at.node) ?? []).map((edge) => ({ ...edge, from: at }))
    const exact = ofColumn.get(keyOf(at)) ?? []
    const open = ofColumn.get(keyOf({ node: at.node, column: null })) ?? []
    return [...exact, ...open].map((edge) => ({ ...edge, from: at }))
  }
}

function note(columns: Map<number, (string | null)[]>, { node, column }: FollowedColumn): void {
  const own = columns.get(node)
  if (!own) columns.set(node, [column])
  else if (!own.some((known) => sameColumn(known, column))) own.push(column)
}

function sameColumn(a: string | null, b: string | null): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}

function distinctEdges(edges: readonly FollowedEdge[]): readonly FollowedEdge[] {
  return [...new Map(edges.map((edge) => [`${keyOf(edge.from)} ${keyOf(edge.to)}`, edge])).values()]
}

function keyOf({ node, column }: FollowedColumn): string {
  return `${node} ${column === null ? '' : `.${column.toLowerCase()}`}`
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const own = map.get(key)
  if (own) own.push(value)
  else map.set(key, [value])
}

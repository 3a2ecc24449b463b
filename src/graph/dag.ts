import { invariant } from '../diagnostics/errors.ts'
import { shortestCycle } from './cycle.ts'

/**
 * A directed graph of ids, made once and never changed. Edges go from parent to child, the way data flows. Every answer
 * comes in a stable order: lists of neighbours by id, everything ordered by level and then id. No method recurses, so
 * depth is bounded by memory only. Questions about order need a graph without cycles; ask `findCycle` first.
 */
export interface Dag<Id extends string> {
  readonly size: number
  has(id: Id): boolean
  /** Direct parents, by id. */
  parents(id: Id): readonly Id[]
  /** Direct children, by id. */
  children(id: Id): readonly Id[]
  /** Everything above an id (or any of several), at most `depth` edges away, the nearest first. */
  ancestors(ids: Id | Iterable<Id>, depth?: number): readonly Id[]
  /** Everything below an id (or any of several), at most `depth` edges away, the nearest first. */
  descendants(ids: Id | Iterable<Id>, depth?: number): readonly Id[]
  /** Longest distance from a node without parents. */
  level(id: Id): number
  /** The nodes of each level, by id. */
  readonly levels: readonly (readonly Id[])[]
  /** All nodes by level, then id: parents always come before their children. */
  topologicalOrder(): readonly Id[]
  /** A cycle as the ids along it, starting with the smallest; undefined when there is none. The shortest one but for enormous tangles. */
  findCycle(): readonly Id[] | undefined
  /** The graph of these nodes only. Where a path led through others, an edge stands for it, so what was below stays below. */
  contract(keep: ReadonlySet<Id>): Dag<Id>
  /** The same nodes with more edges. */
  withEdges(edges: Iterable<Edge<Id>>): Dag<Id>
  /** Every edge, by parent and then child. */
  edges(): readonly Edge<Id>[]
}

/** From parent to child. */
export type Edge<Id extends string> = readonly [parent: Id, child: Id]

/** Makes a graph. Repeated nodes and edges count once; both ends of every edge must be among the nodes. */
export function createDag<Id extends string>(nodes: Iterable<Id>, edges: Iterable<Edge<Id>>): Dag<Id> {
  const parents = new Map<Id, Set<Id>>()
  const children = new Map<Id, Set<Id>>()
  for (const id of [...nodes].sort(compareText)) {
    parents.set(id, new Set())
    children.set(id, new Set())
  }
  for (const [parent, child] of edges) {
    const childrenOfParent = children.get(parent)
    const parentsOfChild = parents.get(child)
    invariant(childrenOfParent && parentsOfChild, `the edge ${parent} → ${child} leaves the graph`)
    childrenOfParent.add(child)
    parentsOfChild.add(parent)
  }
  return new AdjacencyDag(sortedLists(parents), sortedLists(children))
}

function sortedLists<Id extends string>(neighbours: Map<Id, Set<Id>>): ReadonlyMap<Id, readonly Id[]> {
  return new Map([...neighbours].map(([id, set]) => [id, [...set].sort(compareText)]))
}

class AdjacencyDag<Id extends string> implements Dag<Id> {
  readonly #parents: ReadonlyMap<Id, readonly Id[]>
  readonly #children: ReadonlyMap<Id, readonly Id[]>
  #levelOf: ReadonlyMap<Id, number> | undefined
  #levels: readonly (readonly Id[])[] | undefined
  #order: readonly Id[] | undefined

  constructor(parents: ReadonlyMap<Id, readonly Id[]>, children: ReadonlyMap<Id, readonly Id[]>) {
    this.#parents = parents
    this.#children = children
  }

  get size(): number {
    return this.#parents.size
  }

  has(id: Id): boolean {
    return this.#parents.has(id)
  }

  parents(id: Id): readonly Id[] {
    return neighboursOf(this.#parents, id)
  }

  children(id: Id): readonly Id[] {
    return neighboursOf(this.#children, id)
  }

  ancestors(ids: Id | Iterable<Id>, depth?: number): readonly Id[] {
    return reach(this.#parents, typeof ids === 'string' ? [ids] : ids, depth)
  }

  descendants(ids: Id | Iterable<Id>, depth?: number): readonly Id[] {
    return reach(this.#children, typeof ids === 'string' ? [ids] : ids, depth)
  }

  level(id: Id): number {
    this.#levelOf ??= levelsOf(this.#parents, this.#children)
    const level = this.#levelOf.get(id)
    invariant(level !== undefined, `${id} is not in the graph`)
    return level
  }

  get levels(): readonly (readonly Id[])[] {
    this.#levels ??= this.#groupByLevel()
    return this.#levels
  }

  topologicalOrder(): readonly Id[] {
    this.#order ??= this.levels.flat()
    return this.#order
  }

  findCycle(): readonly Id[] | undefined {
    return shortestCycle(this.#parents, this.#children)
  }

  contract(keep: ReadonlySet<Id>): Dag<Id> {
    const order = this.topologicalOrder()
    // For a node that is left out: the kept nodes from which a path of left-out nodes leads to it.
    const standIns = new Map<Id, ReadonlySet<Id>>()
    const edges: Edge<Id>[] = []
    for (const id of order) {
      const above = this.#nearestKept(id, keep, standIns)
      if (!keep.has(id)) standIns.set(id, above)
      else for (const parent of above) edges.push([parent, id])
    }
    return createDag(
      order.filter((id) => keep.has(id)),
      edges,
    )
  }

  #nearestKept(id: Id, keep: ReadonlySet<Id>, standIns: ReadonlyMap<Id, ReadonlySet<Id>>): ReadonlySet<Id> {
    const parents = this.parents(id)
    const only = parents.length === 1 ? standIns.get(parents[0]!) : undefined
    // A chain of left-out nodes shares one set.
    if (only) return only
    const nearest = new Set<Id>()
    for (const parent of parents) {
      if (keep.has(parent)) nearest.add(parent)
      else for (const standIn of standIns.get(parent)!) nearest.add(standIn)
    }
    return nearest
  }

  withEdges(edges: Iterable<Edge<Id>>): Dag<Id> {
    return createDag(this.#parents.keys(), [...this.edges(), ...edges])
  }

  edges(): readonly Edge<Id>[] {
    return [...this.#children].flatMap(([parent, children]) => children.map((child): Edge<Id> => [parent, child]))
  }

  #groupByLevel(): readonly (readonly Id[])[] {
    const groups: Id[][] = []
    for (const id of this.#parents.keys()) {
      const level = this.level(id)
      while (groups.length <= level) groups.push([])
      groups[level]!.push(id)
    }
    return groups
  }
}

function neighboursOf<Id extends string>(neighbours: ReadonlyMap<Id, readonly Id[]>, id: Id): readonly Id[] {
  const found = neighbours.get(id)
  invariant(found, `${id} is not in the graph`)
  return found
}

/** Everything reached from the starts by one to `depth` steps. */
function reach<Id extends string>(
  neighbours: ReadonlyMap<Id, readonly Id[]>,
  starts: Iterable<Id>,
  depth = Number.POSITIVE_INFINITY,
): readonly Id[] {
  const reached = new Set<Id>()
  let frontier: readonly Id[] = [...starts]
  for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
    const next: Id[] = []
    for (const id of frontier) {
      for (const neighbour of neighboursOf(neighbours, id)) {
        if (reached.has(neighbour)) continue
        reached.add(neighbour)
        next.push(neighbour)
      }
    }
    frontier = next
  }
  return [...reached]
}

function levelsOf<Id extends string>(
  parents: ReadonlyMap<Id, readonly Id[]>,
  children: ReadonlyMap<Id, readonly Id[]>,
): ReadonlyMap<Id, number> {
  const levels = new Map<Id, number>()
  const waitingFor = new Map<Id, number>([...parents].map(([id, above]) => [id, above.length]))
  let frontier = [...parents.keys()].filter((id) => waitingFor.get(id) === 0)
  for (let level = 0; frontier.length > 0; level++) {
    const next: Id[] = []
    for (const id of frontier) {
      levels.set(id, level)
      for (const child of neighboursOf(children, id)) {
        const left = waitingFor.get(child)! - 1
        waitingFor.set(child, left)
        if (left === 0) next.push(child)
      }
    }
    frontier = next
  }
  invariant(levels.size === parents.size, 'the graph has a cycle, so it has no order')
  return levels
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

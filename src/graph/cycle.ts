/** After this many visited edges the best cycle found so far is good enough to be shown. */
const VISIT_BUDGET = 2_000_000

type Neighbours<Id> = ReadonlyMap<Id, readonly Id[]>

/**
 * The shortest cycle, as its ids in the direction of the edges, starting with the smallest.
 *
 * First everything that lies on no cycle's way is peeled off: nodes without parents or without children, again and again.
 * Then, from each remaining node in order of id, a breadth-first search finds the shortest way back to it. The node is
 * then removed with whatever hangs loose without it, so that one long ring costs one search. A tangle of thousands of
 * nodes is still quadratic; there the search stops at a budget that is counted in edges, so that the answer never depends
 * on the machine. A depth-first search would be cheaper, but names whatever long detour it happened to walk first.
 */
export function shortestCycle<Id extends string>(
  parents: Neighbours<Id>,
  children: Neighbours<Id>,
): readonly Id[] | undefined {
  const core = new Core(parents, children)
  const budget = { visits: VISIT_BUDGET }
  let best: readonly Id[] | undefined
  for (const start of parents.keys()) {
    if (!core.has(start)) continue
    const found = wayBack(start, core, children, best?.length ?? Number.POSITIVE_INFINITY, budget)
    if (found) best = found
    if (best?.length === 1 || (best && budget.visits <= 0)) return best
    core.remove(start)
  }
  return best
}

/** The nodes that still lie between two cycles or on one. */
class Core<Id extends string> {
  readonly #parents: Neighbours<Id>
  readonly #children: Neighbours<Id>
  readonly #above = new Map<Id, number>()
  readonly #below = new Map<Id, number>()

  constructor(parents: Neighbours<Id>, children: Neighbours<Id>) {
    this.#parents = parents
    this.#children = children
    for (const [id, list] of parents) this.#above.set(id, list.length)
    for (const [id, list] of children) this.#below.set(id, list.length)
    this.#peel([...parents.keys()].filter((id) => this.#isLoose(id)))
  }

  has(id: Id): boolean {
    return this.#above.has(id)
  }

  /** Removes a node and all that lies on no cycle without it. */
  remove(id: Id): void {
    this.#peel([id])
  }

  #isLoose(id: Id): boolean {
    return this.#above.get(id) === 0 || this.#below.get(id) === 0
  }

  #peel(loose: Id[]): void {
    for (let id = loose.pop(); id !== undefined; id = loose.pop()) {
      if (!this.has(id)) continue
      this.#above.delete(id)
      this.#below.delete(id)
      for (const child of this.#children.get(id)!) this.#lose(this.#above, child, loose)
      for (const parent of this.#parents.get(id)!) this.#lose(this.#below, parent, loose)
    }
  }

  #lose(counts: Map<Id, number>, id: Id, loose: Id[]): void {
    const count = counts.get(id)
    if (count === undefined) return
    counts.set(id, count - 1)
    if (count === 1) loose.push(id)
  }
}

/** The shortest way from `start` back to it with fewer than `limit` edges. */
function wayBack<Id extends string>(
  start: Id,
  core: Core<Id>,
  children: Neighbours<Id>,
  limit: number,
  budget: { visits: number },
): readonly Id[] | undefined {
  const cameFrom = new Map<Id, Id>()
  let frontier: Id[] = [start]
  for (let length = 1; length < limit && frontier.length > 0; length++) {
    const next: Id[] = []
    for (const id of frontier) {
      for (const child of children.get(id)!) {
        budget.visits--
        if (child === start) return pathTo(id, start, cameFrom)
        if (!core.has(child) || cameFrom.has(child)) continue
        cameFrom.set(child, id)
        next.push(child)
      }
    }
    frontier = next
  }
  return undefined
}

function pathTo<Id extends string>(last: Id, start: Id, cameFrom: ReadonlyMap<Id, Id>): readonly Id[] {
  const path = [last]
  for (let id = last; id !== start; ) {
    id = cameFrom.get(id)!
    path.push(id)
  }
  return path.reverse()
}

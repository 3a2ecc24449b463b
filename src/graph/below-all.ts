import type { Dag } from './dag.ts'

/**
 * Finds the uppermost nodes that stand below all of several others: everything else below all of them stands below one
 * of these.
 *
 * Asked once for each of thousands of tests, so the graph is walked by numbers. Every walk has a number of its own, and
 * two arrays remember walks instead of sets: the last that came by a node, and the last of an unbroken row of walks that
 * did. After one walk from each parent, the nodes whose row reaches the last walk are those below all.
 */
export function belowAllFinder<Id extends string>(dag: Dag<Id>): (parents: readonly Id[]) => readonly Id[] {
  const ids = dag.topologicalOrder()
  const indexOf = new Map(ids.map((id, index) => [id, index]))
  const numbered = (neighbours: readonly Id[]) => Uint32Array.from(neighbours, (id) => indexOf.get(id)!)
  const childrenOf = ids.map((id) => numbered(dag.children(id)))
  const parentsOf = ids.map((id) => numbered(dag.parents(id)))
  const lastWalk = new Uint32Array(ids.length)
  const unbrokenTo = new Uint32Array(ids.length)
  let walk = 0

  /** Walks everything below a node; returns it. The first walk begins new rows. */
  const walkBelow = (start: number, isFirst: boolean): readonly number[] => {
    walk += 1
    const seen: number[] = []
    for (let at: number | undefined = start, next = 0; at !== undefined; at = seen[next++]) {
      for (const child of childrenOf[at]!) {
        if (lastWalk[child] === walk) continue
        lastWalk[child] = walk
        if (isFirst || unbrokenTo[child] === walk - 1) unbrokenTo[child] = walk
        seen.push(child)
      }
    }
    return seen
  }

  return (parents) => {
    let below: readonly number[] = []
    for (const [index, parent] of parents.entries()) below = walkBelow(indexOf.get(parent)!, index === 0)
    const isBelowAll = (index: number) => unbrokenTo[index] === walk
    const uppermost = below.filter((index) => isBelowAll(index) && !parentsOf[index]!.some(isBelowAll))
    return uppermost.map((index) => ids[index]!).sort()
  }
}

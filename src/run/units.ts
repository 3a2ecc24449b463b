import { createDag, type Dag } from '../graph/dag.ts'
import type { UniqueId } from '../text/unique-id.ts'

/**
 * What the schedule runs as one: a node, or the tests of one relation that share a scan. Named after its first node, so
 * that the order of a run does not depend on how tests are grouped.
 */
export interface Unit {
  readonly id: UniqueId
  readonly nodes: readonly UniqueId[]
}

/** The units of a run in the order the graph asks for. `groups` are disjoint; every other node is a unit of its own. */
export function unitDag(
  nodes: Dag<UniqueId>,
  groups: readonly (readonly UniqueId[])[],
): { readonly dag: Dag<UniqueId>; readonly units: ReadonlyMap<UniqueId, Unit> } {
  const leaderOf = new Map<UniqueId, UniqueId>()
  const units = new Map<UniqueId, Unit>()
  for (const group of groups) {
    const leader = group[0]
    if (leader === undefined) continue
    units.set(leader, { id: leader, nodes: group })
    for (const member of group) leaderOf.set(member, leader)
  }
  const edges: [UniqueId, UniqueId][] = []
  for (const node of nodes.topologicalOrder()) {
    const unit = leaderOf.get(node) ?? node
    if (!units.has(unit)) units.set(unit, { id: unit, nodes: [unit] })
    for (const parent of nodes.parents(node)) edges.push([leaderOf.get(parent) ?? parent, unit])
  }
  return { dag: createDag([...units.keys()], edges), units }
}

import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { createDag, type Dag, type Edge } from './dag.ts'

/** The graph of a project: models, seeds, snapshots, tests, sources and exposures, each below what it depends on. */
export function graphOf(manifest: Manifest): Dag<UniqueId> {
  const ids = [...manifest.nodes.keys(), ...manifest.sources.keys(), ...manifest.exposures.keys()]
  const edges: Edge<UniqueId>[] = []
  for (const node of [...manifest.nodes.values(), ...manifest.exposures.values()]) {
    if (node.kind === 'seed') continue
    for (const parent of node.dependsOn) edges.push([parent, node.id])
  }
  return createDag(ids, edges)
}

/**
 * The edges that make a build wait for tests, as in dbt: from each test of severity `error` to every node that has all of
 * the test's parents above it. Only the uppermost of these nodes get an edge, because the others stand below them anyway.
 * A test of `warn` severity blocks nothing, and neither does one without parents.
 */
export function testEdges(dag: Dag<UniqueId>, manifest: Manifest): readonly Edge<UniqueId>[] {
  const descendants = remember((id: UniqueId): ReadonlySet<UniqueId> => new Set(dag.descendants(id)))
  const edges: Edge<UniqueId>[] = []
  for (const test of manifest.nodes.values()) {
    if (test.kind !== 'test' || test.config.severity !== 'error') continue
    for (const blocked of uppermostBelowAll(test, dag, manifest, descendants)) edges.push([test.id, blocked])
  }
  return edges
}

function uppermostBelowAll(
  test: DataTest,
  dag: Dag<UniqueId>,
  manifest: Manifest,
  descendants: (id: UniqueId) => ReadonlySet<UniqueId>,
): readonly UniqueId[] {
  const [first, ...others] = test.dependsOn
  if (first === undefined) return []
  const otherSets = others.map(descendants)
  const isBelowAll = (id: UniqueId) => otherSets.every((set) => set.has(id))
  const isBuilt = (id: UniqueId) => (manifest.nodes.get(id)?.kind ?? 'test') !== 'test'
  // One parent: its children, the case of nearly every test, needs no search.
  if (others.length === 0) return dag.children(first).filter(isBuilt)
  const below = descendants(first)
  const belowAll = [...below].filter((id) => isBuilt(id) && isBelowAll(id))
  return belowAll.filter((id) => !dag.parents(id).some((parent) => below.has(parent) && isBelowAll(parent)))
}

function remember<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const value = compute(key)
    known.set(key, value)
    return value
  }
}

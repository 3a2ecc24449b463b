import type { Manifest } from '../manifest/manifest.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { belowAllFinder } from './below-all.ts'
import { createDag, type Dag, type Edge } from './dag.ts'

const graphs = new WeakMap<Manifest, Dag<UniqueId>>()

/**
 * The graph of a project: models, seeds, snapshots, tests, sources and exposures, each below what it depends on. Made once
 * a manifest, because selection, schedule and artifacts all ask for it.
 */
export function graphOf(manifest: Manifest): Dag<UniqueId> {
  const known = graphs.get(manifest)
  if (known) return known
  const graph = makeGraph(manifest)
  graphs.set(manifest, graph)
  return graph
}

function makeGraph(manifest: Manifest): Dag<UniqueId> {
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
  const isBuilt = (id: UniqueId) => (manifest.nodes.get(id)?.kind ?? 'test') !== 'test'
  // Nothing hangs below tests and exposures, so without them the graph is smaller and otherwise the same.
  const built = dag.contract(new Set(dag.topologicalOrder().filter((id) => isBuilt(id) || manifest.sources.has(id))))
  const findBelowAll = belowAllFinder(built)
  const edges: Edge<UniqueId>[] = []
  for (const test of manifest.nodes.values()) {
    if (test.kind !== 'test' || test.config.severity !== 'error') continue
    const [only] = test.dependsOn
    const blocked = test.dependsOn.length === 1 ? built.children(only!) : findBelowAll(test.dependsOn)
    for (const id of blocked) edges.push([test.id, id])
  }
  return edges
}

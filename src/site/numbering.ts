import { graphOf } from '../graph/from-manifest.ts'
import { findGraphNode, type Manifest } from '../manifest/manifest.ts'
import type { DataTest, Exposure, Model, Seed, Snapshot, Source } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What has a page of its own. Tests stand on the pages of what they test. */
export type PageNode = Model | Seed | Snapshot | Source | Exposure

export interface Numbering {
  /** In the order of the graph, parents first. */
  readonly nodes: readonly PageNode[]
  readonly numberOf: ReadonlyMap<string, number>
  /** The tests of each node, by number: generic ones where they were declared, others at everything that they read. */
  readonly testsOf: ReadonlyMap<number, readonly DataTest[]>
}

/** Gives every node that has a page its number. */
export function numberNodes(manifest: Manifest): Numbering {
  const order = graphOf(manifest).topologicalOrder()
  const nodes = order.flatMap((id) => {
    const node = findGraphNode(manifest, id)
    return node === undefined || node.kind === 'test' ? [] : [node]
  })
  const numberOf = new Map<string, number>(nodes.map(({ id }, number) => [id, number]))
  const testsOf = new Map<number, DataTest[]>()
  for (const test of manifest.nodes.values()) {
    if (test.kind !== 'test') continue
    for (const id of subjectsOf(test)) {
      const number = numberOf.get(id)
      if (number === undefined) continue
      const others = testsOf.get(number)
      if (others) others.push(test)
      else testsOf.set(number, [test])
    }
  }
  return { nodes, numberOf, testsOf }
}

/** What a test says something about. */
export function subjectsOf(test: DataTest): readonly UniqueId[] {
  return test.generic ? [test.generic.attachedTo] : test.dependsOn
}

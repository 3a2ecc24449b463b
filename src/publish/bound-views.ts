import type { RunnableNode } from '../manifest/nodes.ts'
import type { RunEnvironment } from '../run/environment.ts'
import type { PublishedRelation } from '../state/rows.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Publication } from './publish.ts'

/** Views of ours that this publication does not replace and that read, at any depth, something that it does. */
export function boundViews(
  environment: Pick<RunEnvironment, 'manifest' | 'catalog' | 'graph' | 'selected' | 'publish'>,
  published: readonly PublishedRelation[],
): readonly { readonly view: PublishedRelation; readonly node: RunnableNode | undefined }[] {
  const { manifest, catalog, graph } = environment
  const views = catalog.states.filter((state) => state.kind === 'view')
  if (views.length === 0) return []
  const isPublished = new Set(published.map((relation) => relation.nodeId))
  const below = new Set<string>(graph.descendants(knownNodes(graph, isPublished)))
  return views
    .filter((view) => below.has(view.nodeId) && !isPublished.has(view.nodeId) && !isBuiltLater(environment, view))
    .map((view) => ({ view, node: manifest.nodes.get(view.nodeId as UniqueId) }))
}

/** Where each node is published as it is built, a selected view is made anew after what it reads. */
function isBuiltLater({ publish, selected }: Pick<RunEnvironment, 'publish' | 'selected'>, view: PublishedRelation) {
  return publish === 'each' && selected.has(view.nodeId as UniqueId) // we wrote the row
}

/**
 * Names of tables and materialized views downstream of what was published that this run neither built nor filled again:
 * they are older now than what they read.
 */
export function staleDownstream(
  { manifest, catalog, graph, selected }: Pick<RunEnvironment, 'manifest' | 'catalog' | 'graph' | 'selected'>,
  { relations, filledAgain }: Pick<Publication, 'relations' | 'filledAgain'>,
): readonly string[] {
  const isPublished = new Set(relations.map((relation) => relation.nodeId))
  const below = graph.descendants(knownNodes(graph, isPublished))
  const built = new Set(catalog.states.filter((state) => state.kind !== 'view').map((state) => state.nodeId))
  return [...below]
    .filter((id) => built.has(id) && !selected.has(id) && !filledAgain.has(id))
    .map((id) => manifest.nodes.get(id)?.name ?? id)
    .sort()
}

function knownNodes(graph: RunEnvironment['graph'], ids: Iterable<string>): readonly UniqueId[] {
  // The state may name nodes that the project no longer has.
  return ([...ids] as UniqueId[]).filter((id) => graph.has(id))
}

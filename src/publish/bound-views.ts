import { type Adapter, type Connection, type DatabaseError, isRefusal } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import type { PublishedRelation } from '../state/rows.ts'
import type { Span } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { PublicationPlan } from './plan.ts'
import type { Publication } from './publication.ts'

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

/**
 * Views of ours that no node of the project is any more, because the node is gone or has another name now. What they read
 * is known to the engine alone.
 */
export function orphanedViews(
  { catalog, graph }: Pick<RunEnvironment, 'catalog' | 'graph'>,
  plan: Pick<PublicationPlan, 'relations' | 'vanished'>,
): readonly PublishedRelation[] {
  const isChanged = new Set([...plan.relations, ...plan.vanished].map(keyOf))
  const isPublished = new Set(plan.relations.map((relation) => relation.nodeId))
  const orphans = catalog.states.filter((state) => {
    const isOrphan = !graph.has(state.nodeId as UniqueId) || isPublished.has(state.nodeId) // we wrote the row
    return state.kind === 'view' && isOrphan && !isChanged.has(keyOf(state))
  })
  return orphans.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

function keyOf({ schema, identifier }: PublishedRelation): string {
  return relationLabel({ schema, identifier }).toLowerCase()
}

/** Which of the views the engine cannot bind, with what it says. */
export async function brokenViews(
  { dialect, database }: Pick<Adapter, 'dialect' | 'database'>,
  connection: Connection,
  views: readonly PublishedRelation[],
): Promise<ReadonlyMap<PublishedRelation, DatabaseError>> {
  const broken = new Map<PublishedRelation, DatabaseError>()
  for (const view of views) {
    const { schema, identifier } = view
    try {
      await connection.describeQuery(`select * from ${dialect.render({ database, schema, identifier })}`)
    } catch (error) {
      if (!isRefusal(error)) throw error
      broken.set(view, error)
    }
  }
  return broken
}

/** A view that worked before a transaction and would not after it. */
export function viewBroken(
  view: Pick<Relation, 'schema' | 'identifier'>,
  error: DatabaseError,
  details: { readonly place?: Span; readonly hint: string },
): Diagnostic {
  return problem('view-broken', `The view "${relationLabel(view)}" would no longer work: ${error.message}`, details)
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

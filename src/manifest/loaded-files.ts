import type { UniqueId } from '../text/unique-id.ts'
import type { Manifest } from './manifest.ts'
import type { Source } from './nodes.ts'

/** A node, or whatever else may refer to sources; a seed does not. */
export interface Reading {
  readonly name?: string
  readonly dependsOn?: readonly UniqueId[]
}

/** Whether a source is files that the engine cannot read itself, so that a run loads them into a table. */
export function isLoaded({ external, relation }: Source): boolean {
  return external !== undefined && relation.expression === undefined
}

/** The sources of this kind that a node reads, itself or through ephemeral models; each once. */
export function loadedFilesOf(manifest: Pick<Manifest, 'nodes' | 'sources'>, node: Reading): readonly Source[] {
  const found = new Map<UniqueId, Source>()
  const seen = new Set<UniqueId>()
  const visit = (id: UniqueId): void => {
    if (seen.has(id)) return
    seen.add(id)
    const source = manifest.sources.get(id)
    if (source && isLoaded(source)) found.set(id, source)
    const other = manifest.nodes.get(id)
    if (other?.kind === 'model' && other.config.materialized === 'ephemeral') other.dependsOn.forEach(visit)
  }
  for (const id of node.dependsOn ?? []) visit(id)
  return [...found.values()]
}

import { createHash } from 'node:crypto'
import type { ManifestArtifact } from '../../artifacts/manifest-artifact.ts'
import { graphOf } from '../../graph/from-manifest.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { RunnableNode } from '../../manifest/nodes.ts'
import type { JsonObject } from '../../util/json.ts'
import { type ArtifactNodeInput, artifactNode, type ManifestArtifactInput, primaryKeys } from './artifact-node.ts'
import { artifactExposure, artifactMacro, artifactSource } from './artifact-others.ts'
import { artifactMetadata } from './metadata.ts'

/** The project as `manifest.json`, schema version 12: the keys that dbt 1.11 writes, all of them. */
export function manifestArtifact(input: ManifestArtifactInput): ManifestArtifact {
  const { manifest, project, generatedAt } = input
  const nodes = [...manifest.nodes.values(), ...manifest.operations]
  const nodeInput = { ...input, primaryKeys: primaryKeys(manifest) }
  return {
    metadata: {
      ...artifactMetadata({ name: 'manifest', version: 12 }, project, generatedAt),
      project_name: manifest.project.name,
      project_id: createHash('md5').update(manifest.project.name).digest('hex'),
      user_id: null,
      send_anonymous_usage_stats: false,
      adapter_type: project.dialect.name,
      quoting: { database: true, schema: true, identifier: true, column: null },
      run_started_at: project.runStartedAt,
    },
    nodes: byId(nodes, (node) => artifactNode(node, nodeInput)),
    sources: byId(manifest.sources.values(), (source) => artifactSource(source, project)),
    macros: byId(manifest.macros.values(), (macro) => artifactMacro(macro, project)),
    docs: artifactDocBlocks(manifest),
    exposures: byId(manifest.exposures.values(), (exposure) => ({
      ...artifactExposure(exposure),
      created_at: Date.parse(project.runStartedAt) / 1000,
    })),
    metrics: {},
    groups: {},
    selectors: {},
    disabled: disabledNodes(manifest.disabled, nodeInput),
    ...neighbours(manifest),
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
    functions: {},
  }
}

/**
 * Descriptions by id, each made when it is read, which writing does once: those of thousands of nodes never stand in memory
 * together.
 */
function byId<Item extends { readonly id: string }>(
  items: Iterable<Item>,
  describe: (item: Item) => JsonObject,
): Readonly<Record<string, JsonObject>> {
  const described: Record<string, JsonObject> = {}
  for (const item of items) {
    Object.defineProperty(described, item.id, { enumerable: true, configurable: true, get: () => describe(item) })
  }
  return described
}

function artifactDocBlocks({ docs, project }: Manifest): Readonly<Record<string, JsonObject>> {
  const described = [...docs].map(([key, contents]): [string, JsonObject] => {
    const name = key.slice(key.lastIndexOf('.') + 1)
    const id = `doc.${project.name}.${name}`
    // A block does not remember its file; tools read its name and text.
    const place = { path: `${name}.md`, original_file_path: `${name}.md` }
    const identity = { name, resource_type: 'doc', package_name: project.name, unique_id: id }
    return [id, { ...identity, ...place, block_contents: contents }]
  })
  return Object.fromEntries(described)
}

function disabledNodes(
  disabled: readonly RunnableNode[],
  input: ArtifactNodeInput,
): Readonly<Record<string, readonly JsonObject[]>> {
  const byNode = new Map<string, JsonObject[]>()
  for (const node of disabled) {
    const same = byNode.get(node.id) ?? []
    byNode.set(node.id, [...same, artifactNode(node, input)])
  }
  return Object.fromEntries(byNode)
}

function neighbours(manifest: Manifest): Pick<ManifestArtifact, 'parent_map' | 'child_map'> {
  const dag = graphOf(manifest)
  const ids = dag.topologicalOrder()
  const hooks = manifest.operations.map((operation): [string, readonly string[]] => [operation.id, operation.dependsOn])
  return {
    parent_map: Object.fromEntries([...ids.map((id) => [id, dag.parents(id)] as const), ...hooks]),
    child_map: Object.fromEntries([
      ...ids.map((id) => [id, dag.children(id)] as const),
      ...hooks.map(([id]) => [id, []] as const),
    ]),
  }
}

import type { CompiledNode } from '../../compile/compiled-node.ts'
import { describeConstraint, describeNode } from '../../context/describe-node.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { ColumnProperties, DataTest, Operation, RunnableNode } from '../../manifest/nodes.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { artifactConfig, artifactDocs, nodeConfig } from './artifact-config.ts'
import { sqlPath } from './artifact-paths.ts'

/** What the manifest artifact is made of. */
export interface ManifestArtifactInput {
  readonly manifest: Manifest
  readonly project: ProjectContext
  /** Nodes that were compiled, for their SQL. */
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode>
  /** The target folder as the project sees it: `target`. */
  readonly targetFolder: string
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
}

/** What all nodes of one artifact share. */
export interface ArtifactNodeInput extends ManifestArtifactInput {
  readonly primaryKeys: ReadonlyMap<UniqueId, readonly string[]>
}

/** A node under the keys of `manifest.json`. Keys that no node of ours fills have dbt's empty value. */
export function artifactNode(node: RunnableNode | Operation, input: ArtifactNodeInput): JsonObject {
  const { project } = input
  // Seeds have no template and so none of the first three.
  const { refs = [], sources = [], language = 'sql', ...base } = describeNode(node, () => '')
  return {
    ...base,
    database: base.database ?? project.target.database,
    schema: base.schema ?? project.target.schema,
    relation_name: relationName(node, project),
    checksum: isGeneric(node) ? { name: 'none', checksum: '' } : { name: 'sha256', checksum: node.checksum },
    config: node.kind === 'operation' ? nodeConfig(node.config) : artifactConfig(node),
    columns: Object.fromEntries(node.columns.map((column) => [column.name, artifactColumn(column)])),
    group: node.config.group ?? null,
    docs: artifactDocs(node.config),
    doc_blocks: [],
    build_path: null,
    created_at: Date.parse(project.runStartedAt) / 1000,
    ...(node.kind === 'seed' ? seedParts(project) : { refs, sources, language, ...templatedParts(node, input) }),
    ...ownParts(node, input),
  }
}

function relationName(node: RunnableNode | Operation, project: ProjectContext): string | null {
  return 'relation' in node && node.relation ? project.dialect.render(node.relation) : null
}

function isGeneric(node: RunnableNode | Operation): boolean {
  return node.kind === 'test' && node.generic !== undefined
}

function seedParts(project: ProjectContext): JsonObject {
  return { root_path: project.root, depends_on: { macros: [] } }
}

function templatedParts(
  node: Exclude<RunnableNode, { kind: 'seed' }> | Operation,
  { compiled, targetFolder }: ManifestArtifactInput,
): JsonObject {
  const sql = compiled.get(node.id)?.publishedSql
  const contract = { enforced: node.config.contract.enforced, alias_types: node.config.contract.alias_types ?? true }
  return {
    metrics: [],
    functions: [],
    compiled_path: sql === undefined ? null : `${targetFolder}/compiled/${sqlPath(node)}`,
    contract: { ...contract, checksum: null },
    ...(sql === undefined ? {} : { compiled: true, compiled_code: sql, extra_ctes_injected: true, extra_ctes: [] }),
  }
}

function ownParts(node: RunnableNode | Operation, { manifest, primaryKeys }: ArtifactNodeInput): JsonObject {
  switch (node.kind) {
    case 'model':
      return {
        access: artifactConfig(node).access ?? 'protected',
        constraints: node.constraints.map((constraint) => ({
          ...describeConstraint(constraint),
          columns: constraint.columns,
        })),
        version: null,
        latest_version: null,
        deprecation_date: null,
        primary_key: primaryKeys.get(node.id) ?? [],
        time_spine: null,
      }
    case 'operation':
      // dbt counts hooks from 1.
      return { index: node.index + 1, tags: [node.when, ...node.config.tags] }
    case 'test':
      return node.generic ? { file_key_name: fileKeyName(node.generic, manifest) } : {}
    case 'seed':
    case 'snapshot':
      return {}
  }
}

/** The key of each model as dbt infers it: the columns that are tested to be unique and not null, or else only unique. */
export function primaryKeys(manifest: Manifest): ReadonlyMap<UniqueId, readonly string[]> {
  const tested = { unique: new Map<UniqueId, string[]>(), not_null: new Map<UniqueId, string[]>() }
  for (const node of manifest.nodes.values()) {
    if (node.kind !== 'test' || node.generic?.columnName === undefined) continue
    const { name, attachedTo, columnName } = node.generic
    if (name === 'unique' || name === 'not_null') {
      tested[name].set(attachedTo, [...(tested[name].get(attachedTo) ?? []), columnName])
    }
  }
  return new Map(
    [...tested.unique].map(([id, unique]) => {
      const both = unique.filter((column) => tested.not_null.get(id)?.includes(column))
      return [id, both.length > 0 ? both : unique]
    }),
  )
}

/** Which entry of the properties file declares a test: `models.orders`, `sources.web`. */
function fileKeyName({ attachedTo }: NonNullable<DataTest['generic']>, manifest: Manifest): Json {
  const source = manifest.sources.get(attachedTo)
  if (source) return `sources.${source.sourceName}`
  const node = manifest.nodes.get(attachedTo)
  return node ? `${node.kind}s.${node.name}` : null
}

export function artifactColumn(column: ColumnProperties): JsonObject {
  return {
    name: column.name,
    description: column.description,
    meta: column.meta,
    data_type: column.data_type ?? null,
    constraints: column.constraints.map(describeConstraint),
    quote: column.quote ?? null,
    config: { meta: column.meta, tags: column.tags },
    tags: column.tags,
    granularity: null,
    doc_blocks: [],
  }
}

import type { Manifest } from '../manifest/manifest.ts'
import type { Constraint, DataTest, Exposure, Operation, RunnableNode, Source } from '../manifest/nodes.ts'
import type { Json, JsonObject } from '../util/json.ts'

/** A node as templates see it in `model` and `graph.nodes`: the fields that dbt's manifest has for it. */
export function describeNode(node: RunnableNode | Operation, relationText: (node: RunnableNode) => string): JsonObject {
  const relation = 'relation' in node ? node.relation : undefined
  return {
    unique_id: node.id,
    name: node.name,
    resource_type: node.kind,
    package_name: node.package,
    path: pathOf(node),
    original_file_path: node.file.path,
    fqn: node.fqn,
    database: relation?.database ?? null,
    schema: relation?.schema ?? null,
    alias: relation?.identifier ?? node.config.alias ?? node.name,
    relation_name: relation && node.kind !== 'operation' ? relationText(node) : null,
    description: node.description,
    columns: Object.fromEntries(node.columns.map((column) => [column.name, describeColumn(column)])),
    config: plainObject(node.config),
    unrendered_config: node.unrenderedConfig,
    tags: node.config.tags,
    meta: node.config.meta,
    checksum: { name: 'sha256', checksum: node.checksum },
    patch_path: node.patchFile ? `${node.package}://${node.patchFile.path}` : null,
    raw_code: 'rawCode' in node ? node.rawCode : '',
    language: 'sql',
    ...describeReferences(node),
    ...(node.kind === 'test' ? describeTest(node) : {}),
  }
}

/** A source as templates see it in `graph.sources`. */
export function describeSource(source: Source): JsonObject {
  return {
    unique_id: source.id,
    name: source.name,
    source_name: source.sourceName,
    resource_type: 'source',
    package_name: source.package,
    path: source.file.path,
    original_file_path: source.file.path,
    fqn: source.fqn,
    database: source.relation.database ?? null,
    schema: source.relation.schema,
    identifier: source.relation.identifier,
    description: source.description,
    source_description: source.sourceDescription,
    columns: Object.fromEntries(source.columns.map((column) => [column.name, describeColumn(column)])),
    config: plainObject(source.config),
    tags: source.config.tags,
    meta: source.config.meta,
    loader: source.loader,
    loaded_at_field: source.loadedAtField ?? null,
    loaded_at_query: source.loadedAtQuery ?? null,
    freshness: source.freshness,
  }
}

/** The whole of `graph`. */
export function describeGraph(manifest: Manifest, relationText: (node: RunnableNode) => string): JsonObject {
  return {
    nodes: mapValues(manifest.nodes, (node) => describeNode(node, relationText)),
    sources: mapValues(manifest.sources, describeSource),
    exposures: mapValues(manifest.exposures, describeExposure),
    metrics: {},
    groups: {},
  }
}

function describeExposure(exposure: Exposure): JsonObject {
  return {
    ...exposure.properties,
    unique_id: exposure.id,
    name: exposure.name,
    resource_type: 'exposure',
    package_name: exposure.package,
    original_file_path: exposure.file.path,
    fqn: exposure.fqn,
    depends_on: { nodes: exposure.dependsOn, macros: [] },
  }
}

function describeColumn(column: RunnableNode['columns'][number]): JsonObject {
  return {
    name: column.name,
    description: column.description,
    data_type: column.data_type ?? null,
    quote: column.quote ?? null,
    tags: column.tags,
    meta: column.meta,
    constraints: column.constraints.map(describeConstraint),
  }
}

/** A constraint under the keys of dbt's manifest. */
export function describeConstraint(constraint: Constraint): JsonObject {
  return {
    type: constraint.type,
    name: constraint.name ?? null,
    expression: constraint.expression ?? null,
    warn_unenforced: constraint.warnUnenforced,
    warn_unsupported: constraint.warnUnsupported,
    to: constraint.to ?? null,
    to_columns: constraint.toColumns,
  }
}

function describeReferences(node: RunnableNode | Operation): JsonObject {
  if (node.kind === 'seed') return { depends_on: { nodes: [], macros: [] }, refs: [], sources: [] }
  return {
    depends_on: { nodes: node.dependsOn, macros: node.macros },
    refs: node.refs.map(({ call }) => ({
      name: call.name,
      package: call.package ?? null,
      version: call.version ?? null,
    })),
    sources: node.sources.map(({ call }) => [call.source, call.table]),
  }
}

function describeTest(node: DataTest): JsonObject {
  if (!node.generic) return {}
  const { name, namespace, kwargs, columnName, attachedTo } = node.generic
  return {
    test_metadata: { name, kwargs, namespace: namespace ?? null },
    column_name: columnName ?? null,
    attached_node: attachedTo,
  }
}

/** The path below the resource folder: `silver/stg_orders.sql`. */
function pathOf(node: RunnableNode | Operation): string {
  if (node.kind === 'test' && node.generic) return `${node.name}.sql`
  return node.file.path.slice(node.file.path.indexOf('/') + 1)
}

/** A config holds JSON only; its type does not say so because its optional keys may be undefined. */
export function plainObject(config: object): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as Record<string, Json>
}

function mapValues<Value>(map: ReadonlyMap<string, Value>, describe: (value: Value) => JsonObject): JsonObject {
  return Object.fromEntries(Array.from(map, ([id, value]) => [id, describe(value)]))
}

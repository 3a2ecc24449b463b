import type { ProjectContext } from '../../context/project-context.ts'
import { macroText } from '../../graph/state.ts'
import type { Exposure, Macro, Source } from '../../manifest/nodes.ts'
import { isJsonObject, type Json, type JsonObject } from '../../util/json.ts'
import { artifactColumn } from './artifact-node.ts'

const NO_DOCS = { show: true, node_color: null }

/** A source under the keys of `manifest.json`. */
export function artifactSource(source: Source, project: ProjectContext): JsonObject {
  const { relation, config } = source
  const loadedAtField = source.loadedAtField ?? null
  const loadedAtQuery = source.loadedAtQuery ?? null
  const { freshness } = source
  return {
    database: relation.database ?? project.target.database,
    schema: relation.schema,
    name: source.name,
    resource_type: 'source',
    package_name: source.package,
    path: source.file.path,
    original_file_path: source.file.path,
    unique_id: source.id,
    fqn: source.fqn,
    source_name: source.sourceName,
    source_description: source.sourceDescription,
    loader: source.loader,
    identifier: relation.identifier,
    quoting: { database: null, schema: null, identifier: null, ...relation.quoting, column: null },
    loaded_at_field: loadedAtField,
    loaded_at_query: loadedAtQuery,
    freshness,
    external: source.external ? artifactExternal(source.external) : null,
    description: source.description,
    columns: Object.fromEntries(source.columns.map((column) => [column.name, artifactColumn(column)])),
    meta: config.meta,
    source_meta: {},
    tags: config.tags,
    config: {
      enabled: config.enabled,
      event_time: config.event_time ?? null,
      freshness,
      loaded_at_field: loadedAtField,
      loaded_at_query: loadedAtQuery,
      meta: config.meta,
      tags: config.tags,
      static_analysis: null,
    },
    patch_path: null,
    unrendered_config: {},
    relation_name: project.dialect.render(relation),
    created_at: Date.parse(project.runStartedAt) / 1000,
    unrendered_database: null,
    unrendered_schema: null,
    doc_blocks: [],
  }
}

/** A call is no property `external` of dbt's. */
function artifactExternal(external: NonNullable<Source['external']>): JsonObject | null {
  if ('call' in external) return null
  const { location, format, options } = external
  return {
    ...options,
    location,
    file_format: format,
    row_format: null,
    tbl_properties: null,
    partitions: null,
  }
}

/** An exposure under the keys of `manifest.json`; what its file does not say is null or empty, as in dbt. */
export function artifactExposure(exposure: Exposure): JsonObject {
  const { properties } = exposure
  const config = objectOf(properties.config)
  const tags = listOf(config.tags ?? properties.tags)
  const meta = objectOf(config.meta ?? properties.meta)
  return {
    name: exposure.name,
    resource_type: 'exposure',
    package_name: exposure.package,
    path: exposure.file.path.slice(exposure.file.path.indexOf('/') + 1),
    original_file_path: exposure.file.path,
    unique_id: exposure.id,
    fqn: exposure.fqn,
    type: properties.type ?? 'application',
    owner: { email: null, name: null, ...objectOf(properties.owner) },
    description: properties.description ?? '',
    label: properties.label ?? null,
    maturity: properties.maturity ?? null,
    meta,
    tags,
    config: { enabled: true, tags, meta },
    unrendered_config: config,
    url: properties.url ?? null,
    depends_on: { macros: [], nodes: exposure.dependsOn },
    refs: [],
    sources: [],
    metrics: [],
  }
}

/** A macro under the keys of `manifest.json`. */
export function artifactMacro(macro: Macro, project: ProjectContext): JsonObject {
  const { kind, parameters } = macro.definition
  return {
    name: macro.name,
    resource_type: 'macro',
    package_name: macro.package,
    path: macro.file.path,
    original_file_path: macro.file.path,
    unique_id: macro.id,
    macro_sql: macroText(macro),
    depends_on: { macros: [] },
    description: macro.description,
    meta: {},
    docs: NO_DOCS,
    config: { meta: {}, docs: NO_DOCS },
    patch_path: null,
    arguments: parameters.map((name) => ({ name, type: null, description: '' })),
    created_at: Date.parse(project.runStartedAt) / 1000,
    supported_languages: kind === 'materialization' ? ['sql'] : null,
  }
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function listOf(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value
  return typeof value === 'string' ? [value] : []
}

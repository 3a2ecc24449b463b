import type { SourceFile } from '../text/source-file.ts'
import { isJsonObject, type Json, type JsonObject } from '../util/json.ts'
import type { ArtifactMetadata } from './metadata.ts'
import { readArtifact, requireObject } from './read.ts'

/** `manifest.json`, version 12: the whole project as data, for every tool that reads dbt's. Keys are dbt's. */
export interface ManifestArtifact {
  readonly metadata: ManifestMetadata
  readonly nodes: Readonly<Record<string, JsonObject>>
  readonly sources: Readonly<Record<string, JsonObject>>
  readonly macros: Readonly<Record<string, JsonObject>>
  readonly docs: Readonly<Record<string, JsonObject>>
  readonly exposures: Readonly<Record<string, JsonObject>>
  readonly metrics: JsonObject
  readonly groups: JsonObject
  readonly selectors: JsonObject
  readonly disabled: Readonly<Record<string, readonly JsonObject[]>>
  readonly parent_map: Readonly<Record<string, readonly string[]>>
  readonly child_map: Readonly<Record<string, readonly string[]>>
  readonly group_map: Readonly<Record<string, readonly string[]>>
  readonly saved_queries: JsonObject
  readonly semantic_models: JsonObject
  readonly unit_tests: JsonObject
  readonly functions: JsonObject
}

export interface ManifestMetadata extends ArtifactMetadata {
  readonly project_name: string
  /** MD5 of the project's name, as dbt makes it. */
  readonly project_id: string
  readonly user_id: null
  readonly send_anonymous_usage_stats: false
  readonly adapter_type: string
  readonly quoting: JsonObject
  readonly run_started_at: string | null
}

/** A manifest of another run, to compare with: only what `state:` and deferral look at. From Lavra or from dbt. */
export interface PreviousManifest {
  readonly nodes: ReadonlyMap<string, PreviousNode>
  readonly sources: ReadonlyMap<string, JsonObject>
  readonly exposures: ReadonlyMap<string, JsonObject>
  /** The text of each macro. */
  readonly macros: ReadonlyMap<string, string>
}

export interface PreviousNode {
  readonly resourceType: string
  readonly name: string
  readonly fqn: readonly string[]
  readonly rawCode: string | undefined
  readonly checksum: string | undefined
  readonly unrenderedConfig: JsonObject
  readonly description: string
  /** By name, in their order. */
  readonly columns: ReadonlyMap<string, { readonly description: string; readonly dataType: string | undefined }>
  readonly contractEnforced: boolean
  readonly materialized: string | undefined
  readonly database: string | undefined
  readonly schema: string | undefined
  readonly alias: string | undefined
}

const MANIFEST = { name: 'manifest', oldest: 4, newest: 12 } as const

/** Reads the manifest of an earlier run; throws a `UserError` located in the file when it is not one. */
export function readManifestArtifact(file: SourceFile): PreviousManifest {
  const content = readArtifact(file, MANIFEST)
  const objectsOf = (key: string) => objectEntries(requireObject(file, content, key))
  return {
    nodes: new Map(objectsOf('nodes').map(([id, node]) => [id, previousNode(node)])),
    sources: new Map(objectsOf('sources')),
    exposures: new Map(objectsOf('exposures')),
    macros: new Map(objectsOf('macros').map(([id, macro]) => [id, textOf(macro.macro_sql) ?? ''])),
  }
}

function previousNode(node: JsonObject): PreviousNode {
  const config = objectOf(node.config)
  return {
    resourceType: textOf(node.resource_type) ?? '',
    name: textOf(node.name) ?? '',
    fqn: Array.isArray(node.fqn) ? node.fqn.map(String) : [],
    // Before version 7 of the schema it was called raw_sql.
    rawCode: textOf(node.raw_code ?? node.raw_sql),
    checksum: textOf(objectOf(node.checksum).checksum),
    unrenderedConfig: objectOf(node.unrendered_config),
    description: textOf(node.description) ?? '',
    columns: new Map(objectEntries(objectOf(node.columns)).map(([name, column]) => [name, previousColumn(column)])),
    contractEnforced: objectOf(config.contract).enforced === true,
    materialized: textOf(config.materialized),
    database: textOf(node.database),
    schema: textOf(node.schema),
    alias: textOf(node.alias),
  }
}

function previousColumn(column: JsonObject) {
  return { description: textOf(column.description) ?? '', dataType: textOf(column.data_type) }
}

function objectEntries(object: JsonObject): readonly (readonly [string, JsonObject])[] {
  return Object.entries(object).flatMap(([key, value]) => (isJsonObject(value) ? [[key, value] as const] : []))
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

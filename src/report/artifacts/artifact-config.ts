import type { HookConfig, NodeConfig } from '../../config/node-config.ts'
import type { RunnableNode } from '../../manifest/nodes.ts'
import type { Json, JsonObject } from '../../util/json.ts'

/** The configuration of a node under dbt's keys, each with dbt's default where nothing is set. */
export function artifactConfig(node: Pick<RunnableNode, 'kind' | 'config' | 'unrenderedConfig'>): JsonObject {
  const { config } = node
  switch (node.kind) {
    case 'model':
      return {
        ...nodeConfig(config),
        access: textOr(node.unrenderedConfig.access, 'protected'),
        freshness: null,
        ...ownModelConfig(config),
      }
    case 'seed':
      return { ...nodeConfig(config), delimiter: config.delimiter ?? ',', quote_columns: config.quote_columns ?? null }
    case 'snapshot':
      return { ...nodeConfig(config), ...snapshotConfig(config) }
    case 'test':
      return { ...baseConfig(config), ...testConfig(config) }
  }
}

function baseConfig(config: NodeConfig): JsonObject {
  return {
    enabled: config.enabled,
    alias: config.alias ?? null,
    schema: config.schema ?? null,
    database: config.database ?? null,
    tags: config.tags,
    meta: config.meta,
    group: config.group ?? null,
    static_analysis: null,
    materialized: config.materialized,
  }
}

/** Hooks have no settings but these. */
export function nodeConfig(config: NodeConfig): JsonObject {
  return {
    ...baseConfig(config),
    incremental_strategy: config.incremental_strategy ?? null,
    batch_size: null,
    lookback: 1,
    begin: null,
    persist_docs: defined(config.persist_docs),
    'post-hook': config.post_hook.map(artifactHook),
    'pre-hook': config.pre_hook.map(artifactHook),
    quoting: defined(config.quoting),
    column_types: config.column_types,
    full_refresh: config.full_refresh ?? null,
    unique_key: config.unique_key ?? null,
    on_schema_change: config.on_schema_change,
    on_configuration_change: config.on_configuration_change ?? 'apply',
    grants: config.grants,
    packages: [],
    docs: artifactDocs(config),
    contract: { enforced: config.contract.enforced, alias_types: config.contract.alias_types ?? true },
    event_time: config.event_time ?? null,
    concurrent_batches: null,
  }
}

/** Settings that dbt leaves to adapters and packages, and Lavra's own: there only when set, as dbt does with unknown keys. */
function ownModelConfig(config: NodeConfig): JsonObject {
  const { sql_header, incremental_predicates, merge_update_columns, merge_exclude_columns, indexes, versions } = config
  return defined({
    sql_header,
    incremental_predicates,
    merge_update_columns,
    merge_exclude_columns,
    indexes: indexes?.map(defined),
    versions,
    per_value: config.per_value && defined(config.per_value),
  })
}

function snapshotConfig(config: NodeConfig): JsonObject {
  const names = config.snapshot_meta_column_names ?? {}
  const columns = ['dbt_valid_to', 'dbt_valid_from', 'dbt_scd_id', 'dbt_updated_at', 'dbt_is_deleted']
  return {
    strategy: config.strategy ?? null,
    target_schema: config.target_schema ?? null,
    target_database: config.target_database ?? null,
    updated_at: config.updated_at ?? null,
    check_cols: config.check_cols ?? null,
    snapshot_meta_column_names: Object.fromEntries(columns.map((column) => [column, names[column] ?? null])),
    dbt_valid_to_current: config.dbt_valid_to_current ?? null,
    ...defined({ hard_deletes: config.hard_deletes }),
  }
}

function testConfig(config: NodeConfig): JsonObject {
  return {
    severity: config.severity.toUpperCase(),
    store_failures: config.store_failures ?? null,
    store_failures_as: config.store_failures_as ?? null,
    where: config.where ?? null,
    limit: config.limit ?? null,
    fail_calc: config.fail_calc,
    warn_if: config.warn_if,
    error_if: config.error_if,
  }
}

export function artifactDocs(config: NodeConfig): JsonObject {
  return { show: config.docs?.show ?? true, node_color: config.docs?.node_color ?? null }
}

function artifactHook({ sql, transaction }: HookConfig): JsonObject {
  return { sql, transaction, index: null }
}

/** The keys of a settings object that are set. */
function defined(settings: Readonly<Record<string, Json | undefined>> | object): JsonObject {
  // Settings hold JSON only; their types do not say so because optional keys may be undefined.
  const entries = Object.entries(settings) as [string, Json | undefined][]
  return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined))
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

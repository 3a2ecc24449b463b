import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Json } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import type { LocatedValue } from './located-value.ts'
import type { HookConfig } from './node-config.ts'
import {
  boolean,
  choice,
  count,
  either,
  json,
  jsonObject,
  listOf,
  listOrOne,
  mapOf,
  mismatch,
  object,
  type Shape,
  text,
} from './shape.ts'

/** What a later layer does to the value of an earlier one. `privileges` is `merge` whose keys with `+` append. */
export type MergeRule = 'replace' | 'append' | 'merge' | 'privileges'

export interface ConfigKey {
  readonly shape: Shape<unknown>
  readonly merge: MergeRule
  /** The value holds templates that are rendered when the node is run, not when the setting is read. */
  readonly holdsTemplates: boolean
}

/** The settings of a node by name, with dbt's rules of merging. `-` in a name is read as `_` before it is looked up here. */
export function configKey(name: string): ConfigKey | undefined {
  return KEYS.get(name)
}

export function configKeyNames(): readonly string[] {
  return [...KEYS.keys()]
}

/** The name of a setting as it is kept: `pre-hook` and `+pre_hook` are `pre_hook`; old names become today's. */
export function normalConfigKey(written: string): string {
  const name = written.replace(/^\+/, '').trim().replaceAll('-', '_')
  return name === 'predicates' ? 'incremental_predicates' : name
}

const columnList = either((value) => typeof value === 'string', text, listOf(text))

const hookMap = object('a hook', { sql: text }, { transaction: boolean })

const hook: Shape<HookConfig> = (at, problems) => {
  if (typeof at.value === 'string') return { sql: at.value, transaction: true }
  if (!isJsonObject(at.value)) return mismatch(at, 'must be SQL, or a map with "sql" and "transaction"', problems)
  const read = hookMap(at, problems)
  return read && { sql: read.sql, transaction: read.transaction ?? true }
}

const nothingOr = <T>(shape: Shape<T>): Shape<T | null> => either((value) => value === null, json as Shape<null>, shape)

/** One character, as in dbt; one that quotes or ends lines would leave nothing to tell fields apart. */
const delimiter: Shape<string> = (at, problems) => {
  const read = text(at, problems)
  if (read === undefined || ([...read].length === 1 && !/["\r\n]/.test(read))) return read
  return mismatch(at, 'must be one character that is no double quote and no line end', problems)
}

const severity: Shape<'error' | 'warn'> = choice('error', 'warn')

const withoutPlace =
  <T extends { readonly at: LocatedValue }>(shape: Shape<T>): Shape<Omit<T, 'at'>> =>
  (at, problems) => {
    const read = shape(at, problems)
    if (read === undefined) return undefined
    const { at: _, ...rest } = read
    return rest
  }

const KEYS: ReadonlyMap<string, ConfigKey> = new Map<string, ConfigKey>([
  // every node
  key('enabled', boolean),
  key('materialized', text),
  key('alias', nothingOr(text)),
  key('schema', nothingOr(text)),
  key('database', nothingOr(text)),
  key('tags', listOrOne(text), 'append'),
  key('meta', jsonObject, 'merge'),
  key('group', nothingOr(text)),
  key('docs', jsonObject, 'merge'),
  key(
    'quoting',
    withoutPlace(object('quoting', {}, { database: boolean, schema: boolean, identifier: boolean })),
    'merge',
  ),
  template('pre_hook', listOrOne(hook), 'append'),
  template('post_hook', listOrOne(hook), 'append'),
  key('full_refresh', nothingOr(boolean)),
  key('sql_header', nothingOr(text)),
  key('persist_docs', withoutPlace(object('persist_docs', {}, { relation: boolean, columns: boolean }))),
  key('grants', mapOf(listOrOne(text)), 'privileges'),
  key('contract', withoutPlace(object('contract', { enforced: boolean }, { alias_types: boolean, checksum: json }))),
  key('event_time', nothingOr(text)),
  // incremental
  key('incremental_strategy', nothingOr(text)),
  key('unique_key', nothingOr(columnList)),
  key('on_schema_change', choice('ignore', 'append_new_columns', 'sync_all_columns', 'fail')),
  key('incremental_predicates', nothingOr(listOrOne(text))),
  key('merge_update_columns', nothingOr(listOrOne(text))),
  key('merge_exclude_columns', nothingOr(listOrOne(text))),
  // tables
  key(
    'indexes',
    listOf(withoutPlace(object('an index', { columns: listOrOne(text) }, { unique: boolean, type: text }))),
  ),
  key('unlogged', boolean),
  // materialized views
  key('on_configuration_change', choice('apply', 'continue', 'fail')),
  // seeds
  key('column_types', mapOf(text), 'merge'),
  key('quote_columns', nothingOr(boolean)),
  key('delimiter', delimiter),
  // snapshots
  key('strategy', choice('timestamp', 'check')),
  key('updated_at', text),
  key(
    'check_cols',
    either((value) => value === 'all', text, listOf(text)),
  ),
  key('target_schema', nothingOr(text)),
  key('target_database', nothingOr(text)),
  key('hard_deletes', choice('ignore', 'invalidate', 'new_record')),
  key('dbt_valid_to_current', nothingOr(text)),
  key('snapshot_meta_column_names', mapOf(text)),
  key('invalidate_hard_deletes', boolean),
  // data tests
  key('severity', severity),
  key('warn_if', text),
  key('error_if', text),
  key('fail_calc', text),
  key('limit', nothingOr(count)),
  key('where', nothingOr(text)),
  key('store_failures', nothingOr(boolean)),
  key('store_failures_as', nothingOr(choice('table', 'view', 'ephemeral'))),
  // sources
  template('loaded_at_query', nothingOr(text)),
  // Lavra's own
  template('per_value', withoutPlace(object('per_value', { query: text, name: text }, { allow_empty: boolean }))),
  key('versions', count),
  key('swap', choice('rename', 'in_place')),
  // dbt's, read by nothing here: `config.get` and the artifacts show them
  ...[
    ...['access', 'packages', 'static_analysis', 'freshness', 'on_error', 'constraints'],
    ...['latest_version', 'latest_version_pointer', 'deprecation_date', 'time_spine', 'primary_key', 'fast'],
    ...['batch_size', 'begin', 'lookback', 'concurrent_batches', 'loaded_at_field', 'description'],
    ...['partitioned_by', 'sorted_by', 'location', 'format', 'options', 'plugin', 'parquet_read_options'],
    ...['csv_read_options', 'json_read_options', 'glue_register', 'glue_database', 'external_location', 'formatter'],
    ...['merge_on_using_columns', 'merge_update_condition', 'merge_insert_condition', 'merge_clauses'],
    ...['merge_update_set_expressions', 'merge_returning_columns'],
    // other warehouses', in projects that are built on several
    ...['cluster_by', 'partition_by', 'partitions', 'partition_expiration_days', 'require_partition_filter'],
    ...['labels', 'resource_tags', 'hours_to_expiration', 'kms_key_name', 'grant_access_to', 'copy_partitions'],
    ...[
      'transient',
      'query_tag',
      'copy_grants',
      'secure',
      'automatic_clustering',
      'snowflake_warehouse',
      'tmp_relation_type',
    ],
    ...['dist', 'sort', 'sort_type', 'bind', 'backup', 'auto_refresh', 'target_lag', 'refresh_mode', 'initialize'],
    ...['file_format', 'location_root', 'tblproperties', 'liquid_clustered_by', 'auto_liquid_cluster', 'buckets'],
  ].map((name) => key(name, json)),
])

function key(name: string, shape: Shape<unknown>, merge: MergeRule = 'replace'): [string, ConfigKey] {
  return [name, { shape, merge, holdsTemplates: false }]
}

function template(name: string, shape: Shape<unknown>, merge: MergeRule = 'replace'): [string, ConfigKey] {
  return [name, { shape, merge, holdsTemplates: true }]
}

/** Checks a value against its key and gives what the config keeps; undefined where it has problems. */
export function readConfigValue(name: string, at: LocatedValue, problems: Diagnostic[]): Json | undefined {
  // Every shape above makes plain data of plain data.
  return KEYS.get(name)?.shape(at, problems) as Json | undefined
}

/** Whether a key of a map of settings is one of the hooks, whose templates are rendered when the node is run. */
export function isHookKey(key: string): boolean {
  return configKey(normalConfigKey(key))?.holdsTemplates ?? false
}

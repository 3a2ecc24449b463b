import type { Json, JsonObject } from '../util/json.ts'

/**
 * The settings of one node after all layers are merged (defaults < project.yml < properties file < in-file `config()`).
 * Keys are dbt's, because users read them in messages, artifacts and `config.get`. Absent means "not set": defaults that
 * depend on the materialization are applied where they are used and documented there.
 */
export interface NodeConfig {
  readonly enabled: boolean
  readonly materialized: string
  readonly alias?: string
  readonly schema?: string
  readonly database?: string
  readonly tags: readonly string[]
  readonly meta: JsonObject
  readonly group?: string
  readonly docs?: JsonObject
  readonly quoting: { readonly database?: boolean; readonly schema?: boolean; readonly identifier?: boolean }
  readonly pre_hook: readonly HookConfig[]
  readonly post_hook: readonly HookConfig[]
  /** `true` or `false` beats the flag of the command line. */
  readonly full_refresh?: boolean
  readonly sql_header?: string
  readonly persist_docs: { readonly relation?: boolean; readonly columns?: boolean }
  readonly grants: Readonly<Record<string, readonly string[]>>
  readonly contract: { readonly enforced: boolean; readonly alias_types?: boolean }
  readonly event_time?: string
  // incremental
  readonly incremental_strategy?: string
  readonly unique_key?: string | readonly string[]
  readonly on_schema_change: 'ignore' | 'append_new_columns' | 'sync_all_columns' | 'fail'
  readonly incremental_predicates?: readonly string[]
  readonly merge_update_columns?: readonly string[]
  readonly merge_exclude_columns?: readonly string[]
  // tables
  readonly indexes?: readonly {
    readonly columns: readonly string[]
    readonly unique?: boolean
    readonly type?: string
  }[]
  /** Postgres: no write-ahead log for the table, which a crash of the server empties. */
  readonly unlogged?: boolean
  // materialized views
  /** What becomes of indexes that are not those of the config, where the view stays; `apply` when absent. */
  readonly on_configuration_change?: 'apply' | 'continue' | 'fail'
  // seeds
  readonly column_types: Readonly<Record<string, string>>
  readonly quote_columns?: boolean
  readonly delimiter?: string
  // snapshots
  readonly strategy?: 'timestamp' | 'check'
  readonly updated_at?: string
  readonly check_cols?: 'all' | readonly string[]
  readonly target_schema?: string
  readonly target_database?: string
  readonly hard_deletes?: 'ignore' | 'invalidate' | 'new_record'
  readonly dbt_valid_to_current?: string
  readonly snapshot_meta_column_names?: Readonly<Record<string, string>>
  // data tests
  readonly severity: 'error' | 'warn'
  readonly warn_if: string
  readonly error_if: string
  readonly fail_calc: string
  readonly limit?: number
  readonly where?: string
  readonly store_failures?: boolean
  readonly store_failures_as?: 'table' | 'view' | 'ephemeral'
  // Lavra's own
  /** One relation per row of `query`; `name` is a template over `value` that gives the relation's identifier. */
  readonly per_value?: PerValueConfig
  /** How many replaced versions are kept for `lavra rollback`. */
  readonly versions?: number
  /** How a table that is built whole gets into its place: it is renamed (default), or its rows go into the published one. */
  readonly swap?: 'rename' | 'in_place'
}

export interface HookConfig {
  readonly sql: string
  /** False: outside the publishing transaction. */
  readonly transaction: boolean
}

export interface PerValueConfig {
  /** A template that gives a query; its rows are the values, in any order. */
  readonly query: string
  /** A template over `value` (the row, by column name); gives the identifier of the value's relation. */
  readonly name: string
  /** Whether an empty result may drop every relation of the node. Default false. */
  readonly allow_empty?: boolean
}

/** A layer of configuration as it was written: any subset of the keys, each with its raw value. */
export type ConfigLayer = Readonly<Record<string, Json>>

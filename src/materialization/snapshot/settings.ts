import type { ColumnInfo } from '../../adapters/adapter.ts'
import { UserError } from '../../diagnostics/errors.ts'
import type { NodeBase } from '../../manifest/nodes.ts'
import { findColumn, unquoted } from '../find-column.ts'
import { uniqueKeys } from '../incremental/settings.ts'
import { incompleteSnapshot, metaColumnsMissing } from './problems.ts'

/** How a snapshot sees that a row changed, and how it writes that down. */
export interface SnapshotSettings {
  /** SQL over the columns of the query; together they identify a row. */
  readonly keys: readonly string[]
  readonly strategy:
    | { readonly kind: 'timestamp'; readonly updatedAt: string }
    | { readonly kind: 'check'; readonly columns: 'all' | readonly string[]; readonly updatedAt?: string }
  readonly hardDeletes: 'ignore' | 'invalidate' | 'new_record'
  /** SQL of the value that `valid_to` has in current rows; null when absent. */
  readonly validToCurrent?: string
  readonly names: MetaColumns
}

/** The names of the columns that a snapshot adds. */
export interface MetaColumns {
  readonly scdId: string
  readonly updatedAt: string
  readonly validFrom: string
  readonly validTo: string
  readonly isDeleted: string
}

/** Reads a snapshot's config. Throws `UserError` when it does not say what a row is, or when it changed. */
export function snapshotSettings(node: NodeBase): SnapshotSettings {
  const { config } = node
  const keys = uniqueKeys(config.unique_key)
  const missing = [
    ...(keys.length === 0 ? ['unique_key'] : []),
    ...(config.strategy === undefined ? ['strategy'] : []),
    ...(config.strategy === 'timestamp' && config.updated_at === undefined ? ['updated_at'] : []),
    ...(config.strategy === 'check' && !hasColumns(config.check_cols) ? ['check_cols'] : []),
  ]
  if (missing.length > 0) throw new UserError(missing.map((key) => incompleteSnapshot(node, key)))
  return {
    keys,
    strategy:
      config.strategy === 'timestamp'
        ? { kind: 'timestamp', updatedAt: config.updated_at ?? '' }
        : {
            kind: 'check',
            columns: config.check_cols ?? 'all',
            ...(config.updated_at === undefined ? {} : { updatedAt: config.updated_at }),
          },
    hardDeletes: config.hard_deletes ?? 'ignore',
    ...(config.dbt_valid_to_current === undefined ? {} : { validToCurrent: config.dbt_valid_to_current }),
    names: metaColumns(config.snapshot_meta_column_names ?? {}),
  }
}

/** Throws `UserError` when the published table is no snapshot under these names. */
export function checkMetaColumns(node: NodeBase, names: MetaColumns, published: readonly ColumnInfo[]): void {
  const needed = [names.scdId, names.updatedAt, names.validFrom, names.validTo]
  const missing = needed.filter((name) => !findColumn(published, name))
  if (missing.length > 0) throw new UserError(metaColumnsMissing(node, missing))
}

/** SQL as the config has it, or the column of that name in quotes where there is one. */
export function resolveSql(text: string, columns: readonly ColumnInfo[], quote: (name: string) => string): string {
  const column = findColumn(columns, unquoted(text))
  return column ? quote(column.name) : text
}

function hasColumns(columns: NodeBase['config']['check_cols']): boolean {
  return columns === 'all' || (columns !== undefined && columns.length > 0)
}

function metaColumns(names: Readonly<Record<string, string>>): MetaColumns {
  return {
    scdId: names.dbt_scd_id ?? 'dbt_scd_id',
    updatedAt: names.dbt_updated_at ?? 'dbt_updated_at',
    validFrom: names.dbt_valid_from ?? 'dbt_valid_from',
    validTo: names.dbt_valid_to ?? 'dbt_valid_to',
    isDeleted: names.dbt_is_deleted ?? 'dbt_is_deleted',
  }
}

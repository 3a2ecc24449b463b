import type { ColumnInfo } from '../../adapters/adapter.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { findColumn } from '../find-column.ts'
import type { PlannedColumn } from '../incremental/columns.ts'
import { type MetaColumns, resolveSql, type SnapshotSettings } from './settings.ts'

/** Everything that the queries of a snapshot are made of. */
export interface SnapshotPlan {
  readonly dialect: Dialect
  readonly settings: SnapshotSettings
  /** When the run started, as SQL. */
  readonly now: string
}

export interface ChangesPlan extends SnapshotPlan {
  readonly target: Relation
  /** The rows of the query, as a table. */
  readonly source: Relation
  readonly sourceColumns: readonly ColumnInfo[]
  readonly columns: readonly PlannedColumn[]
}

const SOURCE = 'source_rows'
const CURRENT = 'current_rows'
/** Names beside the user's columns in subqueries: no column of theirs is called so. */
const keyName = (index: number) => `__lavra_key_${index + 1}`
const UPDATED_AT = '__lavra_updated_at'

/** The first run: every row is current since it was updated. */
export function initialQuery(plan: SnapshotPlan, query: string): string {
  const { dialect, settings } = plan
  const { names } = settings
  const updatedAt = updatedAtSql(plan, [])
  const added: readonly (readonly [string, string])[] = [
    [hash([...settings.keys, updatedAt]), names.scdId],
    [updatedAt, names.updatedAt],
    [updatedAt, names.validFrom],
    // A null of the type of `updatedAt`, in a way that every engine knows.
    [`coalesce(nullif(${updatedAt}, ${updatedAt}), ${settings.validToCurrent ?? 'null'})`, names.validTo],
    ...(settings.hardDeletes === 'new_record' ? ([["'False'", names.isDeleted]] as const) : []),
  ]
  const list = added.map(([value, name]) => `,\n  ${value} as ${dialect.quote(name)}`).join('')
  return `select\n  *${list}\nfrom (\n${query}\n) as snapshot_query`
}

/**
 * The rows that a later run writes: versions that begin, and current versions that end, whole and with their new end.
 * They replace the current rows of the same `scd_id`; everything else in the table stays.
 */
export function changesQuery(plan: ChangesPlan): string {
  const { hardDeletes } = plan.settings
  const bySame = `on ${sameKey(plan)}`
  const parts = [
    [
      select(plan, (column) => begun(plan, column)),
      `from ${SOURCE} left join ${CURRENT} ${bySame}`,
      `where ${at(CURRENT, keyName(0), plan)} is null or ${changed(plan)}`,
    ],
    [
      select(plan, (column) => ended(plan, column, at(SOURCE, UPDATED_AT, plan))),
      `from ${SOURCE} join ${CURRENT} ${bySame}`,
      `where ${changed(plan)}`,
    ],
    ...(hardDeletes === 'ignore' ? [] : [vanished(plan, (column) => ended(plan, column, plan.now))]),
    ...(hardDeletes === 'new_record' ? [vanished(plan, (column) => deletion(plan, column))] : []),
  ]
  const tables = `with ${SOURCE} as (\n${sourceRows(plan)}\n),\n${CURRENT} as (\n${currentRows(plan)}\n)`
  return `${tables}\n${parts.map((lines) => lines.join('\n')).join('\nunion all\n')}`
}

/** True for rows of the table that no later version has ended. `alias` may be empty. */
export function isCurrent({ dialect, settings }: SnapshotPlan, alias: string): string {
  const validTo = `${alias === '' ? '' : `${alias}.`}${dialect.quote(settings.names.validTo)}`
  const current = settings.validToCurrent
  return current === undefined ? `${validTo} is null` : `(${validTo} is null or ${validTo} = ${current})`
}

/** dbt's formula: the key and the time of the change, as text, `|` between them, as MD5. */
function hash(parts: readonly string[]): string {
  return `md5(${parts.map((part) => `coalesce(cast(${part} as varchar), '')`).join(" || '|' || ")})`
}

function updatedAtSql({ dialect, settings, now }: SnapshotPlan, columns: readonly ColumnInfo[]): string {
  const { updatedAt } = settings.strategy
  return updatedAt === undefined ? now : resolveSql(updatedAt, columns, dialect.quote)
}

function sourceRows(plan: ChangesPlan): string {
  const { dialect, settings, source, sourceColumns } = plan
  const keys = settings.keys.map((key) => resolveSql(key, sourceColumns, dialect.quote))
  const updatedAt = updatedAtSql(plan, sourceColumns)
  const added = [...keys.map((key, index) => `${key} as ${keyName(index)}`), `${updatedAt} as ${UPDATED_AT}`]
  return `  select *, ${added.join(', ')}\n  from ${dialect.render(source)}`
}

function currentRows(plan: ChangesPlan): string {
  const { dialect, settings, target, columns } = plan
  const old = columns.flatMap((column) => column.old ?? [])
  const keys = settings.keys.map((key, index) => `${resolveSql(key, old, dialect.quote)} as ${keyName(index)}`)
  return `  select *, ${keys.join(', ')}\n  from ${dialect.render(target)}\n  where ${isCurrent(plan, '')}`
}

function sameKey(plan: ChangesPlan): string {
  return plan.settings.keys
    .map((_, index) => `${at(SOURCE, keyName(index), plan)} = ${at(CURRENT, keyName(index), plan)}`)
    .join(' and ')
}

/** Whether a row differs from its current version. */
function changed(plan: ChangesPlan): string {
  const { settings, columns, sourceColumns } = plan
  const { strategy, names } = settings
  const isBack = settings.hardDeletes === 'new_record' && findOld(columns, names.isDeleted)
  const returned = isBack ? [`${at(CURRENT, names.isDeleted, plan)} = 'True'`] : []
  if (strategy.kind === 'timestamp') {
    const isLater = `${at(CURRENT, names.validFrom, plan)} < ${at(SOURCE, UPDATED_AT, plan)}`
    return `(${[isLater, ...returned].join(' or ')})`
  }
  const compared = strategy.columns === 'all' ? sourceColumns.map((column) => column.name) : strategy.columns
  // As in dbt, every row counts as changed when a column to compare is new.
  if (compared.some((name) => !findOld(columns, name))) return '(1 = 1)'
  const differences = compared.map((name) => {
    const fresh = findColumn(sourceColumns, name)?.name ?? name
    const old = findOld(columns, name)?.name ?? name
    return `${at(SOURCE, fresh, plan)} is distinct from ${at(CURRENT, old, plan)}`
  })
  return `(${[...differences, ...returned].join(' or ')})`
}

/** The version that begins with a row of the query. */
function begun(plan: ChangesPlan, column: PlannedColumn): string {
  const { names, keys, validToCurrent } = plan.settings
  const updatedAt = at(SOURCE, UPDATED_AT, plan)
  switch (metaOf(column, names)) {
    case 'scdId':
      return hash([...keys.map((_, index) => at(SOURCE, keyName(index), plan)), updatedAt])
    case 'updatedAt':
    case 'validFrom':
      return updatedAt
    case 'validTo':
      return validToCurrent ?? 'null'
    case 'isDeleted':
      return "'False'"
    case undefined:
      return column.fresh ? at(SOURCE, column.fresh.name, plan) : 'null'
  }
}

/** A current version that ends. */
function ended(plan: ChangesPlan, column: PlannedColumn, validTo: string): string {
  if (metaOf(column, plan.settings.names) === 'validTo') return validTo
  return column.old ? at(CURRENT, column.old.name, plan) : 'null'
}

/** The version that says that a row was deleted. */
function deletion(plan: ChangesPlan, column: PlannedColumn): string {
  const { names, validToCurrent } = plan.settings
  switch (metaOf(column, names)) {
    case 'scdId':
      return hash([at(CURRENT, names.scdId, plan), plan.now])
    case 'updatedAt':
    case 'validFrom':
      return plan.now
    case 'validTo':
      return validToCurrent ?? 'null'
    case 'isDeleted':
      return "'True'"
    case undefined:
      return column.old ? at(CURRENT, column.old.name, plan) : 'null'
  }
}

/** Current versions whose row is gone from the query. */
function vanished(plan: ChangesPlan, value: (column: PlannedColumn) => string): readonly string[] {
  const { names, hardDeletes } = plan.settings
  const isMarked = hardDeletes === 'new_record' && findOld(plan.columns, names.isDeleted)
  return [
    select(plan, value),
    `from ${CURRENT} left join ${SOURCE} on ${sameKey(plan)}`,
    `where ${at(SOURCE, keyName(0), plan)} is null`,
    ...(isMarked ? [`  and ${at(CURRENT, names.isDeleted, plan)} is distinct from 'True'`] : []),
  ]
}

function select({ dialect, columns }: ChangesPlan, value: (column: PlannedColumn) => string): string {
  const list = columns.map((column) => `  cast(${value(column)} as ${column.type}) as ${dialect.quote(column.name)}`)
  return `select\n${list.join(',\n')}`
}

function metaOf(column: PlannedColumn, names: MetaColumns): keyof MetaColumns | undefined {
  const name = column.name.toLowerCase()
  const keys = ['scdId', 'updatedAt', 'validFrom', 'validTo', 'isDeleted'] as const
  return keys.find((key) => names[key].toLowerCase() === name)
}

function findOld(columns: readonly PlannedColumn[], name: string): ColumnInfo | undefined {
  return findColumn(
    columns.flatMap((column) => column.old ?? []),
    name,
  )
}

function at(alias: string, column: string, { dialect }: SnapshotPlan): string {
  return `${alias}.${dialect.quote(column)}`
}

import { invariant } from '../../diagnostics/errors.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { type ColumnPlan, type PlannedColumn, storedValue } from './columns.ts'
import type { IncrementalSettings, Key } from './settings.ts'

/** The names that dbt gives to both sides, and that `incremental_predicates` are written with. */
export const OLD = 'DBT_INTERNAL_DEST'
const NEW = 'DBT_INTERNAL_SOURCE'

export interface Merge {
  readonly dialect: Dialect
  readonly target: Relation
  /** The new rows. */
  readonly delta: Relation
  readonly plan: ColumnPlan
  readonly settings: IncrementalSettings
}

/**
 * A query of the table as it will be after the merge. Every strategy has two halves here, the old rows that stay and
 * the rows that come, and `mergeStatements` does the same in place: whatever changes in one changes in the other.
 */
export function mergedQuery(merge: Merge): string {
  switch (merge.settings.strategy) {
    case 'append':
      return union(oldRows(merge), newRows(merge))
    case 'delete+insert':
      return union(`${oldRows(merge)}\nwhere (${isReplaced(merge)}) is not true`, newRows(merge))
    case 'merge':
      return union(unmatchedOldRows(merge), upsertedRows(merge))
  }
}

/** The statements that merge the new rows into the table, which has its new columns already. */
export function mergeStatements(merge: Merge): readonly string[] {
  const { dialect, target } = merge
  const columns = merge.plan.columns.map((column) => dialect.quote(column.name)).join(', ')
  const insert = `insert into ${dialect.render(target)} (${columns})\n${newRows(merge)}`
  switch (merge.settings.strategy) {
    case 'append':
      return [insert]
    case 'delete+insert':
      return [`delete from ${dialect.render(target)} as ${OLD}\nwhere ${isReplaced(merge)}`, insert]
    case 'merge':
      return [mergeInto(merge, columns)]
  }
}

function union(first: string, second: string): string {
  return `${first}\nunion all\n${second}`
}

function oldRows({ dialect, target, plan }: Merge): string {
  const list = selectList(plan.columns, dialect, (column) => storedValue(column, 'old', { dialect, alias: OLD }))
  return `select\n${list}\nfrom ${dialect.render(target)} as ${OLD}`
}

function newRows({ dialect, delta, plan }: Merge): string {
  const list = selectList(plan.columns, dialect, (column) => storedValue(column, 'fresh', { dialect, alias: NEW }))
  return `select\n${list}\nfrom ${dialect.render(delta)} as ${NEW}`
}

/** A condition on an old row: its key is among those of the new rows. dbt puts predicates outside of the subquery. */
function isReplaced({ dialect, delta, settings }: Merge): string {
  const keysOf = (alias: string) => settings.keys.map((key) => keySql(key, alias, dialect)).join(', ')
  const keys = `(${keysOf(OLD)}) in (select ${keysOf(NEW)} from ${dialect.render(delta)} as ${NEW})`
  return [keys, ...settings.predicates.map((predicate) => `(${predicate})`)].join('\n  and ')
}

/** What a merge matches on; both sides are in scope. */
function matchCondition({ dialect, settings }: Merge): string {
  const keys = settings.keys.map((key) => `(${keySql(key, NEW, dialect)} = ${keySql(key, OLD, dialect)})`)
  return [...settings.predicates.map((predicate) => `(${predicate})`), ...keys].join('\n  and ')
}

/**
 * A join, because DuckDB takes thirty times longer for `not exists` with several keys. Keys of new rows are never null.
 */
function unmatchedOldRows(merge: Merge): string {
  const { dialect, delta } = merge
  return [
    oldRows(merge),
    `left join ${dialect.render(delta)} as ${NEW}`,
    `  on ${matchCondition(merge)}`,
    `where ${firstKey(merge, NEW)} is null`,
  ].join('\n')
}

/** The new rows; where one matches an old row, what is not updated comes from that. */
function upsertedRows(merge: Merge): string {
  const { dialect, target, delta, plan, settings } = merge
  const matched = `${firstKey(merge, OLD)} is not null`
  const list = selectList(plan.columns, dialect, (column) => {
    const fresh = storedValue(column, 'fresh', { dialect, alias: NEW })
    if (isUpdated(column, settings)) return fresh
    return `case when ${matched} then ${storedValue(column, 'old', { dialect, alias: OLD })} else ${fresh} end`
  })
  const from = `from ${dialect.render(delta)} as ${NEW}\nleft join ${dialect.render(target)} as ${OLD}`
  return `select\n${list}\n${from}\n  on ${matchCondition(merge)}`
}

function mergeInto(merge: Merge, columns: string): string {
  const { dialect, target, delta, plan, settings } = merge
  const fresh = (column: PlannedColumn) => storedValue(column, 'fresh', { dialect, alias: NEW })
  const updates = plan.columns
    .filter((column) => isUpdated(column, settings))
    .map((column) => `  ${dialect.quote(column.name)} = ${fresh(column)}`)
  return [
    `merge into ${dialect.render(target)} as ${OLD}`,
    `using ${dialect.render(delta)} as ${NEW}`,
    `on ${matchCondition(merge)}`,
    ...(updates.length === 0 ? [] : [`when matched then update set\n${updates.join(',\n')}`]),
    `when not matched then insert (${columns})`,
    `values (${plan.columns.map(fresh).join(', ')})`,
  ].join('\n')
}

function isUpdated(column: PlannedColumn, settings: IncrementalSettings): boolean {
  return column.fresh !== undefined && settings.updateColumns.includes(column.fresh.name)
}

function selectList(
  columns: readonly PlannedColumn[],
  dialect: Dialect,
  value: (column: PlannedColumn) => string,
): string {
  return columns.map((column) => `  ${value(column)} as ${dialect.quote(column.name)}`).join(',\n')
}

function firstKey({ dialect, settings }: Merge, alias: string): string {
  const key = settings.keys[0]
  invariant(key, 'a merge has a key')
  return keySql(key, alias, dialect)
}

/** An expression stands as it is: the only side in its scope is the one meant. */
function keySql(key: Key, alias: string, dialect: Dialect): string {
  return key.kind === 'column' ? `${alias}.${dialect.quote(key.name)}` : `(${key.sql})`
}

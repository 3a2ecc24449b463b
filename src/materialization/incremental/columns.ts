import type { ColumnInfo } from '../../adapters/adapter.ts'
import { UserError } from '../../diagnostics/errors.ts'
import type { NodeBase } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { findColumn } from '../find-column.ts'
import { missingColumns, schemaChanged } from './problems.ts'

/** A column of the table as it will be. */
export interface PlannedColumn {
  readonly name: string
  readonly type: string
  /** What the published table has of it; absent for a new column. */
  readonly old?: ColumnInfo
  /** What the new rows have of it; absent when they have nothing. */
  readonly fresh?: ColumnInfo
}

/** The columns of the table as it will be, in order, and those of the published table that go. */
export interface ColumnPlan {
  readonly columns: readonly PlannedColumn[]
  readonly dropped: readonly ColumnInfo[]
}

/** What decides about columns: a model's `on_schema_change`, or how a snapshot does it. */
export type SchemaChange = NodeBase['config']['on_schema_change']

/**
 * Decides the columns of the table from those of the published one and of the new rows, as `on_schema_change` says. A
 * column whose type in the new rows holds all the values of the old type is widened to it, in every mode: dbt does the
 * same for strings. Throws `UserError` when a column is missing (`ignore`) or anything differs (`fail`).
 */
export function planColumns(input: {
  readonly node: NodeBase
  readonly dialect: Dialect
  readonly mode: SchemaChange
  readonly published: readonly ColumnInfo[]
  readonly fresh: readonly ColumnInfo[]
}): ColumnPlan {
  const { node, dialect, mode, published, fresh } = input
  const kept = published.map((old): PlannedColumn => {
    const found = findColumn(fresh, old.name)
    if (!found) return { name: old.name, type: old.type, old }
    const takesNewType = mode === 'sync_all_columns' || dialect.canWiden(old.type, found.type)
    return { name: old.name, type: takesNewType ? found.type : old.type, old, fresh: found }
  })
  const missing = kept.filter((column) => !column.fresh)
  const added = fresh.filter((column) => !findColumn(published, column.name))
  const addedColumns = added.map((column): PlannedColumn => ({ ...column, fresh: column }))
  switch (mode) {
    case 'ignore':
      if (missing.length > 0) throw new UserError(missingColumns(node, names(missing)))
      return { columns: kept, dropped: [] }
    case 'append_new_columns':
      return { columns: [...kept, ...addedColumns], dropped: [] }
    case 'sync_all_columns':
      return {
        columns: [...kept.filter((column) => column.fresh), ...addedColumns],
        dropped: missing.flatMap((column) => column.old ?? []),
      }
    case 'fail': {
      const retyped = kept.filter(({ old, fresh: found }) => old && found && !dialect.canWiden(found.type, old.type))
      if (missing.length + added.length + retyped.length === 0) return { columns: unchanged(kept), dropped: [] }
      const changes = { added: names(added), removed: names(missing), retyped: names(retyped) }
      throw new UserError(schemaChanged(node, changes))
    }
  }
}

/** The statements that give the published table its new columns and types. */
export function alterStatements(plan: ColumnPlan, target: Relation, dialect: Dialect): readonly string[] {
  return [
    ...plan.dropped.map((column) => dialect.dropColumn(target, column.name)),
    ...plan.columns.flatMap((column) => {
      if (!column.old) return [dialect.addColumn(target, column)]
      return column.old.type === column.type ? [] : [dialect.alterColumnType(target, column)]
    }),
  ]
}

/** A column of one side, cast to the type that it will have; a typed null where the side does not have it. */
export function storedValue(
  column: PlannedColumn,
  side: 'old' | 'fresh',
  context: { readonly dialect: Dialect; readonly alias: string },
): string {
  const found = column[side]
  if (!found) return `cast(null as ${column.type})`
  const value = `${context.alias}.${context.dialect.quote(found.name)}`
  return found.type === column.type ? value : `cast(${value} as ${column.type})`
}

/** Columns whose values are stored as another type that may not hold them, of one side. */
export function lossyCasts(plan: ColumnPlan, side: 'old' | 'fresh', dialect: Dialect): readonly PlannedColumn[] {
  return plan.columns.filter((column) => {
    const found = column[side]
    return found !== undefined && !dialect.canWiden(found.type, column.type)
  })
}

/** `fail` lets no type change, not even a wider one. */
function unchanged(columns: readonly PlannedColumn[]): readonly PlannedColumn[] {
  return columns.map((column) => ({ ...column, type: column.old?.type ?? column.type }))
}

function names(columns: readonly { readonly name: string }[]): readonly string[] {
  return columns.map((column) => column.name)
}

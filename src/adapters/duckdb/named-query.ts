import type { Json } from '../../util/json.ts'
import { listOf, objectOf, type PlanNode } from './lineage/plan.ts'

/** A column as a plan has it: the type is DuckDB's own description of it. */
export interface PlannedColumn {
  readonly name: string
  readonly type: Json
}

/**
 * A query inside one that takes all its columns. The plan of a query does not say what its columns are called, but that of
 * such a one says what it takes.
 */
export function namedQuery(sql: string): string {
  return `select lavra.* from (\n${sql}\n) as lavra`
}

/**
 * The columns of a query from the plan of its `namedQuery`. Undefined where the plan does not say what they are called: of
 * columns of one name all but the first have another one in there, and text with brackets of its own is no query alone.
 */
export function plannedColumns({ type, fields }: PlanNode): readonly PlannedColumn[] | undefined {
  if (type !== 'LOGICAL_PROJECTION') return undefined
  const columns = listOf(fields.expressions).map(plannedColumn)
  const known = columns.flatMap((column) => column ?? [])
  const names = new Set(known.map(({ name }) => name.toLowerCase()))
  if (known.length < columns.length || known.some(({ name }) => mayBeRenamed(name, names))) return undefined
  return known
}

/** What is taken is the column of the same place; one of nothing but nulls is given a type on the way. */
function plannedColumn(expression: Json, place: number): PlannedColumn | undefined {
  const taken = objectOf(expression)
  const column = taken.expression_class === 'BOUND_CAST' ? objectOf(taken.child) : taken
  const { alias: name } = column
  if (column.expression_class !== 'BOUND_REF' || column.index !== place || typeof name !== 'string') return undefined
  return taken.return_type === undefined ? undefined : { name, type: taken.return_type }
}

/** Whether a name may be that of another column with the number that DuckDB puts behind it. */
function mayBeRenamed(name: string, names: ReadonlySet<string>): boolean {
  const stem = /^(.*)_\d+$/s.exec(name)?.[1]
  return stem !== undefined && names.has(stem.toLowerCase())
}

import type { ColumnProperties, Constraint } from '../nodes.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { WrittenColumn, WrittenConstraint } from './properties-shape.ts'

/** The columns of a node or source as the properties file tells them. */
export function columnsOf(
  context: ParseContext,
  columns: readonly WrittenColumn[] | undefined,
): readonly ColumnProperties[] {
  return (columns ?? []).map((column) => ({
    name: column.name,
    description: column.description === undefined ? '' : renderDescription(context, column.at.child('description')),
    ...(column.data_type === undefined ? {} : { data_type: column.data_type }),
    ...(column.quote === undefined ? {} : { quote: column.quote }),
    tags: [...new Set([...(column.tags ?? []), ...(column.config?.tags ?? [])])],
    meta: { ...column.meta, ...column.config?.meta },
    constraints: constraintsOf(column.constraints),
    place: column.at.child('name').place,
    ...(column.data_type === undefined ? {} : { typePlace: column.at.child('data_type').place }),
  }))
}

/** The constraints of a column or of a whole model. */
export function constraintsOf(constraints: readonly WrittenConstraint[] | undefined): readonly Constraint[] {
  return (constraints ?? []).map((written) => ({
    type: written.type,
    ...(written.name === undefined ? {} : { name: written.name }),
    ...(written.expression === undefined ? {} : { expression: written.expression }),
    columns: written.columns ?? [],
    ...(written.to === undefined ? {} : { to: written.to }),
    toColumns: written.to_columns ?? [],
    warnUnenforced: written.warn_unenforced ?? true,
    warnUnsupported: written.warn_unsupported ?? true,
    place: written.at.place,
  }))
}

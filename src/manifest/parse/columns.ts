import type { ColumnProperties } from '../nodes.ts'
import { type ParseContext, renderDescription } from './parse-context.ts'
import type { WrittenColumn } from './properties-shape.ts'

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
    constraints: column.constraints ?? [],
    place: column.at.child('name').place,
  }))
}

import { isJsonObject, type Json } from '../../util/json.ts'
import type { CommonTable, QueryTree } from './tree.ts'

/**
 * Whether a query reads a common table expression that stands in front of it, wherever a table can be named; what the
 * expression says of itself does not count. A text that is its name counts, too: functions read tables by their names.
 */
export function readsTable(query: QueryTree, table: CommonTable): boolean {
  const name = table.name.toLowerCase()
  const isName = (value: Json | undefined) => typeof value === 'string' && value.toLowerCase() === name
  const reads = (value: Json): boolean => {
    if (Array.isArray(value)) return value.some(reads)
    if (!isJsonObject(value) || value === table.raw) return false
    if (value.type === 'BASE_TABLE' && value.schema_name === undefined && isName(value.table_name)) return true
    if (value.type === 'VALUE_CONSTANT' && isJsonObject(value.value) && isName(value.value.value)) return true
    return Object.values(value).some(reads)
  }
  return reads(query.raw)
}

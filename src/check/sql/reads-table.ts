import { isJsonObject, type Json } from '../../util/json.ts'
import type { CommonTable, QueryTree } from './tree.ts'

/**
 * Whether a query reads a common table expression that stands in front of it, wherever a table can be named; what the
 * expression says of itself does not count. Functions that are read may name tables in their texts.
 */
export function readsTable(query: QueryTree, table: CommonTable): boolean {
  const name = table.name.toLowerCase()
  const reads = (value: Json): boolean => {
    if (Array.isArray(value)) return value.some(reads)
    if (!isJsonObject(value) || value === table.raw) return false
    if (value.type === 'TABLE_FUNCTION') return JSON.stringify(value).toLowerCase().includes(name)
    const { table_name: read, schema_name: schema } = value
    return (schema === undefined && isSame(read, name)) || Object.values(value).some(reads)
  }
  return reads(query.raw)
}

function isSame(value: Json | undefined, name: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === name
}

import { relationKey } from '../sql/relation.ts'
import type { SqlValue } from '../sql/value.ts'
import type { ExistingIndex } from './adapter.ts'

/** Rows of schema, relation, index, whether it is unique, and definition, as `Connection.indexesOf` gives them. */
export function indexesByRelation(
  rows: readonly (readonly SqlValue[])[],
  database: string,
): ReadonlyMap<string, readonly ExistingIndex[]> {
  const found = new Map<string, ExistingIndex[]>()
  for (const [schema, identifier, name, unique, definition] of rows) {
    const key = relationKey({ database, schema: String(schema), identifier: String(identifier) })
    const index = { name: String(name), unique: unique === true, definition: String(definition) }
    found.set(key, [...(found.get(key) ?? []), index])
  }
  return found
}

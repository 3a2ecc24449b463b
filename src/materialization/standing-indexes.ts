import type { ExistingIndex } from '../adapters/adapter.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'

/**
 * Takes the indexes that stand on a published table away, where the engine cannot rename the table with them. They need
 * not be those of the config: that may have changed, and hooks make indexes too.
 */
export function dropIndexes(
  dialect: Dialect,
  relation: Relation,
  standing: readonly ExistingIndex[],
): readonly Statement[] {
  if (dialect.canRenameIndexed) return []
  return standing.map(({ name }) => sql(dialect.dropIndex(relation, name)))
}

/** Those of the indexes that stand on one relation; case is ignored, as the engines do. */
export function indexesOn(
  indexes: readonly ExistingIndex[],
  relation: Pick<Relation, 'schema' | 'identifier'>,
): readonly ExistingIndex[] {
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  return indexes.filter(({ schema, table }) => isSame(schema, relation.schema) && isSame(table, relation.identifier))
}

import { physicalIdentifier, type Relation } from '../../sql/relation.ts'
import type { QueryResult } from '../../sql/value.ts'
import type { ExistingIndex } from '../adapter.ts'
import { indexesByRelation } from '../indexes-by-relation.ts'
import { stringLiteral } from './literals.ts'

/** The indexes of relations, by `relationKey`; those of primary keys and other constraints are none of DuckDB's list. */
export async function readIndexes(
  query: (sql: string) => Promise<QueryResult>,
  database: string,
  relations: readonly Relation[],
): Promise<ReadonlyMap<string, readonly ExistingIndex[]>> {
  if (relations.length === 0) return new Map()
  const names = relations.map(
    (relation) => `(lower(${stringLiteral(relation.schema)}), lower(${stringLiteral(physicalIdentifier(relation))}))`,
  )
  const { rows } = await query(
    [
      'select schema_name, table_name, index_name, is_unique, sql',
      'from duckdb_indexes()',
      `where database_name = ${stringLiteral(database)} and not is_primary`,
      `and (lower(schema_name), lower(table_name)) in (${names.join(', ')})`,
      'order by index_name',
    ].join('\n'),
  )
  return indexesByRelation(rows, database)
}

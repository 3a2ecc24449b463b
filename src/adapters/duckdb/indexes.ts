import { physicalIdentifier, type Relation } from '../../sql/relation.ts'
import type { QueryResult } from '../../sql/value.ts'
import type { ExistingIndex } from '../adapter.ts'
import { stringLiteral } from './literals.ts'

/** The indexes of relations; those of primary keys and other constraints are not among those that DuckDB lists. */
export async function readIndexes(
  query: (sql: string) => Promise<QueryResult>,
  database: string,
  relations: readonly Relation[],
): Promise<readonly ExistingIndex[]> {
  if (relations.length === 0) return []
  const names = relations.map(
    (relation) => `(lower(${stringLiteral(relation.schema)}), lower(${stringLiteral(physicalIdentifier(relation))}))`,
  )
  const { rows } = await query(
    [
      'select schema_name, table_name, index_name, is_unique, sql',
      'from duckdb_indexes()',
      `where database_name = ${stringLiteral(database)}`,
      `and (lower(schema_name), lower(table_name)) in (${names.join(', ')})`,
      'order by index_name',
    ].join('\n'),
  )
  return rows.map(([schema, table, name, unique, definition]) => ({
    schema: String(schema),
    table: String(table),
    name: String(name),
    unique: unique === true,
    definition: String(definition),
  }))
}

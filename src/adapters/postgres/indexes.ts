import { physicalIdentifier, type Relation } from '../../sql/relation.ts'
import type { QueryResult } from '../../sql/value.ts'
import type { ExistingIndex } from '../adapter.ts'
import { stringLiteral } from './literals.ts'

/** The indexes of relations but for those of primary keys and other constraints. */
export async function readIndexes(
  query: (sql: string) => Promise<QueryResult>,
  relations: readonly Relation[],
): Promise<readonly ExistingIndex[]> {
  if (relations.length === 0) return []
  const names = relations.map(
    (relation) => `(${stringLiteral(relation.schema)}, ${stringLiteral(physicalIdentifier(relation))})`,
  )
  const { rows } = await query(
    [
      'select n.nspname, c.relname, x.relname, i.indisunique, pg_catalog.pg_get_indexdef(x.oid)',
      'from pg_catalog.pg_index as i',
      'join pg_catalog.pg_class as x on x.oid = i.indexrelid',
      'join pg_catalog.pg_class as c on c.oid = i.indrelid',
      'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
      `where (n.nspname::text, c.relname::text) in (${names.join(', ')})`,
      "and not exists (select from pg_catalog.pg_constraint as k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))",
      'order by x.relname',
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

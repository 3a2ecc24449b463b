import { type Relation, relationLabel } from '../../sql/relation.ts'
import type { SqlValue } from '../../sql/value.ts'
import type { Obstacle } from '../adapter.ts'
import { stringLiteral } from './literals.ts'

/**
 * A query for what has the name of a relation and is none that a publication replaces. Sequences, indexes and types share
 * the names of relations; the type that comes with every relation does not count, and neither does that of a list, which
 * makes room.
 */
export function obstaclesQuery(relations: readonly Relation[]): string {
  const names = relations.map(({ schema, identifier }) => `(${stringLiteral(schema)}, ${stringLiteral(identifier)})`)
  return [
    'select n.nspname, c.relname, case c.relkind',
    "  when 'S' then 'a sequence' when 'f' then 'a foreign table' when 'c' then 'a type' else 'an index' end",
    'from pg_catalog.pg_class as c',
    'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
    `where c.relkind in ('S', 'f', 'c', 'i', 'I') and (n.nspname, c.relname) in (${names.join(', ')})`,
    'union all',
    "select n.nspname, t.typname, case t.typtype when 'd' then 'a domain' else 'a type' end",
    'from pg_catalog.pg_type as t',
    'join pg_catalog.pg_namespace as n on n.oid = t.typnamespace',
    `where t.typrelid = 0 and t.typelem = 0 and (n.nspname, t.typname) in (${names.join(', ')})`,
  ].join('\n')
}

/** The rows of that query by the relations that were asked for. */
export function readObstacles(
  relations: readonly Relation[],
  rows: readonly (readonly SqlValue[])[],
): readonly Obstacle[] {
  const byName = new Map(relations.map((relation) => [relationLabel(relation), relation]))
  return rows.flatMap(([schema, identifier, kind]) => {
    const relation = byName.get(relationLabel({ schema: String(schema), identifier: String(identifier) }))
    return relation ? [{ relation, kind: String(kind) }] : []
  })
}

import type { QueryLineage } from '../../../sql/query-lineage.ts'
import { DatabaseError } from '../../adapter.ts'
import { quote } from '../literals.ts'
import type { LineageCatalog, LineageRelation } from './flow.ts'
import { parseNodeTree } from './node-tree.ts'
import { lineageOfTree } from './query-lineage.ts'

/** What the views begin with that queries are made for a moment; behind it stands a number. */
const VIEW = '_lavra_lineage_'

/**
 * Makes a view of a query, whose tree the server then keeps in the view's rule. The columns get names of ours: a view cannot
 * have two of one name. `number` tells the views of one trip apart.
 */
export function createLineageView(sql: string, columnCount: number, number: number): string {
  const names = Array.from({ length: columnCount }, (_, index) => quote(`column ${index + 1}`))
  const columns = names.length === 0 ? '' : ` (${names.join(', ')})`
  // The query may end in a comment.
  return `create temporary view ${quote(`${VIEW}${number}`)}${columns} as\n${sql}\n`
}

/**
 * Reads the trees, and by the numbers in them the relations, the aggregates and the operators that are equalities. A row of four
 * texts for each view, in the order of their numbers.
 */
export const LINEAGE_VIEW_QUERY = `
with rule as (
  select r.ev_class, r.ev_action::text as tree, substr(c.relname, ${VIEW.length + 1})::integer as number
  from pg_catalog.pg_rewrite as r
  join pg_catalog.pg_class as c on c.oid = r.ev_class
  where c.relnamespace = pg_catalog.pg_my_temp_schema() and c.relname ~ '^${VIEW}[0-9]+$'
)
select
  rule.tree,
  (
    select pg_catalog.json_agg(pg_catalog.json_build_array(
      c.oid::int8,
      case when c.relnamespace = pg_catalog.pg_my_temp_schema() then 'pg_temp' else n.nspname end,
      c.relname,
      (
        select pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum, a.attname))
        from pg_catalog.pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      )
    ))
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.oid <> rule.ev_class
      and c.oid = any(array(select m[1]::oid from pg_catalog.regexp_matches(rule.tree, ':relid ([0-9]+)', 'g') as m))
  ),
  (
    select pg_catalog.json_agg(pg_catalog.json_build_array(
      p.oid::int8,
      p.proname = any(array['min', 'max', 'bool_and', 'bool_or', 'every', 'bit_and', 'bit_or'])
    ))
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace
      and p.proname <> all(array['array_agg', 'string_agg', 'xmlagg', 'any_value'])
      and p.proname !~ '^jsonb?_'
      and p.oid = any(array(
        select m[1]::oid from pg_catalog.regexp_matches(rule.tree, ':(?:aggfnoid|winfnoid) ([0-9]+)', 'g') as m
      ))
      and p.prokind = 'a'
  ),
  (
    select pg_catalog.json_agg(o.oid::int8)
    from pg_catalog.pg_operator as o
    where o.oprnamespace = 'pg_catalog'::pg_catalog.regnamespace
      and o.oprname = '='
      and o.oid = any(array(select m[1]::oid from pg_catalog.regexp_matches(rule.tree, ':opno ([0-9]+)', 'g') as m))
  )
from rule
order by rule.number`

/** The lineage of the query, from the row that says it. `names` are those of its columns. */
export function readLineage(row: readonly (string | null)[], names: readonly string[]): QueryLineage | undefined {
  const [tree = null, relations = null, aggregates = null, equalities = null] = row
  return tree === null
    ? undefined
    : lineageOfTree(parseNodeTree(tree), names, readCatalog({ relations, aggregates, equalities }))
}

/**
 * Whether this only says that a statement, which was found to be right, cannot be a view: one that changes data, or gives
 * records without columns.
 */
export function isNoView(error: unknown): boolean {
  const cause = error instanceof DatabaseError ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && NO_VIEW.has(String(cause.code))
}

/** Syntax error, feature not supported, invalid table definition. */
const NO_VIEW: ReadonlySet<string> = new Set(['42601', '0A000', '42P16'])

function readCatalog(
  found: Readonly<Record<'relations' | 'aggregates' | 'equalities', string | null>>,
): LineageCatalog {
  // As the query builds them.
  const rows = JSON.parse(found.relations ?? '[]') as readonly [
    oid: number,
    schema: string,
    name: string,
    columns: readonly [number, string][] | null,
  ][]
  const known = new Map<number, LineageRelation>(
    rows.map(([oid, schema, name, columns]) => [oid, { schema, name, columns: new Map(columns) }]),
  )
  const aggregates = new Map(JSON.parse(found.aggregates ?? '[]') as readonly [oid: number, ignoresRepeats: boolean][])
  const equal = new Set(JSON.parse(found.equalities ?? '[]') as readonly number[])
  return {
    relation: (oid) => known.get(oid),
    ignoresOrder: (aggregate) => aggregates.has(aggregate),
    ignoresRepeats: (aggregate) => aggregates.get(aggregate) === true,
    isEquality: (operator) => equal.has(operator),
  }
}

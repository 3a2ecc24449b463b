import { physicalIdentifier, type Relation } from '../../sql/relation.ts'
import type { QueryResult, SqlValue } from '../../sql/value.ts'
import type { Vocabulary } from '../../sql/vocabulary.ts'
import type { ColumnInfo } from '../adapter.ts'
import type { Surroundings, SurroundingsRequest } from '../surroundings.ts'
import { namesOnPath, stringLiteral } from './literals.ts'

/**
 * Reads what a project's SQL depends on beside what it builds. The session must look names up in `pg_catalog` alone, so that
 * every other one comes with its schema; `searchPath` is the setting that it has otherwise.
 */
export async function readSurroundings(
  query: (sql: string) => Promise<QueryResult>,
  request: SurroundingsRequest,
  searchPath: string,
): Promise<Surroundings> {
  const { rows: versions } = await query("select current_setting('server_version_num')::integer / 10000")
  const columns = await readColumns(query, request.relations)
  const extensions = await query(extensionsQuery(request))
  const functions = await query(functionsQuery(request))
  const types = await query(typesQuery(request))
  const collations = await query(
    [
      "select distinct format('%I.%I', n.nspname, c.collname) from pg_collation as c",
      'join pg_namespace as n on n.oid = c.collnamespace',
      `where c.collprovider in ('c', 'i') and c.collname not in ('C', 'POSIX') and ${isNamed('c.collname::text', request.words)}`,
    ].join('\n'),
  )
  const vocabulary: Vocabulary = {
    // Who is logged in is no matter of the project.
    searchPath: namesOnPath(searchPath).filter((name) => name !== '$user'),
    extensions: extensions.rows
      .map(([name, schema]) => ({ name: String(name), schema: String(schema) }))
      .sort((a, b) => compare(a.name, b.name)),
    types: inOrder(types.rows.map(readType)),
    functions: functions.rows.map(([signature]) => String(signature)).sort(compare),
    collations: collations.rows.map(([name]) => String(name)).sort(compare),
  }
  return { engine: `postgres ${String(versions[0]?.[0])}`, columns, vocabulary }
}

async function readColumns(
  query: (sql: string) => Promise<QueryResult>,
  relations: readonly Relation[],
): Promise<Surroundings['columns']> {
  if (relations.length === 0) return []
  const { rows } = await query(
    [
      'select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)',
      columnsFrom(relations),
      'order by c.oid, a.attnum',
    ].join('\n'),
  )
  const found = new Map<string, ColumnInfo[]>()
  for (const [schema, relation, name, type] of rows) {
    const key = JSON.stringify([schema, relation])
    found.set(key, [...(found.get(key) ?? []), { name: String(name), type: String(type) }])
  }
  return relations.map((relation) => found.get(JSON.stringify([relation.schema, physicalIdentifier(relation)])))
}

function columnsFrom(relations: readonly Relation[]): string {
  return [
    'from pg_attribute as a',
    'join pg_class as c on c.oid = a.attrelid',
    'join pg_namespace as n on n.oid = c.relnamespace',
    `where ${isOneOf(relations)} and c.relkind in ('r', 'p', 'f', 'v', 'm') and a.attnum > 0 and not a.attisdropped`,
  ].join('\n')
}

function isOneOf(relations: readonly Relation[]): string {
  if (relations.length === 0) return 'false'
  const names = relations.map(
    (relation) => `(${stringLiteral(relation.schema)}, ${stringLiteral(physicalIdentifier(relation))})`,
  )
  return `(n.nspname::text, c.relname::text) in (${names.join(', ')})`
}

/** Neither the server's own nor ours. */
const IS_USERS = "n.nspname !~ '^pg_' and n.nspname not in ('information_schema', '_lavra')"

/** Made by itself, and not with an extension or a type, as those functions are that make a range. */
function isMadeAlone(catalog: string, oid: string): string {
  return `not exists (select from pg_depend as d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype in ('e', 'i'))`
}

function isNamed(name: string, words: ReadonlySet<string>): string {
  if (words.size === 0) return 'false'
  return `lower(${name}) = any(array[${[...words].map(stringLiteral).join(', ')}])`
}

/** Functions that queries may call. What a parameter is when it is left out is not told, only that it may be. */
function functionsQuery({ words }: SurroundingsRequest): string {
  const way = "case way when 'o' then 'out ' when 'b' then 'inout ' when 'v' then 'variadic ' else '' end"
  const name = "case when coalesce(name, '') = '' then '' else quote_ident(name) || ' ' end"
  const isOptional = "way in ('i', 'b', 'v') and input > p.pronargs - p.pronargdefaults"
  return [
    "select case p.prokind when 'a' then 'aggregate ' else '' end || format(",
    "  '%I.%I(%s) returns %s', n.nspname, p.proname,",
    '  (',
    `    select string_agg(${way} || ${name} || format_type(type, null) || case when ${isOptional} then ' default null' else '' end, ', ' order by number)`,
    '    from (',
    "      select type, name, number, coalesce(way, 'i') as way,",
    "        count(*) filter (where coalesce(way, 'i') in ('i', 'b', 'v')) over (order by number) as input",
    '      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes, p.proargnames)',
    '        with ordinality as parameter (type, way, name, number)',
    '    ) as parameter',
    "    where way <> 't'",
    '  ),',
    '  pg_get_function_result(p.oid)',
    ')',
    functionsFrom(words),
  ].join('\n')
}

function functionsFrom(words: ReadonlySet<string>): string {
  return [
    'from pg_proc as p',
    'join pg_namespace as n on n.oid = p.pronamespace',
    'left join pg_aggregate as aggregate on aggregate.aggfnoid = p.oid',
    `where (p.prokind = 'f' or aggregate.aggkind = 'n') and ${IS_USERS} and ${isNamed('p.proname::text', words)} and ${isMadeAlone('pg_proc', 'p.oid')}`,
    "and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'internal'::regtype)",
  ].join('\n')
}

/** The types of these columns and of what functions take and give, those that are named, and all that they are made of. */
function usedTypes({ relations, words }: SurroundingsRequest): string {
  return [
    'with recursive part (whole, type) as (',
    '  select oid, typelem from pg_type where typelem <> 0',
    '  union all select oid, typbasetype from pg_type where typbasetype <> 0',
    '  union all select t.oid, a.atttypid from pg_type as t',
    '    join pg_attribute as a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped',
    '  union all select rngtypid, rngsubtype from pg_range',
    '  union all select rngmultitypid, rngtypid from pg_range',
    '),',
    'used (type) as (',
    '  (',
    `    select a.atttypid ${columnsFrom(relations)}`,
    '    union',
    '    select t.oid from pg_type as t join pg_namespace as n on n.oid = t.typnamespace',
    `    where ${IS_USERS} and ${isNamed('t.typname::text', words)}`,
    "    and (t.typrelid = 0 or exists (select from pg_class as c where c.oid = t.typrelid and c.relkind = 'c'))",
    '    union',
    `    select unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) ${functionsFrom(words)}`,
    '  )',
    '  union',
    '  select part.type from used join part on part.whole = used.type',
    ')',
  ].join('\n')
}

/** Each used type with the statement that makes it: none for what is there anyway, comes with an extension or is of a relation. */
function typesQuery(request: SurroundingsRequest): string {
  const { relations } = request
  return [
    usedTypes(request),
    'select',
    '  t.oid::int8,',
    "  format('%I.%I', n.nspname, t.typname),",
    `  case when ${IS_USERS} and ${isMadeAlone('pg_type', 't.oid')} and not coalesce(${isOneOf(relations)}, false)`,
    "  then 'create ' || case t.typtype",
    "    when 'e' then (",
    "      select format('type %I.%I as enum (%s)', n.nspname, t.typname, coalesce(string_agg(quote_literal(enumlabel), ', ' order by enumsortorder), ''))",
    '      from pg_enum where enumtypid = t.oid',
    '    )',
    "    when 'd' then format('domain %I.%I as %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))",
    "    when 'r' then (",
    "      select format('type %I.%I as range (subtype = %s)', n.nspname, t.typname, format_type(rngsubtype, null))",
    '      from pg_range where rngtypid = t.oid',
    '    )',
    "    when 'c' then (",
    "      select format('type %I.%I as (%s)', n.nspname, t.typname, coalesce(string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum), ''))",
    '      from pg_attribute as a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped',
    '    )',
    '  end end,',
    '  (select json_agg(part.type::int8) from part where part.whole = t.oid)::text',
    'from used',
    'join pg_type as t on t.oid = used.type',
    'join pg_namespace as n on n.oid = t.typnamespace',
    'left join pg_class as c on c.oid = t.typrelid',
  ].join('\n')
}

/**
 * Extensions that have a type that is used, a function that is named, or an operator of types that are there anyway: nobody
 * sees in SQL whose that is. Others would only make it harder to say what is a mistake.
 */
function extensionsQuery(request: SurroundingsRequest): string {
  const isBuiltIn = (type: string) =>
    `(${type} = 0 or exists (select from pg_type as t where t.oid = ${type} and t.typnamespace = 'pg_catalog'::regnamespace))`
  return [
    usedTypes(request),
    'select e.extname, n.nspname from pg_extension as e',
    'join pg_namespace as n on n.oid = e.extnamespace',
    "where e.extname <> 'plpgsql' and exists (",
    '  select from pg_depend as d',
    "  where d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and case d.classid",
    "    when 'pg_type'::regclass then d.objid in (select type from used)",
    "    when 'pg_proc'::regclass then exists (",
    `      select from pg_proc as p where p.oid = d.objid and ${isNamed('p.proname::text', request.words)}`,
    // `replace` of a type of its own, `text` that makes one of text: the type tells whether it is used.
    "      and not exists (select from pg_proc as b where b.proname = p.proname and b.pronamespace = 'pg_catalog'::regnamespace)",
    "      and not exists (select from pg_type as b where b.typname = p.proname and b.typnamespace = 'pg_catalog'::regnamespace)",
    '    )',
    "    when 'pg_operator'::regclass then exists (",
    `      select from pg_operator as o where o.oid = d.objid and ${isBuiltIn('o.oprleft')} and ${isBuiltIn('o.oprright')}`,
    '    )',
    '    else false',
    '  end',
    ')',
  ].join('\n')
}

interface UsedType {
  readonly id: number
  readonly name: string
  /** Undefined for what need not be made. */
  readonly create: string | undefined
  readonly parts: readonly number[]
}

function readType([id, name, create, parts]: readonly SqlValue[]): UsedType {
  return {
    id: Number(id),
    name: String(name),
    create: typeof create === 'string' ? create : undefined,
    parts: JSON.parse(typeof parts === 'string' ? parts : '[]') as readonly number[], // numbers, as the query makes them
  }
}

/** By name, but every type after what it is made of: Postgres has no types that are made of themselves. */
function inOrder(types: readonly UsedType[]): readonly string[] {
  const byId = new Map(types.map((type) => [type.id, type]))
  const statements: string[] = []
  const seen = new Set<number>()
  const visit = (type: UsedType): void => {
    if (seen.has(type.id)) return
    seen.add(type.id)
    const parts = type.parts.flatMap((id) => byId.get(id) ?? [])
    for (const part of parts.toSorted((a, b) => compare(a.name, b.name))) visit(part)
    if (type.create !== undefined) statements.push(type.create)
  }
  const made = types.filter(({ create }) => create !== undefined)
  for (const type of made.toSorted((a, b) => compare(a.name, b.name))) visit(type)
  return statements
}

/** By code units, on every machine alike. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

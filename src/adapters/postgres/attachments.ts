import { type Relation, type RelationKind, relationKey } from '../../sql/relation.ts'
import type { QueryResult, SqlValue } from '../../sql/value.ts'
import { type Attached, type Attachments, type Dependent, NO_ATTACHMENTS } from '../adapter.ts'
import { postgresDialect } from './dialect.ts'
import { quote, stringLiteral } from './literals.ts'

const { render } = postgresDialect

interface Input {
  readonly database: string
  readonly relations: readonly Relation[]
  readonly isOurs: (identifier: string) => boolean
  readonly query: (sql: string) => Promise<QueryResult>
}

/**
 * Reads what hangs on relations from the system catalogs, in one query. Definitions come fully qualified, because the
 * caller has put nothing but `pg_catalog` on the search path.
 *
 * A view reads a table by its object id, not by its name: whoever replaces a table by another has to make the views on it
 * again. What cannot be made again from the catalogs alone is told, and then the table has to stay.
 */
export async function readAttachments(input: Input): Promise<Attachments> {
  if (input.relations.length === 0) return NO_ATTACHMENTS
  const { rows } = await input.query(attachmentsQuery(input.relations))
  const found = rows.map(readRow).filter((row) => row.isAsked || !input.isOurs(row.identifier))
  const keys = new Map(found.map((row) => [row.oid, keyOf(input.database, row)]))
  return {
    relations: new Map(
      found
        .filter((row) => row.isAsked)
        .map((row): [string, Attached] => [keyOf(input.database, row), attachedOf(row)]),
    ),
    dependents: found.filter((row) => row.isDependent).map((row) => dependentOf(row, keys, input.database)),
  }
}

interface Row {
  readonly oid: string
  readonly schema: string
  readonly identifier: string
  readonly relkind: string
  readonly isAsked: boolean
  readonly isDependent: boolean
  readonly reads: readonly string[]
  readonly owner: string
  /** Whether it is the session's own, so that nothing has to be said about it. */
  readonly isOwn: boolean
  readonly mayDrop: boolean
  readonly holds: readonly string[]
  readonly privileges: readonly (readonly [role: string, privilege: string, isGrantable: boolean])[]
  readonly definition: string
  readonly options: readonly string[]
  readonly isPopulated: boolean
  readonly comment: string | null
  readonly columnComments: readonly (readonly [column: string, comment: string])[]
  readonly indexes: readonly string[]
}

function attachmentsQuery(relations: readonly Relation[]): string {
  const names = relations.map(({ schema, identifier }) => `(${stringLiteral(schema)}, ${stringLiteral(identifier)})`)
  return `
with recursive asked as (
  select c.oid
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where (n.nspname::text, c.relname::text) in (${names.join(', ')})
),
edges as (
  select distinct r.ev_class as reader, d.refobjid as read
  from pg_depend as d
  join pg_rewrite as r on r.oid = d.objid
  where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and r.ev_class <> d.refobjid
),
dependents as (
  select e.reader as oid from edges as e join asked as a on a.oid = e.read
  union
  select e.reader from edges as e join dependents as d on d.oid = e.read
),
relevant as (
  select oid from asked union select oid from dependents
),
-- What hangs on a relation beside the views that read it.
holders as (
  select d.refobjid as oid, pg_describe_object(d.classid, d.objid, d.objsubid) as holder
  from pg_depend as d
  join relevant on relevant.oid = d.refobjid
  where d.refclassid = 'pg_class'::regclass and d.deptype = 'n'
    and d.classid in ('pg_proc'::regclass, 'pg_policy'::regclass)
  union all
  select t.oid, pg_describe_object(d.classid, d.objid, d.objsubid)
  from pg_depend as d
  join pg_class as t on t.reltype = d.refobjid
  join relevant on relevant.oid = t.oid
  where d.refclassid = 'pg_type'::regclass and d.deptype = 'n' and t.reltype <> 0
  union all
  select f.confrelid, pg_describe_object('pg_constraint'::regclass, f.oid, 0)
  from pg_constraint as f
  join relevant on relevant.oid = f.confrelid
  where f.contype = 'f' and f.conrelid <> f.confrelid
  union all
  select t.tgrelid, pg_describe_object('pg_trigger'::regclass, t.oid, 0)
  from pg_trigger as t
  join relevant on relevant.oid = t.tgrelid
  where not t.tgisinternal
  union all
  select p.polrelid, pg_describe_object('pg_policy'::regclass, p.oid, 0)
  from pg_policy as p
  join relevant on relevant.oid = p.polrelid
  union all
  select c.oid, 'row level security of ' || c.oid::regclass
  from pg_class as c
  join relevant on relevant.oid = c.oid
  where c.relrowsecurity
  union all
  select r.prrelid, pg_describe_object('pg_publication_rel'::regclass, r.oid, 0)
  from pg_publication_rel as r
  join relevant on relevant.oid = r.prrelid
  union all
  select s.stxrelid, pg_describe_object('pg_statistic_ext'::regclass, s.oid, 0)
  from pg_statistic_ext as s
  join relevant on relevant.oid = s.stxrelid
  union all
  select i.inhparent, 'child table ' || i.inhrelid::regclass
  from pg_inherits as i
  join pg_class as c on c.oid = i.inhrelid and c.relkind in ('r', 'p', 'f')
  join relevant on relevant.oid = i.inhparent
  union all
  select i.inhrelid, 'parent table ' || i.inhparent::regclass
  from pg_inherits as i
  join relevant on relevant.oid = i.inhrelid
  join pg_class as c on c.oid = i.inhrelid and c.relkind in ('r', 'p', 'f')
  union all
  select w.ev_class, pg_describe_object('pg_rewrite'::regclass, w.oid, 0)
  from pg_rewrite as w
  join relevant on relevant.oid = w.ev_class
  where w.rulename <> '_RETURN'
  union all
  select a.attrelid, 'privileges on column ' || quote_ident(a.attname)
  from pg_attribute as a
  join relevant on relevant.oid = a.attrelid
  where a.attacl is not null and not a.attisdropped
)
select
  c.oid::text,
  n.nspname::text,
  c.relname::text,
  c.relkind::text,
  exists (select 1 from asked where asked.oid = c.oid),
  exists (select 1 from dependents where dependents.oid = c.oid),
  array(select e.read::text from edges as e join relevant as v on v.oid = e.read where e.reader = c.oid order by 1),
  pg_get_userbyid(c.relowner)::text,
  pg_get_userbyid(c.relowner) = current_user,
  pg_has_role(c.relowner, 'USAGE') and has_schema_privilege(c.relnamespace, 'CREATE'),
  array(select distinct h.holder from holders as h where h.oid = c.oid and h.holder is not null order by 1),
  (
    select coalesce(json_agg(json_build_array(
      case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end, lower(g.privilege_type), g.is_grantable
    ) order by 1), '[]')
    from aclexplode(c.relacl) as g
    where g.grantee <> c.relowner
  )::text,
  case when c.relkind in ('v', 'm') then rtrim(pg_get_viewdef(c.oid), ';') else '' end,
  coalesce(c.reloptions, '{}'),
  c.relispopulated,
  obj_description(c.oid, 'pg_class'),
  (
    select coalesce(json_agg(json_build_array(a.attname, d.description) order by a.attnum), '[]')
    from pg_attribute as a
    join pg_description as d on d.classoid = 'pg_class'::regclass and d.objoid = a.attrelid and d.objsubid = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  )::text,
  array(select pg_get_indexdef(i.indexrelid) from pg_index as i where i.indrelid = c.oid order by i.indexrelid)
from relevant
join pg_class as c on c.oid = relevant.oid
join pg_namespace as n on n.oid = c.relnamespace
order by c.oid`
}

function readRow(row: readonly SqlValue[]): Row {
  const [oid, schema, identifier, relkind, isAsked, isDependent, reads, owner, isOwn, mayDrop, ...rest] = row
  const [holds, privileges, definition, options, isPopulated, comment, columnComments, indexes] = rest
  return {
    oid: String(oid),
    schema: String(schema),
    identifier: String(identifier),
    relkind: String(relkind),
    isAsked: isAsked === true,
    isDependent: isDependent === true,
    reads: texts(reads),
    owner: String(owner),
    isOwn: isOwn === true,
    mayDrop: mayDrop === true,
    holds: texts(holds),
    privileges: JSON.parse(String(privileges)) as Row['privileges'], // the query makes it so
    definition: String(definition),
    options: texts(options),
    isPopulated: isPopulated === true,
    comment: comment === null || comment === undefined ? null : String(comment),
    columnComments: JSON.parse(String(columnComments)) as Row['columnComments'], // the query makes it so
    indexes: texts(indexes),
  }
}

function texts(value: SqlValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function keyOf(database: string, { schema, identifier }: Row): string {
  return relationKey({ database, schema, identifier })
}

function attachedOf(row: Row): Attached {
  return { privileges: privilegesOf(row), holds: row.holds }
}

function dependentOf(row: Row, keys: ReadonlyMap<string, string>, database: string): Dependent {
  const stays = whyItStays(row)
  return {
    relation: { database, schema: row.schema, identifier: row.identifier },
    kind: kindOf(row.relkind),
    reads: row.reads.flatMap((oid) => keys.get(oid) ?? []),
    ...(stays === undefined ? {} : { stays }),
    create: createOf(row),
  }
}

function kindOf(relkind: string): RelationKind {
  if (relkind === 'v') return 'view'
  return relkind === 'm' ? 'materialized_view' : 'table'
}

function whyItStays(row: Row): string | undefined {
  if (row.relkind !== 'v' && row.relkind !== 'm') return 'a rule of it reads the relation'
  if (!row.mayDrop) return `it belongs to "${row.owner}"`
  const [holder] = row.holds
  return holder === undefined ? undefined : `${holder} hangs on it`
}

function createOf(row: Row): readonly string[] {
  const relation: Relation = { schema: row.schema, identifier: row.identifier }
  const kind = kindOf(row.relkind)
  const name = render(relation)
  const options = row.options.length === 0 ? '' : ` with (${row.options.map(option).join(', ')})`
  const create =
    kind === 'materialized_view'
      ? `create materialized view ${name}${options} as\n${row.definition}\nwith${row.isPopulated ? '' : ' no'} data`
      : `create view ${name}${options} as\n${row.definition}`
  return [
    create,
    ...row.indexes,
    ...(row.comment === null ? [] : [postgresDialect.commentOn(relation, kind, row.comment)]),
    ...row.columnComments.map(([column, comment]) => postgresDialect.commentOnColumn(relation, column, comment)),
    ...privilegesOf(row),
  ]
}

/** `security_barrier=true`: names and values as the catalog keeps them. */
function option(written: string): string {
  const [name = '', value = ''] = written.split('=', 2)
  return `${name} = ${stringLiteral(value)}`
}

/** Privileges first: whoever gives a relation away may not grant on it any more. */
function privilegesOf(row: Row): readonly string[] {
  const relation: Relation = { schema: row.schema, identifier: row.identifier }
  const name = render(relation)
  const grants = row.privileges.map(
    ([role, privilege, isGrantable]) =>
      `grant ${privilege} on ${name} to ${role}${isGrantable ? ' with grant option' : ''}`,
  )
  // Whatever takes the place may be of another kind: `alter table` takes all.
  return row.isOwn ? grants : [...grants, `alter table ${name} owner to ${quote(row.owner)}`]
}

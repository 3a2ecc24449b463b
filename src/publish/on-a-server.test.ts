import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { postgresEngine } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

/** What a publication owes to those who share a Postgres database with it: readers, other people's views, roles, locks. */

let project: TemporaryProject | undefined
const clients: pg.Client[] = []
const roles: string[] = []

afterEach(async () => {
  for (const client of clients.splice(0)) await client.end()
  if (roles.length > 0)
    await project?.change(roles.map((role) => `drop owned by ${role} cascade; drop role ${role}`).join(';'))
  roles.length = 0
  await project?.remove()
})

const config = (settings: string, sql: string) => `{{ config(${settings}) }} ${sql}`
const ORDERS = `select {{ var('day', 0) }} as day, 7 as order_id`

const make = (files: Readonly<Record<string, string>>) => TemporaryProject.make(files, postgresEngine)
const build = (day: number, more: Record<string, unknown> = {}) => project!.run({ vars: `{day: ${day}}`, ...more })

/** Statuses that are not good, with what was said. */
function problems({ results, events }: Awaited<ReturnType<typeof build>>): readonly string[] {
  const bad = [...results].filter(([, { status }]) => status !== 'success' && status !== 'pass')
  const told = events.flatMap((event) =>
    event.kind === 'diagnostic' ? [`${event.diagnostic.code}: ${event.diagnostic.message}`] : [],
  )
  return [...bad.map(([name, { status, message }]) => `${name} ${status} ${message ?? ''}`.trim()), ...told]
}

async function role(name: string): Promise<string> {
  const unique = `${name}_${project!.root.slice(-6).toLowerCase()}`
  await project!.change(`create role "${unique}"; grant usage, create on schema main to "${unique}"`)
  roles.push(`"${unique}"`)
  return `"${unique}"`
}

/** A session of somebody else. */
async function session(): Promise<pg.Client> {
  const target = /host: (\S+), port: (\d+), user: (\w+), password: ("[^"]*"), dbname: (\w+)/.exec(
    project!.database.target,
  )!
  const client = new pg.Client({
    host: target[1]!,
    port: Number(target[2]),
    user: target[3]!,
    password: JSON.parse(target[4]!) as string,
    database: target[5]!,
  })
  clients.push(client)
  await client.connect()
  return client
}

const oidOf = async (name: string) => (await project!.query(`select '${name}'::regclass::oid::text`))[0]![0]

test('a table without dependents is swapped, and keeps the privileges that others were granted', async () => {
  project = await make({ 'models/orders.sql': ORDERS })
  await build(1)
  const reader = await role('reader')
  await project.change(
    `grant select, update on orders to ${reader} with grant option; grant select on orders to public`,
  )
  const before = await oidOf('orders')
  expect(problems(await build(2))).toEqual([])
  expect(await oidOf('orders')).not.toBe(before)
  expect(await project.query('select day from orders')).toEqual([[2]])
  expect(
    await project.query(
      `select coalesce(nullif(grantee::regrole::text, '-'), 'public'), privilege_type, is_grantable
       from pg_class, aclexplode(relacl) where oid = 'orders'::regclass and grantee <> relowner order by 1, 2`,
    ),
  ).toEqual([
    ['public', 'SELECT', false],
    [reader.replaceAll('"', ''), 'SELECT', true],
    [reader.replaceAll('"', ''), 'UPDATE', true],
  ])
})

test('views on a swapped table are made again, ours and other people\u2019s, with all that belongs to them', async () => {
  project = await make({
    'models/orders.sql': ORDERS,
    'models/own.sql': config(`materialized='view'`, `select day + 10 as day from {{ ref('orders') }}`),
  })
  await build(1)
  const [analyst, reader] = [await role('analyst'), await role('reader')]
  await project.change(`
    create view main.days with (security_barrier = true) as select day from orders where day > 0 with local check option;
    comment on view days is 'it''s the days'; comment on column days.day is 'of the order';
    alter view days owner to ${analyst}; grant select on orders to ${analyst};
    grant select on days to ${reader} with grant option;
    create materialized view main.counted as select day, count(*) as orders from days group by day;
    create unique index counted_day on counted (day);
    create schema reports; create view reports.top as select c.orders, o.day as own from main.counted as c, main.own as o`)
  expect(problems(await build(2, { select: ['orders'] }))).toEqual([])
  expect(await project.query('select * from counted')).toEqual([[2, 1]])
  expect(await project.query('select * from reports.top')).toEqual([[1, 12]])
  expect(
    await project.query(`
      select relname::text, reloptions::text, relowner::regrole::text, obj_description(oid, 'pg_class'), relacl::text ~ '${reader.replaceAll('"', '')}=r'
      from pg_class where relname in ('days', 'own') order by 1`),
  ).toEqual([
    ['days', '{security_barrier=true,check_option=local}', analyst.replaceAll('"', ''), "it's the days", true],
    ['own', null, 'postgres', null, null],
  ])
  expect(await project.query(`select col_description('days'::regclass, 1)`)).toEqual([['of the order']])
  expect(
    await project.query(
      `select indexrelid::regclass::text, indisunique from pg_index where indrelid = 'counted'::regclass`,
    ),
  ).toEqual([['counted_day', true]])
  expect(problems(await build(3))).toEqual([])
  expect(await project.query('select * from reports.top')).toEqual([[1, 13]])
})

test('a view of somebody else that may not be touched keeps its table, which gets the new rows', async () => {
  project = await make({ 'models/orders.sql': ORDERS })
  await build(1)
  const [lavra, stranger] = [await role('lavra'), await role('stranger')]
  await project.change(`
    grant create, connect on database ${await database()} to ${lavra};
    alter table orders owner to ${lavra}; grant select on orders to ${stranger};
    create view days as select day from orders; alter view days owner to ${stranger};
    grant usage, create on schema _lavra to ${lavra}; grant all on all tables in schema _lavra to ${lavra}`)
  await project.write({ 'profiles.yml': profileWith(`role: ${lavra}`) })
  const before = await oidOf('orders')
  expect(problems(await build(2))).toEqual([])
  expect(await oidOf('orders')).toBe(before)
  expect(await project.query('select * from days')).toEqual([[2]])
  expect((await project.relations()).filter((name) => name.includes('__lavra'))).toEqual([])

  await project.write({ 'models/orders.sql': `${ORDERS}, 'new' as status` })
  expect(problems(await build(3))).toEqual([
    'orders error built, not published: the publication failed',
    `dependents-in-the-way: "main.orders" cannot be published, because its columns changed and other things stand on it:
  - view main.days: it belongs to "${stranger.replaceAll('"', '')}"`,
  ])
  expect(await project.query('select * from days')).toEqual([[2]])
  await project.change('drop view days')
  expect(problems(await build(4))).toEqual([])
  expect(await project.query('select day, status from orders')).toEqual([[4, 'new']])
})

test.each([
  [
    'a trigger',
    `create function audit() returns trigger language plpgsql as 'begin return new; end';
    create trigger audit after insert on orders for each statement execute function audit()`,
  ],
  ['row level security', `alter table orders enable row level security; create policy own on orders using (true)`],
  [
    'a foreign key',
    `alter table orders add primary key (order_id);
    create table lines (order_id int references orders deferrable initially deferred)`,
  ],
  ['a function that reads it', `create function days() returns setof int begin atomic select day from orders; end`],
  ['a child table', `create table late_orders () inherits (orders)`],
  ['privileges on a column', `grant select (day) on orders to public`],
])('a table with %s stays and gets the new rows', async (_, statements) => {
  project = await make({ 'models/orders.sql': ORDERS })
  await build(1)
  await project.change(statements)
  const before = await oidOf('orders')
  expect(problems(await build(2))).toEqual([])
  expect([await oidOf('orders'), await project.query('select day from only orders')]).toEqual([before, [[2]]])
  await project.write({ 'models/orders.sql': `select 3 as something_else` })
  expect(problems(await build(3))[1]).toMatch(
    /^dependents-in-the-way: "main.orders" cannot be published, because its columns/,
  )
  expect(await project.query('select day from only orders')).toEqual([[2]])
})

test('with swap: in_place a reader of the old snapshot goes on reading the old rows', async () => {
  project = await make({
    'models/orders.sql': config(`swap='in_place'`, ORDERS),
    'models/swapped.sql': ORDERS,
  })
  await build(1)
  const reader = await session()
  await reader.query('begin isolation level repeatable read')
  expect((await reader.query('select count(*)::int as n from pg_class')).rows[0].n).toBeGreaterThan(0)
  expect(problems(await build(2))).toEqual([])
  expect((await reader.query('select day from main.orders')).rows).toEqual([{ day: 1 }])
  // The limit of a swap: the new table is empty for whoever began before it was filled.
  expect((await reader.query('select day from main.swapped')).rows).toEqual([])
  await reader.query('commit')
  expect((await reader.query('select day from main.orders')).rows).toEqual([{ day: 2 }])
})

test('a view that gets other columns takes its own readers along, or says that they would break', async () => {
  project = await make({ 'models/panel.sql': config(`materialized='view'`, 'select 1 as a, 2 as b') })
  await build(1)
  await project.change('create view readers as select a from panel; grant select on panel to public')
  await project.write({ 'models/panel.sql': config(`materialized='view'`, `select 'x' as b, 3 as a`) })
  expect(problems(await build(2))).toEqual([])
  expect(await project.query('select * from readers')).toEqual([[3]])
  expect(await project.query(`select relacl::text ~ '=r' from pg_class where relname = 'panel'`)).toEqual([[true]])
  await project.write({ 'models/panel.sql': config(`materialized='view'`, 'select 4 as c') })
  expect(problems(await build(3))).toEqual([
    'panel error built, not published: the publication failed',
    'view-broken: The view "main.readers" would no longer work: column "a" does not exist',
  ])
  expect(await project.query('select * from readers')).toEqual([[3]])
})

test('a publication waits for who reads, lets others read meanwhile, and gives up with their names', async () => {
  project = await make({
    'project.yml': `name: shop\nprofile: shop\nmodels: {+materialized: table}\npublish: {lock_timeout: 1}\n`,
    'models/orders.sql': ORDERS,
  })
  await build(1)
  const reader = await session()
  await reader.query(`set application_name = 'a long report'`)
  await reader.query('begin')
  await reader.query('select * from main.orders')
  const told = problems(await build(2))
  expect(told).toHaveLength(2)
  expect(told[1]).toMatch(
    /^database: Lock Error: it is in use: "main.orders" by backend \d+ \(role postgres, "a long report"\)$/,
  )
  expect(await project.query('select day from orders')).toEqual([[1]])

  setTimeout(() => void reader.query('commit'), 300)
  expect(problems(await build(3))).toEqual([])
  expect(await project.query('select day from orders')).toEqual([[3]])
})

test('a version that is kept comes back with the views on it', async () => {
  project = await make({ 'models/orders.sql': config('versions=1', ORDERS) })
  await build(1)
  await project.change('create view days as select day from orders')
  expect(problems(await build(2))).toEqual([])
  expect(await project.query('select * from days')).toEqual([[2]])
  await project.rollback()
  expect(await project.query('select * from days')).toEqual([[1]])
  expect(problems(await build(3))).toEqual([])
  expect(await project.query('select * from days')).toEqual([[3]])
})

test('what passed is published although views that are withheld stand on it', async () => {
  project = await make({
    'models/orders.sql': config(`materialized='view'`, ORDERS),
    'models/open_orders.sql': config(`materialized='view'`, `select * from {{ ref('orders') }}`),
    'models/late_orders.sql': config(`materialized='view'`, `select * from {{ ref('open_orders') }}`),
    'tests/open_orders_are_none.sql': `select * from {{ ref('open_orders') }}`,
  })
  for (const day of [1, 2]) {
    expect(problems(await build(day, { publish: 'passing' }))).toEqual([
      'open_orders skipped built, not published: open_orders_are_none failed',
      'open_orders_are_none fail 1 failing result',
      'late_orders skipped "open_orders_are_none" failed or was skipped',
    ])
    expect(await project.relations()).toEqual(['main.orders'])
    expect(await project.query('select day from orders')).toEqual([[day]])
  }
})

test('the relation of a value that is gone stays while somebody else reads it', async () => {
  const report = (flows: string) => ({
    'models/flows.sql': `select * from (values ${flows}) as flows(flow)`,
    'models/report.sql': `{{ config(per_value={'query': "select flow from {{ ref('flows') }}", 'name': "report_{{ value.flow }}"}) }}
select flow from {{ ref('flows') }}{% if execute %} where flow = '{{ value.flow }}'{% endif %}`,
  })
  project = await make(report(`('f1'), ('f2')`))
  expect(problems(await build(1))).toEqual([])
  await project.change('create view reads_f2 as select * from report_f2')
  await project.write(report(`('f1')`))
  expect(problems(await build(2))).toEqual([
    'flows skipped built, not published: the publication failed',
    'report error built, not published: the publication failed',
    `dependents-in-the-way: "main.report_f2" has no value any more and cannot be dropped, because other things stand on it:
  - view main.reads_f2`,
  ])
  await project.change('drop view reads_f2')
  expect(problems(await build(3))).toEqual([])
  expect((await project.relations()).filter((name) => name.includes('report'))).toEqual(['main.report_f1'])
})

async function database(): Promise<string> {
  return String((await project!.query('select current_database()'))[0]![0])
}

function profileWith(more: string): string {
  return `shop:\n  target: dev\n  outputs:\n    dev: { ${project!.database.target}, schema: main, threads: 2, ${more.replaceAll('"', '')} }\n`
}

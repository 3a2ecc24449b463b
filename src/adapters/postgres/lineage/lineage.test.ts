import { afterAll, describe, expect, test } from 'vitest'
import { writeLineage } from '../../../test/lineage/written-lineage.ts'
import { createTestPostgres } from '../../../test/postgres/database.ts'
import { createPostgresAdapter } from '../adapter.ts'

const database = await createTestPostgres()
const adapter = createPostgresAdapter(database.options)
await adapter.open({ mode: 'write', runId: 'lineage', waitMs: 0 })
const connection = await adapter.connect()
await connection.execute(`create schema main;
create table customers (id int, first_name varchar, last_name varchar, email varchar, country varchar, updated_at timestamp);
create table orders (id int, user_id int, order_date date, status varchar, updated_at timestamp);
create table payments (id int, order_id int, payment_method varchar, amount int, paid_at timestamp);
create table events (event_id bigint, user_id int, ts timestamp, type varchar, payload jsonb);
create table devices (device_id int, meta jsonb, tags text[], readings double precision[]);
create view paid_orders as select * from orders where status = 'paid';
create temporary table visits (page text, seconds int)`)

afterAll(async () => {
  await adapter.close()
  await database.remove()
})

type Truth = readonly [sql: string, columns: Readonly<Record<string, string>>, rows: string]

const PROTOTYPE: readonly Truth[] = [
  [
    `with all_customers as (select * from customers), all_orders as (select id as order_id, user_id as customer_id, order_date, status from orders),
     all_payments as (select order_id, amount/100 as amount from payments),
     customer_orders as (select customer_id, min(order_date) as first_order, max(order_date) as last_order, count(order_id) as n from all_orders group by customer_id),
     customer_payments as (select o.customer_id, sum(amount) as total from all_payments p left join all_orders o on p.order_id = o.order_id group by o.customer_id)
     select c.id as customer_id, c.first_name, o.first_order, o.n, p.total
     from all_customers c left join customer_orders o on c.id = o.customer_id left join customer_payments p on c.id = p.customer_id`,
    {
      customer_id: '=customers.id',
      first_name: '=customers.first_name',
      first_order: '~orders.order_date',
      n: '~orders.id',
      total: '~payments.amount',
    },
    'grouped orders.user_id for first_order n total, joined customers.id for first_order n total, joined orders.id for total, joined orders.user_id for first_order n total, joined payments.order_id for total',
  ],
  [
    'select distinct on (user_id) user_id, id, order_date from orders order by user_id, updated_at desc',
    { user_id: '=orders.user_id', id: '=orders.id', order_date: '=orders.order_date' },
    'grouped orders.user_id, ordered orders.updated_at for id order_date',
  ],
  [
    `select event_id, payload->>'channel' as channel, (payload #>> '{a,b}')::numeric as ab, payload @> '{"x":1}' as hasx, payload ? 'k' as hask, jsonb_path_query_first(payload, '$.a') as a from events`,
    {
      event_id: '=events.event_id',
      channel: '~events.payload',
      ab: '~events.payload',
      hasx: '~events.payload',
      hask: '~events.payload',
      a: '~events.payload',
    },
    '',
  ],
  [
    'select e.event_id, x.key, x.value from events e cross join lateral jsonb_each_text(e.payload) as x(key, value)',
    { event_id: '=events.event_id', key: '~events.payload', value: '~events.payload' },
    'joined events.payload',
  ],
  [
    `select e.event_id, r.a, r.b from events e, jsonb_to_recordset(e.payload->'items') as r(a int, b text)`,
    { event_id: '=events.event_id', a: '~events.payload', b: '~events.payload' },
    'joined events.payload',
  ],
  [
    'select d.device_id, t.tag, t.ord from devices d, unnest(d.tags) with ordinality as t(tag, ord)',
    { device_id: '=devices.device_id', tag: '~devices.tags', ord: '~devices.tags' },
    'joined devices.tags',
  ],
  [
    `select user_id, count(*) filter (where status = 'x') as nx, percentile_cont(0.5) within group (order by id) as med, string_agg(status, ',' order by id) as sts from orders group by user_id`,
    { user_id: '=orders.user_id', nx: '~orders.status', med: '~orders.id', sts: '~orders.id ~orders.status' },
    'grouped orders.user_id',
  ],
  [
    `select id, sum(amount) over w as running, avg(amount) over (partition by order_id order by paid_at range between interval '7 days' preceding and current row) as a7 from payments window w as (partition by order_id order by paid_at rows unbounded preceding)`,
    {
      id: '=payments.id',
      running: '~payments.amount ~payments.order_id ~payments.paid_at',
      a7: '~payments.amount ~payments.order_id ~payments.paid_at',
    },
    '',
  ],
  [
    `select country, date_trunc('month', updated_at) m, count(*) n, grouping(country) g from customers group by rollup (country, date_trunc('month', updated_at))`,
    { country: '=customers.country', m: '~customers.updated_at', n: '', g: '~customers.country' },
    'grouped customers.country, grouped customers.updated_at',
  ],
  [
    `select d::date as day, coalesce(sum(p.amount), 0) as total from generate_series('2024-01-01'::date, '2024-12-31'::date, interval '1 day') as g(d) left join payments p on p.paid_at::date = g.d group by 1`,
    { day: '', total: '~payments.amount' },
    'joined payments.paid_at for total',
  ],
  [
    'with recursive t(n, uid) as (select 1, user_id from orders union all select n + 1, uid from t where n < 3) select n, uid from t',
    { n: '', uid: '=orders.user_id' },
    '',
  ],
  [
    `select id, paid_at at time zone 'UTC' as u, extract(epoch from paid_at)::bigint as ep, amount::numeric(10,2) / 100 as eur, 'x' || payment_method as pm from payments where amount = any(array[1,2,3])`,
    {
      id: '=payments.id',
      u: '~payments.paid_at',
      ep: '~payments.paid_at',
      eur: '~payments.amount',
      pm: '~payments.payment_method',
    },
    'filtered payments.amount',
  ],
  [
    'select c.*, o.status from customers c join orders o on o.user_id = c.id',
    {
      id: '=customers.id',
      first_name: '=customers.first_name',
      last_name: '=customers.last_name',
      email: '=customers.email',
      country: '=customers.country',
      updated_at: '=customers.updated_at',
      status: '=orders.status',
    },
    'joined customers.id, joined orders.user_id',
  ],
  [
    '(select id from orders except select order_id from payments) union (select id from customers intersect select user_id from orders)',
    { id: '=customers.id =orders.id' },
    'filtered orders.user_id, filtered payments.order_id, grouped customers.id, grouped orders.id',
  ],
  [
    `select v.code, v.label, c.id from (values (1, 'a'), (2, 'b')) as v(code, label) join customers c on c.id = v.code`,
    { code: '', label: '', id: '=customers.id' },
    'joined customers.id',
  ],
]

const VALUES: readonly Truth[] = [
  ['select 1 as one', { one: '' }, ''],
  ['select id::bigint as id, status::text as status from orders', { id: '~orders.id', status: '=orders.status' }, ''],
  ['select status::varchar(3) as status from orders', { status: '~orders.status' }, ''],
  ['select status collate "C" as status from orders', { status: '=orders.status' }, ''],
  ['select coalesce(status, $$new$$) as status from orders', { status: '~orders.status' }, ''],
  [
    'select case when user_id > 1 then status end as status from orders',
    { status: '~orders.status ~orders.user_id' },
    '',
  ],
  ['select s.renamed as id from (select id as renamed, user_id from orders) as s', { id: '=orders.id' }, ''],
  [
    'select o as whole from orders as o',
    { whole: '~orders.id ~orders.order_date ~orders.status ~orders.updated_at ~orders.user_id' },
    '',
  ],
  ['select (o).status from orders as o', { status: '=orders.status' }, ''],
  ['select ctid from orders', { ctid: '=orders.ctid' }, ''],
  ['select id, status from paid_orders', { id: '=paid_orders.id', status: '=paid_orders.status' }, ''],
  [
    'select page, sum(seconds) as seconds from visits group by page',
    { page: '=visits.page', seconds: '~visits.seconds' },
    'grouped visits.page',
  ],
  ['select count(*) as n, count(id) as ids from orders', { n: '', ids: '~orders.id' }, ''],
  [
    'select array_agg(id) as ids from (select id from orders order by order_date) as o',
    { ids: '~orders.id ~orders.order_date' },
    '',
  ],
  ['select max(id) as id from (select id from orders order by order_date) as o', { id: '~orders.id' }, ''],
  ['select x from orders, lateral (values (id), (user_id)) as v(x)', { x: '=orders.id =orders.user_id' }, ''],
  [
    'select a, b from devices, rows from (unnest(tags), unnest(readings)) as r(a, b)',
    { a: '~devices.tags', b: '~devices.readings' },
    'joined devices.readings, joined devices.tags',
  ],
  [
    'select unnest(tags) as tag, device_id from devices',
    { tag: '~devices.tags', device_id: '=devices.device_id' },
    'joined devices.tags',
  ],
  ['select row_number() over () as n, count(*) over () as c from orders', { n: '', c: '' }, ''],
  [
    'select lag(id) over (partition by user_id order by order_date) as before from orders',
    { before: '~orders.id ~orders.order_date ~orders.user_id' },
    '',
  ],
  [
    'select (select first_name from customers as c where c.id = o.user_id) as name from orders as o',
    { name: '=customers.first_name ~customers.id ~orders.user_id' },
    '',
  ],
  [
    'select exists (select 1 from payments as p where p.order_id = o.id) as paid from orders as o',
    { paid: '~orders.id ~payments.order_id' },
    '',
  ],
  [
    'select array(select amount from payments order by paid_at) as amounts',
    { amounts: '~payments.amount ~payments.paid_at' },
    '',
  ],
  [
    'select id in (select order_id from payments where amount > 1) as paid from orders',
    { paid: '~orders.id ~payments.amount ~payments.order_id' },
    '',
  ],
]

const ROWS: readonly Truth[] = [
  ['select id from customers join orders using (id)', { id: '=customers.id' }, 'joined customers.id, joined orders.id'],
  [
    'select id from customers full join orders using (id)',
    { id: '~customers.id ~orders.id' },
    'joined customers.id, joined orders.id',
  ],
  [
    'select distinct payment_method, total from (select payment_method, sum(amount) as total from payments group by payment_method) as t',
    { payment_method: '=payments.payment_method', total: '~payments.amount' },
    'grouped payments.payment_method',
  ],
  [
    'select payment_method, amount, id from payments order by payment_method, amount limit 3',
    { payment_method: '=payments.payment_method', amount: '=payments.amount', id: '=payments.id' },
    'ordered payments.amount for amount id, ordered payments.payment_method',
  ],
  [
    'select count(*) as n, max(amount) as largest from (select * from payments order by paid_at limit 3) as o',
    { n: '', largest: '~payments.amount' },
    'ordered payments.paid_at for largest',
  ],
  [
    'select payment_method from payments order by amount fetch first 3 rows with ties',
    { payment_method: '=payments.payment_method' },
    'ordered payments.amount',
  ],
  [
    'select rank() over (partition by order_id) as always_first, dense_rank() over (order by amount) as place from payments',
    { always_first: '', place: '~payments.amount' },
    '',
  ],
  [
    'select c.first_name, t.total from customers as c left join (select order_id, sum(amount) as total from payments group by order_id) as t on t.order_id = c.id',
    { first_name: '=customers.first_name', total: '~payments.amount' },
    'grouped payments.order_id for total, joined customers.id for total, joined payments.order_id for total',
  ],
  [
    'select c.first_name, t.total from customers as c left join (select order_id, payment_method, sum(amount) as total from payments group by order_id, payment_method) as t on t.order_id = c.id',
    { first_name: '=customers.first_name', total: '~payments.amount' },
    'grouped payments.order_id, grouped payments.payment_method, joined customers.id, joined payments.order_id',
  ],
  [
    'select c.first_name, t.total from customers as c left join (select order_id, sum(amount) as total from payments group by order_id) as t on t.order_id > c.id',
    { first_name: '=customers.first_name', total: '~payments.amount' },
    'grouped payments.order_id, joined customers.id, joined payments.order_id',
  ],
  [
    'select c.first_name, t.total, u.place from (select distinct order_id, amount as total from payments) as t right join customers as c on t.order_id = c.id and t.total = c.id left join (select payment_method, count(*) as place from payments group by payment_method) as u on u.place = t.total',
    { first_name: '=customers.first_name', total: '=payments.amount', place: '' },
    'grouped payments.amount for total, grouped payments.order_id for total, grouped payments.payment_method, joined customers.id, joined payments.amount, joined payments.order_id',
  ],
  [
    'select c.first_name, t.total * 2 as twice from customers as c left join (select order_id, sum(amount) as total from payments group by order_id) as t on t.order_id = c.id where t.total > 1',
    { first_name: '=customers.first_name', twice: '~payments.amount' },
    'filtered customers.id, filtered payments.amount, filtered payments.order_id, grouped payments.order_id for twice, joined customers.id for twice, joined payments.order_id for twice',
  ],
  ['select distinct status from orders', { status: '=orders.status' }, 'grouped orders.status'],
  ['select id from orders order by status', { id: '=orders.id' }, ''],
  ['select id from orders order by status limit 3', { id: '=orders.id' }, 'ordered orders.status'],
  ['select id from orders offset (select max(amount) from payments)', { id: '=orders.id' }, 'filtered payments.amount'],
  [
    'select user_id from orders group by user_id having max(order_date) > now()',
    { user_id: '=orders.user_id' },
    'filtered orders.order_date, grouped orders.user_id',
  ],
  [
    'select id from orders as o where exists (select 1 from payments as p where p.order_id = o.id and amount > 1)',
    { id: '=orders.id' },
    'filtered orders.id, filtered payments.amount, filtered payments.order_id',
  ],
  [
    'select id from orders where user_id not in (select id from customers where country = $$BR$$)',
    { id: '=orders.id' },
    'filtered customers.country, filtered customers.id, filtered orders.user_id',
  ],
  [
    'select id from orders union all select order_id from payments where amount > 1',
    { id: '=orders.id =payments.order_id' },
    'filtered payments.amount',
  ],
  [
    'select id from orders union select event_id from events',
    { id: '=events.event_id ~orders.id' },
    'grouped events.event_id, grouped orders.id',
  ],
  ['select status from orders union all select $$none$$', { status: '=orders.status' }, ''],
  ['select status from orders union all select upper(status) from orders', { status: '~orders.status' }, ''],
  ['select status from orders union all select tags[1] from devices', { status: '=orders.status ~devices.tags' }, ''],
  [
    'select id from orders union all select order_id from payments order by 1 limit 2',
    { id: '=orders.id =payments.order_id' },
    'ordered orders.id, ordered payments.order_id',
  ],
  ['with unused as (select * from payments where amount > 1) select id from orders', { id: '=orders.id' }, ''],
  [
    'with big as (select * from payments where amount > 1) select id from orders where id in (select order_id from big)',
    { id: '=orders.id' },
    'filtered orders.id, filtered payments.amount, filtered payments.order_id',
  ],
  [
    'select o.id, l.paid from orders as o cross join lateral (select p.amount as paid from payments as p where p.order_id = o.id order by p.paid_at limit 1) as l',
    { id: '=orders.id', paid: '=payments.amount' },
    'filtered orders.id, filtered payments.order_id, ordered payments.paid_at for paid',
  ],
  [
    'with recursive up(id, parent) as (select id, user_id from orders where status = $$a$$ union select o.id, o.user_id from orders as o join up on o.id = up.parent) select id from up',
    { id: '=orders.id' },
    'filtered orders.status, grouped orders.id, grouped orders.user_id, joined orders.id, joined orders.user_id',
  ],
  [
    'with recursive up(id, parent) as (select id, user_id from orders union all select o.id, o.user_id from orders as o join up on o.id = up.parent) cycle id set is_cycle using path select id, is_cycle from up',
    { id: '=orders.id', is_cycle: '~orders.id' },
    'filtered orders.id, joined orders.id, joined orders.user_id',
  ],
  [
    'with recursive up(id, parent) as (select id, user_id from orders union all select o.id, o.user_id from orders as o join up on o.id = up.parent) search breadth first by parent set place select id from up order by place limit 1',
    { id: '=orders.id' },
    'joined orders.id, joined orders.user_id, ordered orders.user_id',
  ],
  [
    'select status from orders as o natural join paid_orders where false',
    { status: '=orders.status' },
    'joined orders.id, joined orders.order_date, joined orders.status, joined orders.updated_at, joined orders.user_id, joined paid_orders.id, joined paid_orders.order_date, joined paid_orders.status, joined paid_orders.updated_at, joined paid_orders.user_id',
  ],
]

describe.each([
  ['the queries of the first trial', PROTOTYPE],
  ['values', VALUES],
  ['rows', ROWS],
])('knows where %s come from', (_, truths) => {
  test.each(truths)('%s', async (sql, columns, rows) => {
    const lineage = await connection.lineageOf(sql)
    expect(lineage && writeLineage(lineage)).toEqual({ columns, rows })
  })
})

test('columns keep their order and their names, also one name twice', async () => {
  const lineage = await connection.lineageOf('select id, user_id as id, 1 from orders; -- of all')
  expect(lineage?.columns.map(({ name }) => name)).toEqual(['id', 'id', '?column?'])
})

test('schemas are those of Postgres; that of temporary tables is pg_temp', async () => {
  const lineage = await connection.lineageOf('select page, oid from visits, pg_catalog.pg_class')
  expect(lineage?.columns.map(({ inputs }) => inputs[0]?.schema)).toEqual(['pg_temp', 'pg_catalog'])
})

test.each([
  'select id from',
  'select id from orders; select 2',
  "select current_date::xml::text from orders where id = 'x'",
])('fails as a description does: %s', async (sql) => {
  const described = await connection.describeQuery(sql).catch((error: unknown) => error)
  expect(described).toMatchObject({ name: 'DatabaseError' })
  expect(await connection.lineageOf(sql).catch((error: unknown) => error)).toEqual(described)
})

test('says nothing of what cannot be a view', async () => {
  expect(await connection.lineageOf('select row(1, 2)')).toBeUndefined()
  expect(await connection.lineageOf('insert into orders values (1) returning id')).toBeUndefined()
  expect((await connection.query('select count(*) from orders')).rows).toEqual([[0]])
})

test.each([false, true])(
  'leaves nothing and goes on after a failure, in a transaction: %s',
  async (isInTransaction) => {
    if (isInTransaction) await connection.begin()
    await connection.execute('create table if not exists kept (id int)')
    const wrong = `select 'ação 💰' as title, nope from orders`
    const described = await connection.describeQuery(wrong).catch((error: unknown) => error)
    const traced = await connection.lineageOf(wrong).catch((error: unknown) => error)
    expect(traced).toEqual(described)
    expect(traced).toMatchObject({ code: 'binder', position: wrong.indexOf('nope') })
    expect(await connection.lineageOf('select id from kept')).toBeDefined()
    expect(await connection.lineageOf('select row(1, 2)')).toBeUndefined()
    const { rows } = await connection.query(`select count(*) from pg_class where relname = '_lavra_lineage'`)
    expect(rows).toEqual([[0]])
    if (isInTransaction) await connection.commit()
    expect(await connection.columnsOf({ database: database.name, schema: 'main', identifier: 'kept' })).toHaveLength(1)
  },
)

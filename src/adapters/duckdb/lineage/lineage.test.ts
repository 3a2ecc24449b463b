import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import type { QueryLineage } from '../../../sql/query-lineage.ts'
import { DuckdbConnection } from '../connection.ts'

const TABLES = `
  create table orders (id integer, customer_id integer, amount decimal(10, 2), ordered_at timestamp, status varchar, note json, tags varchar[], place struct(city varchar, zip integer));
  create table customers (id integer, name varchar, city varchar);
  create table payments (order_id integer, method varchar, paid integer, paid_at timestamp);
  create table prices (product varchar, price double, valid_from timestamp);
`

async function lineageOf(sql: string): Promise<QueryLineage | undefined> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = new DuckdbConnection(await instance.connect(), 'memory', () => {})
  try {
    await connection.execute(TABLES)
    return await connection.lineageOf(sql)
  } finally {
    connection.close()
    instance.closeSync()
  }
}

/** `= orders.id` is copied, `~ orders.id` derived. */
function told(lineage: QueryLineage | undefined): readonly string[] | undefined {
  if (lineage === undefined) return undefined
  const columns = lineage.columns.map(({ name, inputs }) => {
    const from = inputs.map(({ how, relation, column }) => `${how === 'copied' ? '=' : '~'} ${relation}.${column}`)
    return `${name} ${from.sort().join(' ')}`.trim()
  })
  const rows = lineage.rows
    .map(
      ({ how, relation, column, columns: some }) =>
        `${how} ${relation}.${column}${some ? ` for ${some.join(' ')}` : ''}`,
    )
    .sort()
  return rows.length > 0 ? [...columns, `rows: ${rows.join(', ')}`] : columns
}

const CASES: readonly (readonly [what: string, sql: string, ...told: readonly string[]])[] = [
  [
    'columns, constants and what is computed',
    `select id, id as order_id, amount * 2 as twice, amount::double as amount, 1 as one, status || 'x' as marked from orders`,
    'id = orders.id',
    'order_id = orders.id',
    'twice ~ orders.amount',
    'amount ~ orders.amount',
    'one',
    'marked ~ orders.status',
  ],
  [
    'a star, with columns left out, replaced and renamed',
    'select * exclude (note, tags, place, ordered_at) replace (upper(status) as status) from orders',
    'id = orders.id',
    'customer_id = orders.customer_id',
    'amount = orders.amount',
    'status ~ orders.status',
  ],
  [
    'filters',
    `select id from orders where amount > 3 and status in ('paid', 'sent')`,
    'id = orders.id',
    'rows: filtered orders.amount, filtered orders.status',
  ],
  [
    'joins, with conditions of one side',
    `select o.id, c.name from orders as o left join customers as c on c.id = o.customer_id and c.city = 'Recife'`,
    'id = orders.id',
    'name = customers.name',
    'rows: filtered customers.city, joined customers.id, joined orders.customer_id',
  ],
  [
    'a full join with using',
    'select id, name, amount from orders full join customers using (id)',
    'id ~ customers.id ~ orders.id',
    'name = customers.name',
    'amount = orders.amount',
    'rows: joined customers.id, joined orders.id',
  ],
  [
    'joins on more than equality',
    'select o.id, c.name from orders as o join customers as c on o.id < c.id or o.status = c.name',
    'id = orders.id',
    'name = customers.name',
    'rows: joined customers.id, joined customers.name, joined orders.id, joined orders.status',
  ],
  ['a cross join', 'select o.id, c.name from orders as o, customers as c', 'id = orders.id', 'name = customers.name'],
  [
    'semi and anti joins',
    'select id from orders semi join payments on order_id = orders.id anti join customers on customers.id = customer_id',
    'id = orders.id',
    'rows: filtered customers.id, filtered orders.customer_id, filtered orders.id, filtered payments.order_id',
  ],
  [
    'an asof join',
    'select o.id, p.price from orders as o asof join prices as p on o.status = p.product and o.ordered_at >= p.valid_from',
    'id = orders.id',
    'price = prices.price',
    'rows: joined orders.ordered_at, joined orders.status, joined prices.product, joined prices.valid_from',
  ],
  [
    'a positional join',
    'select o.id, p.price from orders as o positional join prices as p',
    'id = orders.id',
    'price = prices.price',
  ],
  [
    'groups',
    `select customer_id, date_trunc('month', ordered_at) as month, sum(amount) as total, count(*) as orders from orders group by all`,
    'customer_id = orders.customer_id',
    'month ~ orders.ordered_at',
    'total ~ orders.amount',
    'orders',
    'rows: grouped orders.customer_id, grouped orders.ordered_at',
  ],
  [
    'aggregates without groups',
    `select max(amount) as largest, count(*) as orders from orders where status = 'paid'`,
    'largest ~ orders.amount',
    'orders',
    'rows: filtered orders.status',
  ],
  [
    'having',
    'select customer_id from orders group by customer_id having sum(amount) > 10',
    'customer_id = orders.customer_id',
    'rows: filtered orders.amount, grouped orders.customer_id',
  ],
  [
    'filters and orders of aggregates',
    `select count(*) filter (where status = 'paid') as paid, list(id order by ordered_at) as ids, arg_max(status, ordered_at) as last from orders`,
    'paid ~ orders.status',
    'ids ~ orders.id ~ orders.ordered_at',
    'last ~ orders.ordered_at ~ orders.status',
  ],
  [
    'grouping sets',
    'select status, count(*) as orders, grouping(status) as is_total from orders group by rollup (status)',
    'status = orders.status',
    'orders',
    'is_total ~ orders.status',
    'rows: grouped orders.status',
  ],
  [
    'windows',
    'select id, sum(amount) over (partition by customer_id order by ordered_at) as running, row_number() over () as number from orders',
    'id = orders.id',
    'running ~ orders.amount ~ orders.customer_id ~ orders.ordered_at',
    'number',
  ],
  [
    'ranks without an order',
    'select rank() over (partition by customer_id) as always_first, dense_rank() over (order by amount) as place from orders',
    'always_first',
    'place ~ orders.amount',
  ],
  [
    'qualify',
    'select id from orders qualify row_number() over (partition by customer_id order by ordered_at desc) = 1',
    'id = orders.id',
    'rows: grouped orders.customer_id, ordered orders.ordered_at',
  ],
  [
    'a left join that finds one row at most',
    'select c.name, t.total from customers as c left join (select customer_id, sum(amount) as total from orders group by customer_id) as t on t.customer_id = c.id',
    'name = customers.name',
    'total ~ orders.amount',
    'rows: grouped orders.customer_id for total, joined customers.id for total, joined orders.customer_id for total',
  ],
  [
    'a left join that may find several rows',
    'select c.name, t.total from customers as c left join (select customer_id, status, sum(amount) as total from orders group by customer_id, status) as t on t.customer_id = c.id',
    'name = customers.name',
    'total ~ orders.amount',
    'rows: grouped orders.customer_id, grouped orders.status, joined customers.id, joined orders.customer_id',
  ],
  [
    'a right join, and one more join to what it adds',
    'select c.name, t.status from (select distinct customer_id, status from orders) as t right join customers as c on t.customer_id = c.id and t.status = c.city left join payments as p on p.method = t.status',
    'name = customers.name',
    'status = orders.status',
    'rows: grouped orders.customer_id for status, grouped orders.status for status, joined customers.city, joined customers.id, joined orders.customer_id, joined orders.status, joined payments.method',
  ],
  [
    'what is made of a row that a join adds, and a filter on it',
    'select c.name, t.total * 2 as twice from customers as c left join (select customer_id, sum(amount) as total from orders group by customer_id) as t on t.customer_id = c.id where t.total > 1',
    'name = customers.name',
    'twice ~ orders.amount',
    'rows: filtered customers.id, filtered orders.amount, filtered orders.customer_id, grouped orders.customer_id for twice, joined customers.id for twice, joined orders.customer_id for twice',
  ],
  [
    'common table expressions that read each other',
    `with paid as (select * from orders where status = 'paid'), totals as (select customer_id, sum(amount) as total from paid group by customer_id) select c.name, t.total from customers as c join totals as t on t.customer_id = c.id`,
    'name = customers.name',
    'total ~ orders.amount',
    'rows: filtered orders.status, grouped orders.customer_id, joined customers.id, joined orders.customer_id',
  ],
  [
    'a common table expression that nobody reads',
    'with unread as (select city from customers) select id from orders',
    'id = orders.id',
  ],
  [
    'a common table expression that is read twice',
    'with o as (select id, customer_id from orders where amount > 1) select a.id, b.customer_id from o as a join o as b on a.id = b.id',
    'id = orders.id',
    'customer_id = orders.customer_id',
    'rows: filtered orders.amount, joined orders.id',
  ],
  [
    'recursion',
    'with recursive steps(number, id) as (select 1, id from orders union all select number + 1, id from steps where number < 3) select number, id from steps',
    'number',
    'id = orders.id',
  ],
  [
    'recursion over a table',
    'with recursive tree(id, root) as (select id, name from customers where city is null union select o.id, tree.root from orders as o join tree on o.customer_id = tree.id) select id, root from tree',
    'id = customers.id = orders.id',
    'root = customers.name',
    'rows: filtered customers.city, grouped customers.id, grouped customers.name, grouped orders.id, joined customers.id, joined orders.customer_id, joined orders.id',
  ],
  [
    'union all',
    'select id, status from orders union all select id, name from customers',
    'id = customers.id = orders.id',
    'status = customers.name = orders.status',
  ],
  [
    'union',
    'select id from orders union select id from customers',
    'id = customers.id = orders.id',
    'rows: grouped customers.id, grouped orders.id',
  ],
  [
    'union by name',
    'select id, status from orders union all by name select name as status, id from customers',
    'id = customers.id = orders.id',
    'status = customers.name = orders.status',
  ],
  [
    'a union of what is copied and what is computed',
    'select id from orders union all select id + 1 from orders',
    'id ~ orders.id',
  ],
  [
    'except',
    `select id from orders except select id from customers where city = 'x'`,
    'id = orders.id',
    'rows: filtered customers.city, filtered customers.id, filtered orders.id, grouped orders.id',
  ],
  [
    'intersect all',
    'select id from orders intersect all select id from customers',
    'id = orders.id',
    'rows: filtered customers.id, filtered orders.id',
  ],
  ['distinct', 'select distinct status from orders', 'status = orders.status', 'rows: grouped orders.status'],
  [
    'distinct on',
    'select distinct on (customer_id) customer_id, status from orders order by customer_id, ordered_at desc',
    'customer_id = orders.customer_id',
    'status = orders.status',
    'rows: grouped orders.customer_id, ordered orders.ordered_at for status',
  ],
  [
    'distinct over what has each row once',
    'select distinct status, total from (select status, sum(amount) as total from orders group by status)',
    'status = orders.status',
    'total ~ orders.amount',
    'rows: grouped orders.status',
  ],
  ['an order that is only seen', 'select id from orders order by ordered_at', 'id = orders.id'],
  [
    'an order that decides what a limit leaves',
    'select id from orders order by ordered_at limit 3',
    'id = orders.id',
    'rows: ordered orders.ordered_at',
  ],
  [
    'an order of several keys before a limit',
    'select status, amount, id from orders order by status, amount limit 3',
    'status = orders.status',
    'amount = orders.amount',
    'id = orders.id',
    'rows: ordered orders.amount for amount id, ordered orders.status',
  ],
  [
    'how many rows a limit leaves',
    'select count(*) as n, max(amount) as largest from (select * from orders order by ordered_at limit 3)',
    'n',
    'largest ~ orders.amount',
    'rows: ordered orders.ordered_at for largest',
  ],
  [
    'an order inside',
    `select string_agg(status, ',') as all_status from (select status from orders order by ordered_at)`,
    'all_status ~ orders.status',
    'rows: ordered orders.ordered_at',
  ],
  [
    'a limit that is a query',
    'select id from orders limit (select count(paid) from payments)',
    'id = orders.id',
    'rows: ordered payments.paid',
  ],
  [
    'a scalar subquery',
    `select id, (select max(paid) from payments where method = 'card') as largest from orders`,
    'id = orders.id',
    'largest ~ payments.method ~ payments.paid',
  ],
  [
    'a correlated subquery',
    `select id, (select sum(paid) from payments where order_id = orders.id and method = 'card') as paid from orders`,
    'id = orders.id',
    'paid ~ orders.id ~ payments.method ~ payments.order_id ~ payments.paid',
  ],
  [
    'exists',
    'select id from orders where exists (select 1 from payments where order_id = orders.id and paid > 3)',
    'id = orders.id',
    'rows: filtered orders.id, filtered payments.order_id, filtered payments.paid',
  ],
  [
    'exists as a value',
    'select id, exists (select 1 from payments where order_id = orders.id) as is_paid from orders',
    'id = orders.id',
    'is_paid ~ orders.id ~ payments.order_id',
  ],
  [
    'in a subquery',
    `select id from orders where customer_id in (select id from customers where city = 'Recife')`,
    'id = orders.id',
    'rows: filtered customers.city, filtered customers.id, filtered orders.customer_id',
  ],
  [
    'not in a subquery',
    'select id from orders where customer_id not in (select id from customers)',
    'id = orders.id',
    'rows: filtered customers.id, filtered orders.customer_id',
  ],
  [
    'a subquery in a case',
    'select case when amount > (select avg(paid) from payments) then status end as status from orders',
    'status ~ orders.amount ~ orders.status ~ payments.paid',
  ],
  [
    'lateral',
    'select o.id, p.paid from orders as o, lateral (select paid from payments where order_id = o.id order by paid_at limit 1) as p',
    'id = orders.id',
    'paid = payments.paid',
    'rows: filtered orders.id, filtered payments.order_id, grouped orders.id, ordered payments.paid_at for paid',
  ],
  [
    'lateral in two steps',
    'select o.id, q.twice from orders as o, lateral (select o.amount + 1 as more) as p, lateral (select p.more * 2 as twice) as q',
    'id = orders.id',
    'twice ~ orders.amount',
  ],
  [
    'columns named by columns of the same query',
    'select amount / 100 as reais, reais * 2 as twice from orders where reais > 1',
    'reais ~ orders.amount',
    'twice ~ orders.amount',
    'rows: filtered orders.amount',
  ],
  [
    'json',
    `select note->>'$.channel' as channel, (note->'$.price')::double as price from orders where note->>'$.kind' = 'x'`,
    'channel ~ orders.note',
    'price ~ orders.note',
    'rows: filtered orders.note',
  ],
  [
    'structs',
    `select place.city as city, place['zip'] as zip, {'id': id, 'at': ordered_at} as both from orders`,
    'city ~ orders.place',
    'zip ~ orders.place',
    'both ~ orders.id ~ orders.ordered_at',
  ],
  [
    'unnest as a value',
    'select id, unnest(tags) as tag from orders',
    'id = orders.id',
    'tag ~ orders.tags',
    'rows: joined orders.tags',
  ],
  [
    'unnest as a table',
    'select o.id, t.tag from orders as o, unnest(o.tags) as t(tag)',
    'id = orders.id',
    'tag ~ orders.tags',
    'rows: joined orders.tags',
  ],
  [
    'unnest as a table, with numbers',
    'select o.id, t.tag, t.number from orders as o, unnest(o.tags) with ordinality as t(tag, number)',
    'id = orders.id',
    'tag ~ orders.tags',
    'number ~ orders.tags',
    'rows: joined orders.tags',
  ],
  [
    'lambdas and what they capture',
    `select list_transform(tags, lambda t: t || status) as marked, [t for t in tags if t <> 'x'] as others from orders`,
    'marked ~ orders.status ~ orders.tags',
    'others ~ orders.tags',
  ],
  [
    'pivot',
    `select * from (select customer_id, status, amount from orders) pivot (sum(amount) for status in ('paid', 'sent'))`,
    'customer_id = orders.customer_id',
    'paid ~ orders.amount ~ orders.status',
    'sent ~ orders.amount ~ orders.status',
    'rows: grouped orders.customer_id',
  ],
  [
    'pivot with many values and more than one aggregate',
    `select * from (select customer_id, status, amount from orders) pivot (sum(amount) as total, count(*) as orders for status in ('s00', 's01', 's02') group by customer_id)`,
    'customer_id = orders.customer_id',
    's00_total ~ orders.amount ~ orders.status',
    's00_orders ~ orders.status',
    's01_total ~ orders.amount ~ orders.status',
    's01_orders ~ orders.status',
    's02_total ~ orders.amount ~ orders.status',
    's02_orders ~ orders.status',
    'rows: grouped orders.customer_id',
  ],
  [
    'unpivot',
    'select id, name, value from (select id, amount, amount * 2 as twice from orders) unpivot (value for name in (amount, twice))',
    'id = orders.id',
    'name',
    'value ~ orders.amount',
    'rows: filtered orders.amount, joined orders.amount',
  ],
  [
    'values beside a table',
    `select o.id, v.label from orders as o join (values ('paid', 'Paga'), ('sent', 'Enviada')) as v(status, label) on v.status = o.status`,
    'id = orders.id',
    'label',
    'rows: joined orders.status',
  ],
  [
    'functions that give tables',
    `select day, count(o.id) as orders from range(timestamp '2024-01-01', timestamp '2024-02-01', interval 1 day) as d(day) left join orders as o on o.ordered_at = d.day group by day`,
    'day',
    'orders ~ orders.id',
    'rows: joined orders.ordered_at for orders',
  ],
  ['sampling', 'select id from orders using sample 10 rows', 'id = orders.id'],
  ['from first', 'from orders select id where amount > 1', 'id = orders.id', 'rows: filtered orders.amount'],
  ['no table at all', 'select 1 as one, current_date as today', 'one', 'today'],
  ['columns by a pattern', `select columns('.*_id') from orders`, 'customer_id = orders.customer_id'],
  [
    'names in quotes and letters beyond ASCII',
    'with "número" as (select id as "o número" from orders) select "o número" from "número"',
    'o número = orders.id',
  ],
]

test.each(CASES)('%s', async (_, sql, ...expected) => {
  expect(told(await lineageOf(sql))).toEqual(expected)
})

test.each([
  [
    'files that the query reads by itself',
    `select * from read_csv('package.json', columns = {'a': 'varchar'}, header = false)`,
  ],
  ['a PIVOT whose columns only the data tells', 'pivot orders on status using sum(amount) group by customer_id'],
])('nothing is said of %s', async (_, sql) => {
  expect(await lineageOf(sql)).toBeUndefined()
})

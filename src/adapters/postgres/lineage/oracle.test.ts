import { afterAll } from 'vitest'
import { lineageByTheData } from '../../../test/lineage/lineage-by-the-data.ts'
import { createTestPostgres } from '../../../test/postgres/database.ts'
import { createPostgresAdapter } from '../adapter.ts'

const database = await createTestPostgres()
const adapter = createPostgresAdapter(database.options)
await adapter.open({ mode: 'write', runId: 'lineage', waitMs: 0 })
const connection = await adapter.connect()
await connection.execute('create schema main')

afterAll(async () => {
  await adapter.close()
  await database.remove()
})

const WRITTEN = [
  'select string_agg(name, $$,$$) from (select name from customers order by tier, name, id, country) as c',
  'select array(select amount from orders as o where o.customer_id = c.id order by status, amount, id) from customers as c',
  'select c.id, n from customers as c, generate_series(1, c.tier) as n',
  'select name, unnest(array[id, tier]) from customers',
  'select id, generate_series(1, tier) + id from customers',
  'select count(*) from (select 1 from orders limit (select count(*) from payments where paid > 1)) as o',
  'select customer_id, status, count(*), grouping(status) from orders group by rollup (customer_id, status)',
  'select id from customers full join orders using (id)',
  `with recursive chain(id, paid, steps) as (select id, paid, 1 from payments where method = 'a'
   union all select p.id, p.paid, steps + 1 from payments as p join chain as c on p.order_id = c.id where steps < 3)
   select id, paid, steps from chain`,
  'select to_jsonb(o) from orders as o where amount is not null',
  'select c.name, l.top from customers as c left join lateral (select max(amount) as top from orders as o where o.customer_id = c.id) as l on true',
  'select count(*) filter (where status = $$a$$), sum(amount) over (order by amount rows unbounded preceding) from orders group by amount',
  'select id from orders where (customer_id, amount) in (select id, tier from customers)',
  'select id from orders where amount >= all (select paid from payments where order_id = orders.id)',
  'select distinct on (customer_id) customer_id, status, amount from orders order by customer_id, amount, id, status',
  `select c.id, t.total, u.n from customers as c
   left join (select customer_id, sum(amount) as total from orders group by customer_id) as t on t.customer_id = c.id
   left join (select order_id, count(*) as n from payments group by order_id) as u on u.order_id = t.customer_id
   where u.n > 1 or t.total is null`,
  `select c.id, x.n from (select o.customer_id, p.n from (select distinct customer_id from orders) as o
   left join (select order_id, count(*) as n from payments group by order_id) as p on p.order_id = o.customer_id) as x
   right join customers as c on x.customer_id = c.tier`,
  `select x.status, x.n from customers as c left join (
     select o.status, sum(p.paid) as n from orders as o left join payments as p on p.order_id = o.id group by o.status
   ) as x on x.status = c.name and x.n > c.tier`,
  'select name from customers order by tier fetch first 2 rows with ties',
]

lineageByTheData('postgres', async () => connection, WRITTEN)

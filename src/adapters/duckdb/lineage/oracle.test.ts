import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll } from 'vitest'
import { lineageByTheData } from '../../../test/lineage/lineage-by-the-data.ts'
import { lineageContract } from '../../../test/lineage/lineage-contract.ts'
import { DuckdbConnection } from '../connection.ts'

const instance = await DuckDBInstance.create(':memory:')
// Errors are read as those of the adapter's own connections are.
const connection = new DuckdbConnection(await instance.connect(), 'memory', () => {})
await connection.execute('set errors_as_json = true')
await connection.execute('set threads = 1')

afterAll(() => {
  connection.close()
  instance.closeSync()
})

lineageContract('duckdb', async () => {
  await connection.execute('create schema contract; use contract')
  return connection
})

const WRITTEN = [
  "select string_agg(name, ',') from (select name from customers order by tier, name, id, country) as c",
  'select id, (select max(amount) from orders as o where o.customer_id = c.id) as top from customers as c',
  'select c.id, n from customers as c, range(1, c.tier) as t(n)',
  'select name, unnest([id, tier]) from customers',
  'select count(*) from (select 1 from orders limit (select count(*) from payments where paid > 1)) as o',
  'select customer_id, status, count(*), grouping(status) from orders group by rollup (customer_id, status)',
  'select id from customers full join orders using (id)',
  `with recursive chain(id, paid, steps) as (select id, paid, 1 from payments where method = 'a'
   union all select p.id, p.paid, steps + 1 from payments as p join chain as c on p.order_id = c.id where steps < 3)
   select id, paid, steps from chain`,
  'select c.name, l.top from customers as c left join lateral (select max(amount) as top from orders as o where o.customer_id = c.id) as l on true',
  'select id from orders where (customer_id, amount) in (select (id, tier) from customers)',
  'select id from orders where amount >= all (select paid from payments where order_id = orders.id)',
  'select id from orders qualify row_number() over (partition by customer_id order by amount, status, id) = 1',
  'select * from (select customer_id, status, amount from orders) pivot (sum(amount) for status in ($$a$$, $$b$$))',
  'select id, name, value from (select id, amount, customer_id from orders) unpivot (value for name in (amount, customer_id))',
  'select * exclude (status) replace (amount + 1 as amount) from orders',
  'select id, list_filter([amount, customer_id], lambda x: x > id) as kept from orders',
  'select o.id, c.name from orders as o semi join payments as p on p.order_id = o.id join customers as c on c.id = o.customer_id',
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
]

lineageByTheData(
  'duckdb',
  async () => {
    await connection.execute('use main')
    return connection
  },
  WRITTEN,
)

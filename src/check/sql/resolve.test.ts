import { afterAll, expect, test } from 'vitest'
import { createSqlParser } from '../../adapters/duckdb/sql-parser.ts'
import { uniqueId } from '../../text/unique-id.ts'
import { comparisonsOf } from './comparisons.ts'
import { readTree } from './read-tree.ts'
import { type Catalog, type KnownRelation, resolveQuery, typeOf } from './resolve.ts'

const ORDERS: KnownRelation = {
  label: 'orders',
  columns: [
    { name: 'order_id', type: 'BIGINT' },
    { name: 'customer', type: 'VARCHAR' },
    { name: 'amount', type: 'DECIMAL(18,2)' },
  ],
  keys: [['order_id']],
  passes: [uniqueId('model', 'shop', 'orders')],
}
const CATALOG: Catalog = {
  table: ({ schema, name }) => (schema === 'main' && name === 'orders' ? ORDERS : undefined),
  call: () => undefined,
  ephemeral: (name) => (name === '__dbt__cte__small' ? { ...ORDERS, label: 'small' } : undefined),
}
const parser = createSqlParser()

afterAll(() => parser.close())

test.each([
  ['select * from main.orders', 'order_id BIGINT, customer VARCHAR, amount DECIMAL(18,2); key order_id; all of orders'],
  ['select order_id as id, amount from main.orders', 'id BIGINT, amount DECIMAL(18,2); key id'],
  ['select customer from main.orders', 'customer VARCHAR'],
  [
    'select * from main.orders where amount > 1',
    'order_id BIGINT, customer VARCHAR, amount DECIMAL(18,2); all of orders',
  ],
  ['select customer, sum(amount) as amount from main.orders group by 1', 'customer VARCHAR, amount ?; key customer'],
  ['select o.customer as who from main.orders as o group by o.customer', 'who VARCHAR; key who'],
  ['select customer, sum(amount) from main.orders group by all', 'customer VARCHAR,  ?'],
  ['select distinct customer from main.orders', 'customer VARCHAR'],
  ['with o as (select * from main.orders) select o.order_id from o', 'order_id BIGINT; key order_id'],
  ['with o (id) as (select order_id from main.orders) select * from o', 'id BIGINT'],
  ['with o as (select * exclude (amount) from main.orders) select * from o', 'unknown; all of orders'],
  ['with o as (select a.*, 1 as one from main.orders as a) select one from o', 'one INTEGER'],
  [
    'select * from main.orders join main.orders as b using (order_id)',
    'order_id BIGINT, customer VARCHAR, amount DECIMAL(18,2), customer VARCHAR, amount DECIMAL(18,2); all of orders',
  ],
  ['select order_id from main.orders union all select customer from main.orders', 'order_id ?'],
  ['with recursive n as (select 1 as i union all select i + 1 from n) select * from n', 'i ?'],
  ['with __dbt__cte__small as (select 1 as one) select amount from __dbt__cte__small', 'amount DECIMAL(18,2)'],
  ['select * from orders', 'unknown'],
  ["select * from read_csv('orders.csv')", 'unknown'],
])('%s', async (sql, expected) => {
  expect(describe((await resolve(sql)).result)).toBe(expected)
})

test.each([
  ['select 1 from main.orders where amount = customer', 'DECIMAL(18,2) VARCHAR'],
  ['select 1 from main.orders as o where o.amount = cast(o.customer as integer)', 'DECIMAL(18,2) INTEGER'],
  ['select 1 from main.orders as a, main.orders as b where amount = 1', '? INTEGER'],
  ['select 1 from main.orders as a, other as b where amount = 1', 'DECIMAL(18,2) INTEGER'],
  ['select 1 from main.orders as a where exists (select 1 from other where amount = 1)', '? INTEGER'],
  [
    'select 1 from main.orders as a where exists (select 1 from (select 2 as two) where amount = 1)',
    'DECIMAL(18,2) INTEGER',
  ],
  ['select 1 as total from main.orders as a where total = 1', '? INTEGER'],
  ['select list_filter([1], amount -> amount > 1) from main.orders', ''],
  ['select 1 from main.orders where customer.first = 1', '? INTEGER'],
])('the types of what is compared in: %s', async (sql, expected) => {
  const { selects } = await resolve(sql)
  const found = selects.flatMap((select) => [...comparisonsOf(select)])
  const types = found.flatMap(({ comparison: { pairs }, scope }) =>
    pairs.map((pair) => pair.map((side) => typeOf(side, scope) ?? '?').join(' ')),
  )
  expect(types.join(', ')).toBe(expected)
})

async function resolve(sql: string) {
  const [tree] = await parser.parse([sql])
  return resolveQuery(readTree(tree!, sql), CATALOG)
}

function describe({ columns, keys, passes }: KnownRelation): string {
  return [
    columns?.map(({ name, type }) => `${name} ${type ?? '?'}`).join(', ') ?? 'unknown',
    ...(keys ?? []).map((key) => `key ${key.join(', ')}`),
    ...passes.map((id) => `all of ${id.split('.').at(-1)}`),
  ].join('; ')
}

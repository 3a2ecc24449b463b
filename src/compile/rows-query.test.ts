import { expect, test } from 'vitest'
import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import { notOnePredicate, type RowsQuery, rowsQuery, whereOffset } from './rows-query.ts'

const ORDERS: RowsQuery = {
  relation: { schema: 'gold', identifier: 'orders' },
  columns: ['order_id', 'customer', 'cpf'].map((name) => ({ name, type: 'VARCHAR' })),
  masked: new Map(),
  shown: ['order_id', 'cpf'],
}

test('reads a relation as it stands', () => {
  const query: RowsQuery = { ...ORDERS, orderBy: [{ name: 'order_id', isDescending: true }], limit: 10 }
  expect(rowsQuery(query, duckdbDialect)).toBe(`select
  "order_id",
  "cpf"
from "gold"."orders" as "orders"
order by "order_id" desc nulls last
limit 10`)
})

test('asks of masked values what readers ask, and of the values what the author asks', () => {
  const query: RowsQuery = {
    ...ORDERS,
    masked: new Map([['cpf', 'cpf']]),
    where: "cpf like '3%'",
    conditions: ["cpf <> '***' -- readable", '"customer" = \'Ana\''],
  }
  const sql = rowsQuery(query, duckdbDialect)
  expect(sql).toBe(`select
  "order_id",
  "cpf"
from (
select
  "order_id",
  "customer",
  case when length(cast("cpf" as varchar)) >= 11 then '***.***.***-' || right(cast("cpf" as varchar), 2) when "cpf" is not null then '***' end as "cpf"
from "gold"."orders" as "orders"
where (
cpf like '3%'
)
) as "orders"
where (
cpf <> '***' -- readable
)
and (
"customer" = 'Ana'
)`)
  expect(sql.slice(whereOffset(query, duckdbDialect))).toMatch(/^cpf like '3%'\n/)
})

test('limits the rows of each value', () => {
  const query: RowsQuery = {
    ...ORDERS,
    orderBy: [{ name: 'customer', isDescending: false }],
    limit: 2,
    limitPer: 'customer',
  }
  expect(rowsQuery(query, duckdbDialect)).toBe(`select
  "order_id",
  "cpf"
from (
select *, row_number() over (partition by "customer" order by "customer" asc nulls last) as lavra_row_of_value
from "gold"."orders" as "orders"
) as "orders"
where (
lavra_row_of_value <= 2
)
order by "customer" asc nulls last`)
})

test.each([
  ["customer = 'a;b)' and (amount > 1) -- ; )", undefined],
  ['"odd;)name" = $$;)$$ /* ; ( */', undefined],
  ["note = E'it\\'s; ('", undefined],
  ['true;', 'it holds a ";", which ends a statement'],
  ['true) or (true', 'it closes a bracket that it does not open'],
  ['(true', 'it opens a bracket that it does not close'],
  ['  -- nothing', 'it is empty'],
])('%s is one predicate, but for: %s', (sql, reason) => {
  expect(notOnePredicate(sql)).toBe(reason)
})

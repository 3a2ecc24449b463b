import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateQueries, ORACLE_TABLES } from '../../test/lineage/generated-queries.ts'
import { DuckdbConnection } from './connection.ts'

const TABLES = `
  create type mood as enum ('good', 'bad');
  create table orders (
    id integer, customer_id integer, amount decimal(10, 2), "Placed at" timestamptz, note json, mood mood, tags varchar[],
    place struct(city varchar, "zip code" integer[]), prices map(varchar, double), pair integer[2],
    choice union(number integer, word varchar), code uuid, data blob, span interval, bits bit, clock timetz);
  create table customers (id integer, name varchar);
  create table places (city varchar, size utinyint, seen timestamp_ns);
`

/** What is known of each together with others is what is known of it alone. */
const TOGETHER: readonly string[] = [
  'select * from orders',
  'from customers -- all of them',
  'select *, id as "Id of it", "Placed at"::date from orders where amount > 1',
  'select count(*), sum(amount), id + 1, max_by(mood, id), list(tags), place.city from orders group by id, place.city',
  `select 'x', 1.5, 1e10, 3000000000, 170141183460469231731687303715884105727, date '2026-01-05', true, [1], {'a': 1}, row(1, 2)`,
  'select null, null as nothing, null::varchar as text, id from customers',
  'select name from customers union all select null order by 1 limit 3',
  'select distinct on (customer_id) * exclude (note) from orders order by customer_id, amount desc',
  'with recursive days as (select 1 as day union all select day + 1 from days where day < 9) select * from days',
  'with c as materialized (select * from customers) select c.name, (select max(o.amount) from orders as o where o.customer_id = c.id) as most from c',
  "pivot (select customer_id, mood, amount from orders) on mood in ('good', 'bad') using sum(amount)",
  'unpivot (select id, customer_id from orders) on columns(*)',
  'values (1, $$a$$), (2, $$b$$)',
  `select {'lavra': 1} as lavra, columns('i.*') from orders`,
  'select lavra.name from customers as lavra',
  'select unnest(tags) as tag, id from orders',
  'select t.i from range(3) as t(i)',
  "select 'good'::mood as mood, 'x'::enum('x', 'y') as other, '1' collate nocase as word",
  'select size, seen, size + 1 as size_next from places limit 5 offset 1',
  'select name as name_1 from customers',
]

/** Names that are not those in the plan, files, what DuckDB refuses, and what is no query of its own. */
const ALONE: readonly string[] = [
  'select id, id from customers',
  'select * from customers join orders on orders.customer_id = customers.id',
  'select id as a, name as A_1 from customers',
  'select size, 2 as size_2 from places',
  'pivot orders on mood using sum(amount)',
  "select * from read_csv('no-such-file.csv')",
  'select nope from customers',
  'select 1 as one;',
  'select 1 as one; select 2',
  'select 1 as a) as x cross join (select 2 as b',
  'select 1 as a) union all (select 2',
  'select ?',
  'insert into customers values (1)',
  '',
]

let instance: DuckDBInstance
let connection: DuckdbConnection
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:')
  connection = new DuckdbConnection(await instance.connect(), 'memory', () => {})
  await connection.execute(`set errors_as_json = true; ${TABLES}`)
})
afterAll(() => {
  connection.close()
  instance.closeSync()
})

test('queries that are bound together have the columns and the lineage that each has alone', async () => {
  await expectSameAsAlone(TOGETHER)
})

test('generated queries, too', async () => {
  await connection.execute('create schema oracle; set schema = oracle')
  for (const { name, columns } of ORACLE_TABLES) {
    const typed = columns.map((column) => `${column.name} ${column.type}`)
    await connection.execute(`create table ${name} (${typed.join(', ')})`)
  }
  await expectSameAsAlone(generateQueries(200, 11).map(({ sql }) => sql))
  await connection.execute('set schema = main')
})

test('what has to be asked of by itself is told, and nothing becomes of the others', async () => {
  const known = await connection.bindQueries([...ALONE, 'select name from customers'])
  expect(known.map((bound) => bound?.columns)).toEqual([
    ...ALONE.map(() => undefined),
    [{ name: 'name', type: 'VARCHAR' }],
  ])
})

test('types are told apart that plans do not tell apart', async () => {
  const queries = ["select 'a'::enum('a', '') as letter", "select 'a'::enum('', 'a') as letter"]
  const bound = await connection.bindQueries(queries)
  expect(bound.flatMap((each) => each?.columns ?? [])).toEqual([
    { name: 'letter', type: "ENUM('a', '')" },
    { name: 'letter', type: "ENUM('', 'a')" },
  ])
})

async function expectSameAsAlone(queries: readonly string[]): Promise<void> {
  const together = await connection.bindQueries(queries)
  for (const [index, sql] of queries.entries()) {
    const bound = together[index]
    expect([sql, bound?.columns]).toEqual([sql, await connection.describeQuery(sql)])
    expect([sql, bound?.lineage()]).toEqual([sql, await connection.lineageOf(sql)])
  }
}

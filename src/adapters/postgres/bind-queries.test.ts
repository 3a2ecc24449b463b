import { afterAll, expect, test } from 'vitest'
import { createTestPostgres } from '../../test/postgres/database.ts'
import { createPostgresAdapter } from './adapter.ts'

const database = await createTestPostgres()
const adapter = createPostgresAdapter(database.options)
await adapter.open({ mode: 'write', runId: 'bind', waitMs: 0 })
const connection = await adapter.connect()
await connection.execute(`
  create type mood as enum ('good', 'bad');
  create domain money_of_ours as numeric(10, 2) check (value >= 0);
  create table orders (
    id integer, customer_id bigint, amount money_of_ours, "Placed at" timestamptz, note jsonb, mood mood, tags text[],
    code char(3), name varchar(20), span interval(3), sent bit(4));
  create table customers (id integer, name text collate "C")`)

afterAll(async () => {
  await adapter.close()
  await database.remove()
})

const TOGETHER: readonly string[] = [
  'select * from orders',
  'select *, id as "Id of it", "Placed at"::date from orders where amount > 1 -- those that cost something',
  'select id, id, count(*), count(*), null, $$x$$ from orders group by id',
  'select c.name, (select max(o.amount) from orders as o where o.customer_id = c.id) as most from customers as c order by 1 limit 3',
  'with recursive days as (select 1 as day union all select day + 1 from days where day < 9) select * from days',
  'values (1, $$a$$), (2, $$b$$)',
  'table customers',
  'select from customers',
  'select row_number() over (partition by customer_id order by id) as n, * from orders',
]

const ALONE: readonly string[] = [
  'select nope from customers',
  'select 1 as one; drop table customers',
  'select 1) as x; drop table customers; select (1',
  'insert into customers values (1) returning id',
  'delete from customers',
  'select customers from customers where id = $1',
  '',
]

async function apart(sql: string) {
  return { columns: await connection.describeQuery(sql), lineage: await connection.lineageOf(sql) }
}

for (const isInTransaction of [true, false]) {
  const where = isInTransaction ? 'in a transaction' : 'outside of transactions'

  test(`what is said of many queries together is what is said of each alone, ${where}`, async () => {
    if (isInTransaction) await connection.begin()
    const bound = await connection.bindQueries!(TOGETHER)
    for (const [index, sql] of TOGETHER.entries()) {
      const one = bound[index]
      expect(one && { columns: one.columns, lineage: one.lineage() }).toEqual(await apart(sql))
    }
    if (isInTransaction) await connection.rollback()
    expect(await connection.bindQueries!([])).toEqual([])
  })

  test.each(ALONE)(`"%s" is asked of alone, ${where}, and nothing happens`, async (sql) => {
    if (isInTransaction) await connection.begin()
    expect(await connection.bindQueries!(['table customers', sql])).toEqual([undefined, undefined])
    expect(await connection.columnsOf({ schema: 'public', identifier: 'customers' })).toHaveLength(2)
    expect((await connection.query('select count(*) from customers')).rows).toEqual([[0]])
    if (isInTransaction) await connection.rollback()
  })
}

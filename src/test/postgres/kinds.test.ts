import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { PostgresShop } from './shop.ts'

/** What another program has made under the name of a model. */
let shop: PostgresShop

beforeAll(async () => {
  shop = await PostgresShop.make({
    'models/orders.sql': 'select 1 as id',
    'models/report.sql': "{{ config(materialized='view') }} select * from {{ ref('orders') }}",
  })
})

beforeEach(() =>
  shop.query(
    'drop schema if exists main cascade; drop schema if exists _lavra cascade; drop foreign data wrapper if exists nothing cascade; create schema main',
  ),
)

afterAll(() => shop.remove())

test.each([
  ['a materialized view', 'create materialized view main.orders as select 2 as id'],
  ['a view', 'create view main.orders as select 2 as id'],
  ['a partitioned table', 'create table main.orders (id int) partition by range (id)'],
])('%s is replaced', async (_, sql) => {
  for (const name of ['orders', 'report']) {
    await shop.query(`drop schema main cascade; create schema main; ${sql.replace('orders', name)}`)
    expect(await shop.lavra('build --quiet')).toEqual({ exitCode: 0, output: '' })
    expect(await shop.query('select * from main.report')).toEqual([[1]])
  }
})

const FOREIGN =
  'create foreign data wrapper nothing; create server nowhere foreign data wrapper nothing; create foreign table main.orders (id int) server nowhere'

test.each([
  ['a foreign table', FOREIGN],
  ['a sequence', 'create sequence main.orders'],
  ['a type', 'create type main.orders as (id int)'],
  ['a type', "create type main.orders as enum ('open', 'paid')"],
  ['a domain', 'create domain main.orders as integer'],
  ['an index', 'create table main.other (id int); create index orders on main.other (id)'],
])('%s is told before anything is built: %s', async (kind, sql) => {
  await shop.query(sql)
  const before = await shop.relations()
  expect(await shop.lavra('build')).toEqual({
    exitCode: 2,
    output: `error[relation-name-taken] models/orders.sql:1:1
  There is ${kind} named main.orders, where the model "orders" goes.

  1 | select 1 as id
    | ~~~~~~~~~~~~~~
  hint: drop or rename it, or give the model another "alias" or "schema"
`,
  })
  expect(await shop.relations()).toEqual(before)
})

test('every name that is taken is told, and only those of what is selected', async () => {
  await shop.query('create sequence main.orders; create sequence main.report')
  const codes = async (words: string) =>
    (await shop.lavra(words)).output.split('\n').filter((line) => line.startsWith('error['))
  expect(await codes('build')).toEqual([
    'error[relation-name-taken] models/orders.sql:1:1',
    'error[relation-name-taken] models/report.sql:1:1',
  ])
  expect(await codes('build --select report')).toEqual(['error[relation-name-taken] models/report.sql:1:1'])
})

test('the type that comes with a list of a relation makes room', async () => {
  await shop.query('create table main.rders (id int)')
  await shop.write({ 'models/lists.sql': "{{ config(alias='_rders') }} select 1 as id" })
  expect((await shop.lavra('build --quiet')).exitCode).toBe(0)
})

import { afterEach, expect, test, vi } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { TemporaryProject, TWO_TARGETS } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const FILE = (versions: number) => `name: shop
version: '1.0'
profile: shop
versions: ${versions}
vars: { day: 0, customers: '' }
models: { +materialized: table }
`

const SHOP = {
  'project.yml': FILE(3),
  'models/orders.sql': `select {{ var('day') }} as day`,
  'models/ledger.sql': `{{ config(materialized='incremental') }} select {{ var('day') }} as day`,
  'models/panel.sql': `{{ config(materialized='view') }} select day, {{ var('day') }} as panel_day from {{ ref('orders') }}`,
  'models/board.sql': `{{ config(materialized='view') }} select * from {{ ref('panel') }}`,
}

const WHOLE = `select (select day from orders), (select list(day order by day)::varchar from ledger), (select panel_day from board)`

const build = async (day: number, select?: string, publish?: 'each') => {
  const flags = { vars: `{day: ${day}}`, ...(select ? { select: [select] } : {}), ...(publish ? { publish } : {}) }
  const { events } = await project!.run(flags)
  return events.flatMap((event) => (event.kind === 'run-started' ? event.run.runId : []))[0]!
}

const days = async () => (await project!.query('select day from orders')).flat()

test('tables, incrementals and views go back together, step by step', async () => {
  project = await TemporaryProject.make(SHOP)
  for (const day of [1, 2, 3]) await build(day)
  expect(await project.query(WHOLE)).toEqual([[3, '[1, 2, 3]', 3]])
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[2, '[1, 2]', 2]])
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
  await project.rollback()
  expect(await project.relations()).not.toContain('main.orders')

  await build(4)
  expect(await project.query(WHOLE)).toEqual([[4, '[4]', 4]])
})

test('the order of the versions is that of the runs, whatever the clocks of their machines said', async () => {
  project = await TemporaryProject.make({ ...SHOP, 'project.yml': FILE(2) })
  const hours = [12, 3, 8, 3, 20, 1]
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    for (const [index, hour] of hours.entries()) {
      vi.setSystemTime(Date.UTC(2026, 1, 3, hour))
      await build(index + 1)
    }
    await project.rollback()
    expect(await days()).toEqual([5])
    await project.rollback()
    expect(await days()).toEqual([4])
  } finally {
    vi.useRealTimers()
  }
})

test('what a run replaced comes back, also when an earlier rollback took something newer away', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1)
  await build(2)
  await project.rollback()
  await build(3)
  expect(await project.query(WHOLE)).toEqual([[3, '[1, 3]', 3]])
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
})

test('what a rollback took away comes back by the name of its run', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1)
  const second = await build(2)
  await project.rollback()
  await project.rollback(second)
  expect(await project.query(WHOLE)).toEqual([[2, '[1, 2]', 2]])
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
})

test('only what the last run published goes back', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1)
  await build(2, 'ledger')
  await build(3, 'orders')
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1, 2]', 1]])
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
})

test('to a run: what stood right after it', async () => {
  project = await TemporaryProject.make(SHOP)
  const first = await build(1)
  const second = await build(2, 'orders')
  await build(3)
  expect(await project.rollback(second.slice(0, 13))).toBe(`main.ledger: back to run ${first}
main.orders: back to run ${second}
main.panel: back to run ${first}
main.board: back to run ${first}
`)
  expect(await project.query(WHOLE)).toEqual([[2, '[1]', 1]])
})

test('to a run that came after a rollback: what was taken away by then does not come back', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1)
  await build(2)
  await project.rollback()
  const third = await build(3, 'ledger')
  await build(4, 'orders')
  await project.rollback(third)
  expect(await project.query(WHOLE)).toEqual([[1, '[1, 3]', 1]])
})

test('what a run replaced is known however often one went to and fro', async () => {
  project = await TemporaryProject.make(SHOP)
  const first = await build(1)
  await build(2)
  await project.rollback()
  const third = await build(3)
  await project.rollback(first)
  await project.rollback(third)
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
})

test('to a run after which an older version stood again: that one, and not the newer one that had been taken away', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1)
  const second = await build(2)
  await project.rollback()
  const third = await build(3, 'ledger')
  await project.rollback(second)
  await project.rollback(third)
  expect(await project.query(WHOLE)).toEqual([[1, '[1, 3]', 1]])
})

test('what was not there before can go, come back and go again', async () => {
  project = await TemporaryProject.make(SHOP)
  const first = await build(1)
  await project.rollback()
  await project.rollback(first)
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
  await project.rollback()
  expect(await project.relations()).not.toContain('main.orders')
})

test('what was kept before there was a history goes back in the order of its publication', async () => {
  project = await TemporaryProject.make(SHOP)
  for (const day of [1, 2]) await build(day)
  await project.change('drop table _lavra.history; update _lavra.meta set version = 2')
  const third = await build(3)
  await project.rollback()
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
  await project.rollback(third)
  expect(await project.query(WHOLE)).toEqual([[3, '[1, 2, 3]', 3]])
})

test('a run that published each node alone goes back whole', async () => {
  project = await TemporaryProject.make(SHOP)
  await build(1, undefined, 'each')
  await build(2, undefined, 'each')
  await project.rollback()
  expect(await project.query(WHOLE)).toEqual([[1, '[1]', 1]])
})

test('a relation that was not there before is gone again, and a table that was a view is one again', async () => {
  project = await TemporaryProject.make({
    'project.yml': FILE(1),
    'models/orders.sql': `{{ config(materialized='view') }} select 1 as day`,
  })
  await build(1)
  await project.write({ 'models/orders.sql': 'select 2 as day', 'models/customers.sql': 'select 2 as day' })
  await build(2)
  expect(await project.rollback()).toMatch(/main.customers: gone again, as before/)
  expect(await days()).toEqual([1])
  expect(
    await project.query(
      `select table_name, table_type from information_schema.tables where table_schema = 'main' and table_name not like '%lavra%'`,
    ),
  ).toEqual([['orders', 'VIEW']])
})

test('the relation of a value that vanished comes back', async () => {
  project = await TemporaryProject.make({
    'project.yml': FILE(1),
    'models/customer_orders.sql': `{{ config(per_value={
  'query': "select unnest(string_split('" ~ var('customers') ~ "', ',')) as name", 'name': 'orders_{{ value.name }}',
}) }} select '{{ value.name }}' as customer`,
  })
  await project.run({ vars: '{customers: "ana,bo"}' })
  await project.run({ vars: '{customers: "bo,cy"}' })
  await project.rollback()
  const standing = (await project.relations()).filter((name) => !name.includes('__lavra_'))
  expect(standing).toEqual(['main.orders_ana', 'main.orders_bo'])
  expect(await project.query('select identifier from _lavra.relations order by 1')).toEqual([
    ['orders_ana'],
    ['orders_bo'],
  ])
})

test('without a version of one relation nothing goes back', async () => {
  project = await TemporaryProject.make({
    ...SHOP,
    'models/orders.sql': `{{ config(versions=0) }} select {{ var('day') }} as day`,
  })
  await build(1)
  await build(2)
  const before = await project.relations()
  await expect(project.rollback()).rejects.toThrow(UserError)
  expect(await project.relations()).toEqual(before)
  expect(await project.query(WHOLE)).toEqual([[2, '[1, 2]', 2]])
})

test('a version of which somebody dropped the table was never kept', async () => {
  project = await TemporaryProject.make({ 'project.yml': FILE(1), 'models/orders.sql': SHOP['models/orders.sql'] })
  await build(1)
  await project.change('drop table orders')
  await build(2)
  expect(await project.query('select kind, retained_as from _lavra.versions')).toEqual([['absent', null]])
  await project.rollback()
  expect(await project.relations()).not.toContain('main.orders')
})

test('more versions than asked for are dropped', async () => {
  project = await TemporaryProject.make({ 'project.yml': FILE(2), 'models/orders.sql': SHOP['models/orders.sql'] })
  for (const day of [1, 2, 3, 4]) await build(day)
  expect((await project.relations()).length).toBe(3)
  await project.write({ 'project.yml': FILE(0) })
  await build(5)
  expect(await project.relations()).toEqual(['main.orders'])
  expect(await project.query('select count(*) from _lavra.versions')).toEqual([[0]])
})

test('an indexed table goes back', async () => {
  project = await TemporaryProject.make({
    'project.yml': FILE(1),
    'models/orders.sql': `{{ config(indexes=[{'columns': ['day'], 'unique': true}]) }} select {{ var('day') }} as day`,
  })
  await build(1)
  await build(2)
  await project.rollback()
  expect(await days()).toEqual([1])
  await build(3)
  expect(await days()).toEqual([3])
})

const indexed = (indexes: string, columns: string) =>
  `{{ config(indexes=[${indexes}]) }} select {{ var('day') }} as day, ${columns}`

test('a table is kept and goes back although its indexes are not those of before', async () => {
  project = await TemporaryProject.make({
    'project.yml': FILE(1),
    'models/orders.sql': indexed(`{'columns': ['day'], 'unique': true}`, '1 as id'),
  })
  await build(1)
  await project.write({ 'models/orders.sql': indexed(`{'columns': ['region']}`, `'north' as region`) })
  await build(2)
  expect(await days()).toEqual([2])
  const indexes = `select table_name, expressions from duckdb_indexes()`
  expect(await project.query(indexes)).toEqual([['orders', '[region]']])
  // The version of before has no such column, so it has no such index either.
  await project.rollback()
  expect(await days()).toEqual([1])
  expect(await project.query(indexes)).toEqual([])
  await project.write({ 'models/orders.sql': indexed('', '1 as id') })
  await build(3)
  expect(await days()).toEqual([3])
})

test('an index that somebody else made does not stop a publication', async () => {
  project = await TemporaryProject.make({ 'project.yml': FILE(1), 'models/orders.sql': indexed('', '1 as id') })
  await build(1)
  await project.change('create index by_id on orders (id)')
  await build(2)
  expect(await days()).toEqual([2])
  await project.change('create index by_id on orders (id)')
  await project.rollback()
  expect(await days()).toEqual([1])
})

test('the relation of a value that is gone is kept with its indexes taken off', async () => {
  const perValue = (values: string) =>
    `{{ config(materialized='table', indexes=[{'columns': ['flow']}], per_value={'query': "select unnest(${values}) as flow", 'name': 'report_{{ value.flow }}'}) }} select '{{ value.flow }}' as flow`
  project = await TemporaryProject.make({ 'project.yml': FILE(1), 'models/reports.sql': perValue(`['a', 'b']`) })
  await project.run()
  await project.write({ 'models/reports.sql': perValue(`['a']`) })
  await project.run()
  expect((await project.relations()).filter((name) => !name.includes('__lavra_kept'))).toEqual(['main.report_a'])
  await project.rollback()
  expect(await project.query('select flow from report_b')).toEqual([['b']])
})

test('a view that would break stops a rollback, and one that was broken before does not', async () => {
  project = await TemporaryProject.make({
    'project.yml': FILE(1),
    'models/orders.sql': `select {{ var('day') }} as day`,
    'models/panel.sql': `{{ config(materialized='view') }} select day from {{ ref('orders') }}`,
  })
  await build(1)
  await project.write({ 'models/orders.sql': `select {{ var('day') }} as day, 10 as amount` })
  await build(2, 'orders')
  await project.change('create or replace view panel as select amount from orders')
  const failure = await project.rollback().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UserError)
  expect((failure as UserError).diagnostics).toMatchObject([
    { code: 'view-broken', hint: 'nothing was rolled back; build "panel" on what stands, or drop it' },
  ])
  expect(await days()).toEqual([2])
  await project.change('create or replace view panel as select nowhere.amount from orders as nowhere')
  await project.change('alter table orders drop column amount')
  await project.rollback()
  expect(await days()).toEqual([1])
})

test('the rollback of one target leaves the other alone', async () => {
  project = await TemporaryProject.make({
    'profiles.yml': TWO_TARGETS,
    'project.yml': FILE(1),
    'models/orders.sql': `select {{ var('day') }} as day`,
  })
  for (const day of [1, 2]) {
    await project.run({ vars: `{day: ${day}}` })
    await project.run({ vars: `{day: ${day}}`, target: 'prod' })
  }
  await project.rollback()
  expect(await project.query('select (select day from main.orders), (select day from prod.orders)')).toEqual([[1, 2]])
})

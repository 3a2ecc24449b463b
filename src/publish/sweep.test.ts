import { afterEach, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const begun = (schema: string, mark = '0badcafe', target = 'main') =>
  `insert into _lavra.candidates values ('crashed', '${target}', '${schema}', '${mark}');\n`

test('what a crashed run of this target left is dropped, and nothing that only looks like it', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  await project.run()
  await project.change(
    begun('MAIN') +
      begun('prod', '0badcafe', 'prod') +
      `create schema prod;
create table orders__lavra_0badcafe as select 1 as n;
create table ledger__lavra_0badcafe_delta as select 1 as n;
create view ledger__lavra_0badcafe as select * from ledger__lavra_0badcafe_delta;
create table orders__lavra_0badcafe_by_ana as select 1 as n;
create table "orders__lavra_0badcafe of 2025" as select 1 as n;
create table orders__lavra_cafebabe as select 1 as n;
create table orders__lavra_kept_0badcafe as select 1 as n;
create table prod.orders__lavra_0badcafe as select 1 as n`,
  )
  const { events } = await project.run()
  const swept = events.flatMap((event) => (event.kind === 'swept' ? event.relations : []))
  expect([...swept].sort()).toEqual([
    'main.ledger__lavra_0badcafe',
    'main.ledger__lavra_0badcafe_delta',
    'main.orders__lavra_0badcafe',
  ])
  expect(await project.relations()).toEqual([
    'main.orders',
    'main.orders__lavra_0badcafe of 2025',
    'main.orders__lavra_0badcafe_by_ana',
    'main.orders__lavra_cafebabe',
    'main.orders__lavra_kept_0badcafe',
    'prod.orders__lavra_0badcafe',
  ])
  expect(await project.query('select target_schema from _lavra.candidates')).toEqual([['prod']])
})

test.each(TEST_ENGINES)('views that stand on each other are swept, whatever their names, on $name', async (engine) => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' }, engine)
  await project.run()
  await project.change(
    begun('main') +
      `create table main.orders__lavra_0badcafe as select 1 as n;
create view main.a__lavra_0badcafe as select * from main.orders__lavra_0badcafe;
create view main.c__lavra_0badcafe as select * from main.a__lavra_0badcafe;
create view main.b__lavra_0badcafe as select * from main.c__lavra_0badcafe`,
  )
  await project.run()
  expect(await project.relations()).toEqual(['main.orders'])
  expect(await project.query('select count(*) from _lavra.candidates')).toEqual([[0]])
})

test('what is left after the COMMIT is still known to the next run', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select null as order_id',
    'models/shop.yml': `models: [{ name: orders, columns: [{ name: order_id, data_tests: [{ not_null: { config: { severity: warn, store_failures: true } } }] }] }]`,
  })
  const start = project.run({}, undefined, (event) => {
    if (event.kind === 'step' && event.name === 'clean') throw new Error('out of memory')
  })
  await expect(start).rejects.toThrow('out of memory')
  expect(await project.query('select count(*) from orders')).toEqual([[1]])
  await project.run()
  expect((await project.relations()).filter((name) => /__lavra_/.test(name))).toEqual([])
  expect(await project.query('select count(*) from _lavra.candidates')).toEqual([[0]])
})

test('what nobody expected in the middle of a run leaves no candidates', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'models/ledger.sql': `{{ config(materialized='incremental', unique_key='order_id') }} select * from {{ ref('orders') }}`,
  })
  await project.run()
  for (const step of ['publish', 'merge', 'swap', 'views', 'state', 'commit']) {
    const start = project.run({}, undefined, (event) => {
      if (event.kind === 'step' && event.name === step) throw new Error('a defect')
    })
    await expect(start, step).rejects.toThrow('a defect')
    expect(await project.relations(), step).toEqual(['main.ledger', 'main.orders'])
  }
})

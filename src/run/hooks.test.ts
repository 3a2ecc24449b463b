import { afterEach, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

test('hooks run in their order: before the candidate, on the candidate, in the publication and after it', async () => {
  project = await TemporaryProject.make({
    'project.yml': `name: shop
version: '1.0'
profile: shop
on-run-start: create table if not exists journal (entry varchar)
`,
    'models/orders.sql': `{{ config(
      materialized='table',
      pre_hook="insert into journal values ('before orders')",
      post_hook=[
        "insert into journal select 'after orders: ' || count(*) from {{ this }}",
        {"sql": "insert into journal values ('committed')", "transaction": false},
      ],
    ) }}
select 1 as order_id`,
    'models/open_orders.sql': `{{ config(materialized='view', post_hook="insert into journal select 'view: ' || count(*) from {{ this }}") }}
select * from {{ ref('orders') }}`,
  })
  await project.run()
  expect((await project.query('select entry from journal')).flat()).toEqual([
    'before orders',
    'after orders: 1',
    'view: 1',
    'committed',
  ])
})

test('a pre-hook that writes what readers see is refused, and nothing is published', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  await project.run()
  await project.write({
    'models/orders.sql': `{{ config(pre_hook="delete from {{ this }}") }}\nselect 2 as order_id`,
  })
  const { results } = await project.run()
  expect(results.get('orders')?.diagnostics.map(({ code }) => code)).toEqual(['hook-writes-published'])
  expect(await project.query('select * from orders')).toEqual([[1]])
})

test('results are there for on-run-end, and the schemas that were written', async () => {
  project = await TemporaryProject.make({
    'project.yml': `name: shop
version: '1.0'
profile: shop
models: { +materialized: table }
on-run-end:
  - "create or replace table ended as select '{% for result in results %}{{ result.node.name }}={{ result.status }} {% endfor %}in {{ schemas | join(',') }}' as text"
`,
    'models/orders.sql': 'select 1 as order_id',
  })
  await project.run()
  expect(await project.query('select text from ended')).toEqual([['orders=success in main']])
})

test.each(TEST_ENGINES)('$name: what runs after the publication reads what was published', async (engine) => {
  project = await TemporaryProject.make(
    {
      'project.yml': `name: shop
version: '1.0'
profile: shop
models: { +materialized: table }
on-run-end: "insert into journal select 10 * count(*) from {{ ref('orders') }}"
`,
      'models/orders.sql': 'select 1 as order_id',
      'models/customers.sql': `{{ config(
  post_hook={'sql': "insert into journal select count(*) from " ~ ref('orders'), 'transaction': false}
) }}
select order_id from {{ ref('orders') }}`,
    },
    engine,
  )
  await project.change('create schema if not exists main; create table main.journal (orders integer)')
  const { results } = await project.run()
  expect([...results.values()].map(({ status }) => status)).toEqual(['success', 'success', 'success'])
  await project.write({ 'models/orders.sql': 'select nope' })
  expect((await project.run()).results.get('operation.shop.shop-on-run-end-0')?.status).toBe('success')
  expect(await project.query('select orders from main.journal')).toEqual([[1], [10], [10]])
})

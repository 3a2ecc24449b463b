import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { TemporaryProject, TWO_TARGETS } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const config = (settings: string, sql: string) => `{{ config(${settings}) }} ${sql}`

test('a table becomes a view and a table again', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select 1 as order_id' })
  const kind = `select table_type, (select max(order_id) from orders) from information_schema.tables where table_name = 'orders'`
  await project.run()
  expect(await project.query(kind)).toEqual([['BASE TABLE', 1]])
  await project.write({ 'models/orders.sql': config(`materialized='view'`, 'select 2 as order_id') })
  await project.run()
  expect(await project.query(kind)).toEqual([['VIEW', 2]])
  await project.write({ 'models/orders.sql': 'select 3 as order_id' })
  await project.run()
  expect(await project.query(kind)).toEqual([['BASE TABLE', 3]])
  expect(await project.query('select kind, row_count from _lavra.relations')).toEqual([['table', 1]])
})

test('two relations change their names with each other', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': config(`alias='current'`, `select 'orders' as model`),
    'models/ledger.sql': config(`alias='former'`, `select 'ledger' as model`),
  })
  await project.run()
  await project.write({
    'models/orders.sql': config(`alias='former'`, `select 'orders' as model`),
    'models/ledger.sql': config(`alias='current'`, `select 'ledger' as model`),
  })
  const { execution } = await project.run()
  expect(execution.summary.published).toBe(2)
  expect(await project.query('select (select model from current), (select model from former)')).toEqual([
    ['ledger', 'orders'],
  ])
})

test('what a model published stays when the model is gone from the project', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'models/ledger.sql': 'select 1 as entry',
  })
  await project.run()
  await project.write({
    'project.yml': `name: shop
version: '1.0'
profile: shop
models: { shop: { ledger: { +enabled: false } } }
`,
  })
  await project.run()
  expect(await project.query('select * from ledger')).toEqual([[1]])
})

test('the state says what the tables hold, hooks and watermarks included', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': config(
      `event_time='placed_at', post_hook="delete from {{ this }} where order_id = 3"`,
      `select i as order_id, timestamp '2026-02-01 10:00:00' + to_hours(i::int) as placed_at from range(1, 4) as numbers(i)`,
    ),
    'models/ledger.sql': config(
      `materialized='incremental', unique_key='order_id', post_hook="delete from {{ this }} where order_id = 1"`,
      `select order_id from {{ ref('orders') }}`,
    ),
    'models/panel.sql': config(`materialized='view'`, `select * from {{ ref('orders') }}`),
  })
  const state = 'select identifier, kind, row_count, watermark from _lavra.relations order by 1'
  for (let day = 1; day <= 2; day++) {
    await project.run()
    expect(await project.query(state)).toEqual([
      ['ledger', 'table', 1, null],
      ['orders', 'table', 2, '2026-02-01 12:00:00'],
      ['panel', 'view', null, null],
    ])
    expect(await project.query('select (select count(*) from orders), (select count(*) from ledger)')).toEqual([[2, 1]])
  }
})

test('a fingerprint changes when the SQL does, and only then', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'models/ledger.sql': `select order_id from {{ ref('orders') }}`,
  })
  const fingerprints = async () =>
    new Map((await project!.query('select identifier, fingerprint from _lavra.relations')) as [string, string][])
  await project.run()
  const first = await fingerprints()
  await project.run()
  expect(await fingerprints()).toEqual(first)
  await project.write({ 'models/orders.sql': 'select 2 as order_id' })
  await project.run()
  const changed = await fingerprints()
  expect([...changed].filter(([name, print]) => print !== first.get(name)).map(([name]) => name)).toEqual(['orders'])
})

test('a failed run leaves its record, what was published and nothing else', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'models/panel.sql': config(`materialized='view'`, `select * from {{ ref('orders') }}`),
    'models/ledger.sql': config(
      `materialized='incremental', unique_key='order_id'`,
      `select * from {{ ref('orders') }}`,
    ),
    'models/shop.yml': `models: [{ name: ledger, columns: [{ name: order_id, data_tests: [not_null] }] }]`,
  })
  await project.run()
  const before = await project.relations()
  await project.write({ 'models/orders.sql': 'select null::int as order_id' })
  const { results } = await project.run()
  expect(results.get('orders')).toMatchObject({ status: 'skipped', message: /not_null_ledger_order_id failed/ })
  expect(await project.query('select order_id from panel')).toEqual([[1]])
  expect(await project.relations()).toEqual(before)
  expect(await project.query('select status, published from _lavra.runs order by started_at')).toEqual([
    ['success', true],
    ['error', false],
  ])
  expect(await project.query('select count(*) from _lavra.candidates')).toEqual([[0]])
})

test('a publication that fails in its middle publishes nothing and leaves nothing behind', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id',
    'models/ledger.sql': config(
      `materialized='incremental', unique_key='order_id'`,
      `select * from {{ ref('orders') }}`,
    ),
    'models/panel.sql': config(`materialized='view'`, `select * from {{ ref('orders') }}`),
  })
  await project.run()
  await project.write({
    'models/orders.sql': 'select 2 as order_id',
    'models/panel.sql': config(
      `materialized='view', post_hook="insert into nowhere select * from {{ this }}"`,
      `select * from {{ ref('orders') }}`,
    ),
  })
  const { results, execution } = await project.run()
  expect(execution.summary.published).toBe(0)
  expect([...results].map(([name, { status }]) => [name, status])).toEqual([
    ['orders', 'skipped'],
    ['ledger', 'skipped'],
    ['panel', 'error'],
  ])
  expect(await project.query('select (select order_id from orders), (select order_id from ledger)')).toEqual([[1, 1]])
  expect(await project.relations()).toEqual(['main.ledger', 'main.orders', 'main.panel'])
})

test('what is downstream, not selected and older now is told; tables of other targets are not', async () => {
  project = await TemporaryProject.make({
    'profiles.yml': TWO_TARGETS,
    'models/orders.sql': 'select 1 as order_id',
    'models/customers.sql': `select * from {{ ref('orders') }}`,
    'models/panel.sql': config(`materialized='view'`, `select * from {{ ref('customers') }}`),
  })
  await project.run()
  const told = async (flags: Parameters<TemporaryProject['run']>[0]) =>
    (await project!.run(flags)).events.flatMap((event) => (event.kind === 'published' ? event.staleDownstream : []))
  expect(await told({ select: ['orders'] })).toEqual(['customers'])
  expect(await told({ select: ['orders'], target: 'prod' })).toEqual([])
})

test('one relation per value of one target leaves those of another alone', async () => {
  project = await TemporaryProject.make({
    'profiles.yml': TWO_TARGETS,
    'models/customer_orders.sql': PER_CUSTOMER,
  })
  await project.run({ vars: '{customers: "Ana,Bo"}' })
  await project.run({ vars: '{customers: "Cy"}', target: 'prod' })
  await project.run({ vars: '{customers: "Bo"}' })
  expect(await project.relations()).toEqual(['main.orders_bo', 'prod.orders_cy'])
  expect(await project.query('select schema_name, identifier from _lavra.relations order by 1')).toEqual([
    ['main', 'orders_bo'],
    ['prod', 'orders_cy'],
  ])
})

const PER_CUSTOMER = config(
  `materialized='table', per_value={
  'query': "select unnest(string_split('" ~ var('customers') ~ "', ',')) as name where '" ~ var('customers') ~ "' <> ''",
  'name': 'orders_{{ value.name | lower }}', 'allow_empty': true,
}, post_hook="update {{ this }} set greeting = 'Hello {{ value.name }}'"`,
  `select '{{ value.name }}' as customer, '' as greeting`,
)

test('values that left the query lose their relations, also the last one', async () => {
  project = await TemporaryProject.make({ 'models/customer_orders.sql': PER_CUSTOMER })
  await project.run({ vars: '{customers: "Ana,Bo"}' })
  expect(await project.query('select * from orders_ana union all select * from orders_bo')).toEqual([
    ['Ana', 'Hello Ana'],
    ['Bo', 'Hello Bo'],
  ])
  await project.run({ vars: '{customers: "Bo"}' })
  expect(await project.relations()).toEqual(['main.orders_bo'])
  await project.run({ vars: '{customers: ""}' })
  expect(await project.relations()).toEqual([])
  expect(await project.query('select count(*) from _lavra.relations')).toEqual([[0]])
})

test('hooks after the COMMIT of each value know their value', async () => {
  project = await TemporaryProject.make({
    'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\non-run-start: create table if not exists journal (entry varchar)\n`,
    'models/customer_orders.sql': PER_CUSTOMER.replace(
      'materialized=',
      `post_hook={"sql": "insert into journal select '{{ value.name }}: ' || customer from {{ this }}", "transaction": false}, materialized=`,
    ).replace(/, post_hook="update.*?"/, ''),
  })
  await project.run({ vars: '{customers: "Ana,Bo"}' })
  expect((await project.query('select entry from journal order by 1')).flat()).toEqual(['Ana: Ana', 'Bo: Bo'])
})

test('each node that is published alone is published although a test fails afterwards, and the record says so', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select null::int as order_id',
    'models/customers.sql': `select * from {{ ref('orders') }}`,
    'models/ledger.sql': `select 1 as entry`,
    'models/shop.yml': `models: [{ name: orders, columns: [{ name: order_id, data_tests: [not_null] }] }]`,
  })
  const { execution, results } = await project.run({ publish: 'each' })
  expect([...results].map(([name, { status }]) => [name, status])).toEqual([
    ['ledger', 'success'],
    ['orders', 'success'],
    ['not_null_orders_order_id', 'fail'],
    ['customers', 'skipped'],
  ])
  expect(execution.summary.published).toBe(2)
  expect(await project.relations()).toEqual(['main.ledger', 'main.orders'])
  expect(await project.query('select status, published from _lavra.runs')).toEqual([['error', true]])
})

test('a run that publishes each node alone and builds none has published nothing', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': 'select * from nowhere' })
  const { execution } = await project.run({ publish: 'each' })
  expect(execution.summary.published).toBe(0)
  expect(await project.query('select status, published from _lavra.runs')).toEqual([['error', false]])
})

test('many nodes are published alone at the same time', async () => {
  const models = Array.from({ length: 24 }, (_, index) => [`models/m${index}.sql`, `select ${index} as n`] as const)
  project = await TemporaryProject.make(Object.fromEntries(models))
  for (let time = 0; time < 2; time++) {
    const { execution, results } = await project.run({ publish: 'each', threads: 4 })
    expect([...results.values()].flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([])
    expect(execution.summary.published).toBe(24)
  }
  expect(await project.query('select count(*), count(distinct run_id) from _lavra.relations')).toEqual([[24, 1]])
})

test('a reader keeps the old version until the COMMIT, and sees all relations change at once', async () => {
  const models = ['orders', 'customers', 'ledger'].map((name) => [
    `models/${name}.sql`,
    `select {{ var('day') }} as day`,
  ])
  project = await TemporaryProject.make({
    ...Object.fromEntries(models),
    'models/panel.sql': config(`materialized='view'`, `select {{ var('day') }} as day from {{ ref('orders') }}`),
  })
  await project.run({ vars: '{day: 0}' })
  const seen: string[] = []
  let isRunning = true
  const path = `${project.root}/shop.duckdb`
  const reader = createDuckdbAdapter({ path, projectRoot: project.root })
  const read = async () => {
    await reader.open({ mode: 'read', runId: 'reader', waitMs: 0 })
    const connection = await reader.connect()
    for (let isLast = false; !isLast; ) {
      // One more look after the last run has ended: however busy the machine, that one is not missed.
      isLast = !isRunning
      const { rows } = await connection.query(
        'select (select day from orders), (select day from customers), (select day from ledger), (select day from panel)',
      )
      const days = rows[0]!.join(' ')
      if (seen.at(-1) !== days) seen.push(days)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  let reading: Promise<void> | undefined
  for (const day of [1, 2]) {
    await project.run({ vars: `{day: ${day}}` }, undefined, (event) => {
      if (event.kind === 'step' && event.name === 'sweep') reading ??= read()
    })
  }
  isRunning = false
  await reading
  await reader.close()
  expect(seen).toEqual(['0 0 0 0', '1 1 1 1', '2 2 2 2'])
})

test('a full refresh replaces an incremental table unless the model says no', async () => {
  const ledger = (settings: string) => config(`materialized='incremental'${settings}`, `select {{ var('day') }} as day`)
  project = await TemporaryProject.make({
    'models/ledger.sql': ledger(''),
    'models/archive.sql': ledger(', full_refresh=false'),
  })
  await project.run({ vars: '{day: 1}' })
  await project.run({ vars: '{day: 2}', fullRefresh: true })
  expect(await project.query('select * from ledger')).toEqual([[2]])
  expect(await project.query('select * from archive order by 1')).toEqual([[1], [2]])
})

test('an incremental table without its record is refused, and a full refresh replaces it', async () => {
  project = await TemporaryProject.make({
    'models/ledger.sql': config(`materialized='incremental'`, `select 1 as entry`),
  })
  await project.change('create table ledger as select 0 as entry')
  const refused = await project.run()
  expect(refused.results.get('ledger')?.diagnostics.map(({ code }) => code)).toEqual(['state-missing'])
  expect(await project.query('select * from ledger')).toEqual([[0]])
  await project.run({ fullRefresh: true })
  expect(await project.query('select * from ledger')).toEqual([[1]])
})

test('a snapshot without its record is refused, and no full refresh replaces it', async () => {
  project = await TemporaryProject.make({
    'snapshots/history.sql': `{% snapshot history %}
{{ config(unique_key='id', strategy='check', check_cols='all') }} select 1 as id
{% endsnapshot %}`,
  })
  await project.change('create table history as select 0 as id')
  const { results } = await project.run({ fullRefresh: true })
  expect(results.get('history')?.diagnostics).toMatchObject([
    { code: 'state-missing', hint: 'rename the table away; its history cannot be computed again' },
  ])
  expect(await project.query('select * from history')).toEqual([[0]])
})

test('the copy for readers is renewed by publications of each kind and by rollbacks', async () => {
  project = await TemporaryProject.make({
    'project.yml': `name: shop
version: '1.0'
profile: shop
versions: 1
publish: { copy: copy.duckdb }
models: { +materialized: table }
`,
    'models/orders.sql': `select {{ var('day', 0) }} as day`,
  })
  const dayOfCopy = async () => {
    const copy = createDuckdbAdapter({ path: `${project!.root}/copy.duckdb`, projectRoot: project!.root })
    await copy.open({ mode: 'read', runId: 'reader', waitMs: 0 })
    const { rows } = await (await copy.connect()).query('select day from orders')
    await copy.close()
    return rows
  }
  await project.run({ vars: '{day: 1}' })
  expect(await dayOfCopy()).toEqual([[1]])
  await project.run({ vars: '{day: 2}', publish: 'each' })
  expect(await dayOfCopy()).toEqual([[2]])
  await project.rollback()
  expect(await dayOfCopy()).toEqual([[1]])
})

test('a view whose model is gone must go on working, and one that was broken before stops nothing', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': 'select 1 as order_id, 10 as amount',
    'models/ledger.sql': 'select 1 as entry',
    'models/panel.sql': config(`materialized='view'`, `select amount from {{ ref('orders') }}`),
    'models/board.sql': config(`materialized='view', alias='wall'`, `select amount from {{ ref('orders') }}`),
  })
  await project.run()
  await rm(join(project.root, 'models/panel.sql'))
  await project.write({
    'models/orders.sql': 'select 1 as order_id',
    'models/board.sql': config(`materialized='view', alias='plank'`, `select order_id from {{ ref('orders') }}`),
  })
  const { results, events, execution } = await project.run()
  expect(execution.summary.published).toBe(0)
  expect([...results].map(([name, { status }]) => `${name} ${status}`)).toEqual([
    'ledger skipped',
    'orders error',
    'board skipped',
  ])
  const told = events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : []))
  expect(told.map(({ code, message, hint }) => [code, message.split(':')[0], hint])).toEqual([
    [
      'view-broken',
      'The view "main.panel" would no longer work',
      'no model of the project is this view any more: drop it, or keep what it reads',
    ],
    [
      'view-broken',
      'The view "main.wall" would no longer work',
      'no model of the project is this view any more: drop it, or keep what it reads',
    ],
  ])
  await project.change('drop view panel; drop view wall; create view panel as select 1 as amount')
  expect((await project.run()).execution.summary.published).toBe(3)
  await project.change(
    'drop table orders; create or replace view panel as select 1 / nothing as amount from range(1) as t(nothing)',
  )
  expect((await project.run()).execution.summary.published).toBe(3)
})

test('a broken view of another target stops no publication', async () => {
  project = await TemporaryProject.make({
    'profiles.yml': TWO_TARGETS,
    'models/orders.sql': 'select 1 as order_id',
    'models/panel.sql': config(`materialized='view'`, `select * from {{ ref('orders') }}`),
  })
  await project.run()
  await project.run({ target: 'prod' })
  await project.change('drop table main.orders')
  const { execution } = await project.run({ target: 'prod', select: ['orders'] })
  expect(execution.summary.published).toBe(1)
})

test.each([
  ['incremental', `materialized='incremental', unique_key='order_id'`],
  ['in place', `swap='in_place'`],
  ['kept', 'versions=1'],
])('indexes change with the config where the engine cannot rename a table with them: %s', async (_, settings) => {
  const orders = (index: string) => ({
    'models/orders.sql': config(`${settings}, indexes=[${index}]`, `select 1 as order_id, 'Ana' as customer`),
  })
  project = await TemporaryProject.make(orders(`{'columns': ['order_id'], 'unique': true}`))
  const indexes = `select is_unique, expressions from duckdb_indexes() where table_name = 'orders' order by 2`
  await project.run()
  await project.change('create index by_hand on orders (customer)')
  expect((await project.run()).execution.summary.published).toBe(1)
  await project.write(orders(`{'columns': ['lower(customer)']}`))
  expect((await project.run()).execution.summary.published).toBe(1)
  expect(await project.query(indexes)).toEqual([[false, "['(lower(customer))']"]])
  expect(await project.query('select * from orders')).toEqual([[1, 'Ana']])
})

import { afterEach, expect, test } from 'vitest'
import type { RunEvent, RunStep } from '../events/events.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

/** Every relation holds the day it was built on; each kind of publication is there. */
const SHOP = {
  'project.yml': `name: shop
version: '1.0'
profile: shop
vars: { day: 0 }
models: { +materialized: table }
on-run-start: create table if not exists journal (entry varchar)
on-run-end: insert into journal values ('ended')
`,
  'models/orders.sql': `select i as order_id, {{ var('day') }} as day from range(20) as numbers(i)`,
  'models/ledger.sql': `{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, day from {{ ref('orders') }}`,
  'models/customers.sql': `{{ config(versions=1) }} select distinct order_id % 5 as customer_id, day from {{ ref('orders') }}`,
  'models/panel.sql': `{{ config(materialized='view') }}
select {{ var('day') }} as day, count(*) as orders from {{ ref('orders') }}`,
  'models/shop.yml': `models:
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: customers
    columns:
      - name: customer_id
        data_tests: [not_null]
`,
}

const DAYS = `select 'orders', max(day), min(day) from orders union all
select 'ledger', max(day), min(day) from ledger union all
select 'customers', max(day), min(day) from customers union all
select 'panel', max(day), min(day) from panel order by 1`

const dayOfAll = (day: number) => ['customers', 'ledger', 'orders', 'panel'].map((name) => [name, day, day])

const BEFORE_COMMIT: readonly RunStep[] = [
  'connect',
  'sweep',
  'build',
  'test',
  'publish',
  'merge',
  'swap',
  'views',
  'state',
  'commit',
]

test.each(BEFORE_COMMIT)('interrupted at "%s", a run publishes nothing, and the next one succeeds', async (step) => {
  project = await TemporaryProject.make(SHOP)
  await project.run({ vars: '{day: 1}' })
  expect(await runInterruptedAt(project, step)).toMatchObject({ published: 0, interrupted: true })
  expect(await project.query(DAYS)).toEqual(dayOfAll(1))

  const next = await project.run({ vars: '{day: 3}' })
  expect([...next.results.values()].filter(({ status }) => status !== 'success' && status !== 'pass')).toEqual([])
  expect(await project.query(DAYS)).toEqual(dayOfAll(3))
  expect(await leftovers(project)).toEqual([])
})

test('interrupted after the COMMIT, a run is published whole', async () => {
  project = await TemporaryProject.make(SHOP)
  await project.run({ vars: '{day: 1}' })
  expect(await runInterruptedAt(project, 'clean')).toMatchObject({ published: 4, interrupted: true })
  expect(await project.query(DAYS)).toEqual(dayOfAll(2))

  await project.run({ vars: '{day: 3}' })
  expect(await project.query(DAYS)).toEqual(dayOfAll(3))
  expect(await leftovers(project)).toEqual([])
})

test('a run interrupted while it builds, tests or publishes is recorded, and its hooks at the end do not run', async () => {
  for (const step of ['build', 'test', 'publish', 'swap'] as const) {
    project = await TemporaryProject.make(SHOP)
    await project.run({ vars: '{day: 1}' })
    const { published, interrupted } = await runInterruptedAt(project, step)
    expect([published, interrupted], step).toEqual([0, true])
    expect(await project.query('select status, published from _lavra.runs order by started_at'), step).toEqual([
      ['success', true],
      ['interrupted', false],
    ])
    expect(await project.query('select count(*) from journal'), step).toEqual([[1]])
    await project.remove()
  }
})

test('interrupted while hooks after the COMMIT run, a run is published', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': `{{ config(materialized='table', post_hook=[
  {"sql": "create table slow as select count(*) as n from range(100000000000) a, range(100) b", "transaction": false},
]) }} select 1 as order_id`,
  })
  let isCommitted = false
  const { execution, results } = await project.run({}, undefined, (event, interrupt) => {
    if (isStep(event, 'commit')) isCommitted = true
    if (isCommitted) setTimeout(interrupt, 300)
  })
  expect(execution.summary).toMatchObject({ published: 1, interrupted: true })
  expect(results.get('orders')).toMatchObject({ status: 'error', message: 'published, but a post-hook failed' })
  expect(results.get('orders')?.diagnostics.map(({ code }) => code)).toEqual(['hook-interrupted'])
  expect(await project.query('select * from orders')).toEqual([[1]])
  expect(await project.query('select status, published from _lavra.runs')).toEqual([['success', true]])
  expect(await project.relations()).toEqual(['main.orders'])
})

test('interrupted at any moment of its publication, a run says what readers see', async () => {
  project = await TemporaryProject.make(SHOP)
  await project.run({ vars: '{day: 1}' })
  let standing = 1
  for (let day = 2; day < 16; day++) {
    const { execution } = await project.run({ vars: `{day: ${day}}` }, undefined, (event, interrupt) => {
      if (isStep(event, 'publish')) setTimeout(interrupt, 2 * (day - 2))
    })
    if (execution.summary.published > 0) standing = day
    expect(await project.query(DAYS), `after ${2 * (day - 2)} ms`).toEqual(dayOfAll(standing))
    expect(await leftovers(project), `after ${2 * (day - 2)} ms`).toEqual([])
    const [[recorded] = []] = await project.query('select published from _lavra.runs order by started_at desc limit 1')
    expect(recorded).toBe(standing === day)
  }
})

test('interrupted while it cleans up, a run still cleans up', async () => {
  project = await TemporaryProject.make(SHOP)
  await project.run({ vars: '{day: 1}' })
  for (let day = 2; day < 10; day++) {
    const { execution } = await project.run({ vars: `{day: ${day}}` }, undefined, (event, interrupt) => {
      if (isStep(event, 'clean')) setTimeout(interrupt, (day - 2) / 2)
    })
    expect(execution.summary.published).toBe(4)
    expect(await project.query(DAYS)).toEqual(dayOfAll(day))
    expect(await leftovers(project)).toEqual([])
    expect(await project.query('select count(*) from _lavra.candidates')).toEqual([[0]])
  }
})

test('interrupted between nodes that are published alone, a run keeps and counts what was published', async () => {
  project = await TemporaryProject.make({
    'models/customers.sql': `select {{ var('day', 0) }} as day`,
    'models/orders.sql': `select day from {{ ref('customers') }}`,
  })
  await project.run({ publish: 'each', vars: '{day: 1}' })
  const { execution, results } = await project.run(
    { publish: 'each', vars: '{day: 2}' },
    undefined,
    (event, interrupt) => {
      if (event.kind === 'published') interrupt()
    },
  )
  expect([...results].map(([name, { status }]) => [name, status])).toEqual([
    ['customers', 'success'],
    ['orders', 'skipped'],
  ])
  expect(execution.summary).toMatchObject({ published: 1, interrupted: true })
  expect(await project.query('select (select day from customers), (select day from orders)')).toEqual([[2, 1]])
  expect(await project.query('select status, published from _lavra.runs order by started_at')).toEqual([
    ['success', true],
    ['interrupted', true],
  ])
})

test('interrupted in a hook before it builds, a run is recorded and has built nothing', async () => {
  project = await TemporaryProject.make({
    'project.yml': `name: shop
version: '1.0'
profile: shop
on-run-start:
  - create table slow as select count(*) as n from range(100000000000) a, range(100) b
  - create table never as select 1 as n
`,
    'models/orders.sql': 'select 1 as order_id',
  })
  const { execution, results } = await project.run({}, undefined, (event, interrupt) => {
    if (event.kind === 'hook-started') setTimeout(interrupt, 200)
  })
  expect([...results.values()].map(({ status, message }) => [status, message])).toEqual([
    ['skipped', 'interrupted'],
    ['skipped', 'interrupted'],
  ])
  expect(execution.summary).toMatchObject({ published: 0, interrupted: true })
  expect(await project.query('select status, published from _lavra.runs')).toEqual([['interrupted', false]])
  expect(await project.relations()).toEqual([])
})

/** Builds day 2 and interrupts when it reaches the step. */
async function runInterruptedAt(shop: TemporaryProject, step: RunStep) {
  const { execution } = await shop.run({ vars: '{day: 2}' }, undefined, (event, interrupt) => {
    if (isStep(event, step)) interrupt()
  })
  return execution.summary
}

function isStep(event: RunEvent, name: RunStep): boolean {
  return event.kind === 'step' && event.name === name
}

/** Relations with the mark of candidates; `__lavra_kept_` are versions. */
async function leftovers(shop: TemporaryProject): Promise<readonly string[]> {
  return (await shop.relations()).filter((name) => /__lavra_[0-9a-f]{8}/.test(name))
}

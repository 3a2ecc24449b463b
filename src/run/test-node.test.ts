import { afterEach, describe, expect, test } from 'vitest'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

/** Three orders have no customer. */
const ORDERS = `select i as order_id, case when i > 3 then 'Ana' end as customer from range(1, 6) as numbers(i)`

const shop = (yaml: string, files: Readonly<Record<string, string>> = {}) => ({
  'models/orders.sql': ORDERS,
  'models/shop.yml': yaml,
  ...files,
})

const onCustomer = (config: string) =>
  shop(`models:
  - name: orders
    columns:
      - name: customer
        data_tests: [{ not_null: { config: ${config} } }]
`)

/** `status failures` of each test, by its name. */
async function outcomes(flags: Parameters<TemporaryProject['run']>[0] = {}) {
  const { results } = await project!.run(flags)
  return Object.fromEntries(
    [...results]
      .filter(([, result]) => result.id.startsWith('test.'))
      .map(([name, { status, failures }]) => [name, `${status} ${failures ?? '-'}`]),
  )
}

async function outcomeOf(config: string, flags: Parameters<TemporaryProject['run']>[0] = {}) {
  project = await TemporaryProject.make(onCustomer(config))
  return Object.values(await outcomes(flags)).join()
}

const messagesOf = async (flags: Parameters<TemporaryProject['run']>[0] = {}) => {
  const { results } = await project!.run(flags)
  return [...results.values()].flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))
}

describe('severity and conditions', () => {
  test.each([
    ['{ severity: error }', 'fail 3'],
    ['{ severity: warn }', 'warn 3'],
    ['{ error_if: ">3" }', 'warn 3'],
    ['{ error_if: ">= 3" }', 'fail 3'],
    ['{ error_if: ">3", warn_if: ">3" }', 'pass 3'],
    ['{ error_if: ">2", warn_if: ">3" }', 'fail 3'],
    ['{ severity: warn, error_if: ">2", warn_if: ">3" }', 'pass 3'],
    ['{ severity: warn, warn_if: "between 2 and 4" }', 'warn 3'],
    ['{ warn_if: "=0", error_if: "=0" }', 'pass 3'],
    ['{ where: "order_id > 3", warn_if: "=0", error_if: "=0" }', 'fail 0'],
    ['{ severity: WARN }', 'warn 3'],
  ])('%s: %s', async (config, outcome) => {
    expect(await outcomeOf(config)).toBe(outcome)
  })
})

describe('what is counted', () => {
  test.each([
    ['{ where: "order_id <> 1" }', 'fail 2'],
    ['{ where: "order_id > 3" }', 'pass 0'],
    ['{ limit: 2 }', 'fail 2'],
    ['{ limit: 2, error_if: ">2" }', 'warn 2'],
    ['{ where: "order_id <> 1", limit: 1 }', 'fail 1'],
    // `not_null` gives the column alone; with its rows kept it gives all of them.
    [`{ fail_calc: "count(distinct coalesce(customer, 'none'))" }`, 'fail 1'],
    ['{ fail_calc: "sum(order_id)", store_failures: true }', 'fail 6'],
    ['{ fail_calc: "sum(order_id::decimal(9, 1) / 4)", store_failures: true, error_if: "> 1.4" }', 'fail 1.5'],
    ['{ fail_calc: "sum(order_id)", store_failures: true, where: "order_id > 3" }', 'pass 0'],
  ])('%s: %s', async (config, outcome) => {
    expect(await outcomeOf(config)).toBe(outcome)
  })
})

describe('rows that are kept', () => {
  const KEPT = 'main_dbt_test__audit.not_null_orders_customer'

  test('stand in a table of their own, published or not, until the next run replaces them', async () => {
    project = await TemporaryProject.make(onCustomer('{ store_failures: true }'))
    expect(await outcomes()).toEqual({ not_null_orders_customer: 'fail 3' })
    expect(await project.relations()).toEqual([KEPT])
    expect(await project.query(`select order_id from ${KEPT} order by 1`)).toEqual([[1], [2], [3]])

    await project.write({ 'models/orders.sql': `select 9 as order_id, null as customer` })
    await outcomes()
    expect(await project.query(`select order_id from ${KEPT}`)).toEqual([[9]])

    await project.write({ 'models/orders.sql': `select 9 as order_id, 'Bo' as customer` })
    expect(await outcomes()).toEqual({ not_null_orders_customer: 'pass 0' })
    expect(await project.query(`select count(*) from ${KEPT}`)).toEqual([[0]])
    expect(await project.relations()).toEqual(['main.orders', KEPT])
  })

  test('are kept because of the flag, unless the config says no', async () => {
    project = await TemporaryProject.make(onCustomer('{ severity: warn }'))
    await outcomes({ storeFailures: true })
    expect(await project.relations()).toEqual(['main.orders', KEPT])
    await project.remove()
    project = await TemporaryProject.make(onCustomer('{ severity: warn, store_failures: false }'))
    await outcomes({ storeFailures: true })
    expect(await project.relations()).toEqual(['main.orders'])
  })

  test('lie where the test says', async () => {
    project = await TemporaryProject.make(onCustomer('{ store_failures: true, schema: checks, alias: lost, limit: 2 }'))
    await outcomes()
    expect(await project.relations()).toEqual(['main_checks.lost'])
    expect(await project.query('select count(*) from main_checks.lost')).toEqual([[2]])
  })

  test('are kept by `lavra test`, too', async () => {
    project = await TemporaryProject.make(onCustomer('{ store_failures: true, severity: warn }'))
    await project.run({}, ['model'])
    await project.run({}, ['test'])
    expect(await project.relations()).toEqual(['main.orders', KEPT])
  })
})

test('each kind of parent is tested: source, seed, snapshot, ephemeral model, view', async () => {
  project = await TemporaryProject.make({
    'seeds/regions.csv': 'region\nnorth\nnorth\n',
    'snapshots/history.sql': `{% snapshot history %}
{{ config(unique_key='region', strategy='check', check_cols='all') }} select 1 as region
{% endsnapshot %}`,
    'models/recent.sql': `{{ config(materialized='ephemeral') }} select * from {{ source('raw', 'events') }}`,
    'models/panel.sql': `{{ config(materialized='view') }} select * from {{ ref('recent') }}`,
    'models/shop.yml': `sources:
  - name: raw
    schema: main
    tables: [{ name: events, columns: [{ name: id, data_tests: [not_null] }] }]
seeds: [{ name: regions, columns: [{ name: region, data_tests: [unique] }] }]
snapshots: [{ name: history, columns: [{ name: region, data_tests: [unique] }] }]
models:
  - { name: recent, columns: [{ name: id, data_tests: [unique] }] }
  - { name: panel, columns: [{ name: id, data_tests: [not_null] }] }
`,
  })
  await project.change('create table events as select unnest([1, 1, 2, null]) as id')
  expect(await outcomes({ publish: 'passing' })).toEqual({
    source_not_null_raw_events_id: 'fail 1',
    unique_history_region: 'pass 0',
    unique_recent_id: 'skipped -',
    unique_regions_region: 'fail 1',
    not_null_panel_id: 'skipped -',
  })
  await project.change('delete from events where id is null')
  expect(await outcomes()).toMatchObject({ source_not_null_raw_events_id: 'pass 0', unique_recent_id: 'fail 1' })
})

test('a relationship fails both of its sides, and nothing else', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': `select unnest([1, 2, null]) as order_id, unnest(['Ana', 'Bo', null]) as customer`,
    'models/customers.sql': `select 'Ana' as name`,
    'models/regions.sql': `select 1 as region`,
    'models/shop.yml': `models:
  - name: orders
    columns:
      - name: customer
        data_tests: [{ relationships: { arguments: { to: ref('customers'), field: name } } }]
`,
  })
  const { results } = await project.run({ publish: 'passing' })
  expect([...results].map(([name, { status, failures }]) => [name, status, failures])).toEqual([
    ['customers', 'skipped', undefined],
    ['orders', 'skipped', undefined],
    ['regions', 'success', undefined],
    ['relationships_orders_customer__name__ref_customers_', 'fail', 1],
  ])
  expect(await project.relations()).toEqual(['main.regions'])
})

test('singular tests, and generic ones of the project in both of their folders', async () => {
  project = await TemporaryProject.make(
    shop(
      `models:
  - name: orders
    data_tests: [{ has_few: { arguments: { most: 2 } } }]
    columns: [{ name: order_id, data_tests: [{ above: { arguments: { least: 4 } } }] }]
`,
      {
        'tests/no_ana.sql': `select order_id from {{ ref('orders') }} where customer = 'Ana'`,
        'tests/generic/above.sql': `{% test above(model, column_name, least) %}
select {{ column_name }} from {{ model }} where {{ column_name }} < {{ least }}
{% endtest %}`,
        'macros/has_few.sql': `{% test has_few(model, most) %}
select 1 from (select count(*) as n from {{ model }}) where n > {{ most }}
{% endtest %}`,
      },
    ),
  )
  expect(await outcomes()).toEqual({
    no_ana: 'fail 2',
    above_orders_order_id__4: 'fail 3',
    has_few_orders_2: 'fail 1',
  })
})

test('a node of one relation per value is tested in each of them, built or published', async () => {
  const perValue = (query: string) => `{{ config(materialized='table', per_value={
  'query': "${query}", 'name': 'orders_{{ value.name }}', 'allow_empty': true }) }}
select unnest({{ '[1, 1, 2]' if value.name == 'ana' else '[1, 2, 2, 2]' }}) as order_id`
  project = await TemporaryProject.make({
    'models/customer_orders.sql': perValue(`select unnest(['ana', 'bo', 'bo2']) as name`),
    'models/shop.yml': `models:
  - name: customer_orders
    columns: [{ name: order_id, data_tests: [{ unique: { config: { severity: warn, store_failures: true, fail_calc: sum(n_records) } } }] }]
`,
  })
  const name = 'unique_customer_orders_order_id'
  expect(await outcomes()).toEqual({ [name]: 'warn 8' })
  expect((await project.relations()).filter((relation) => relation.includes('audit'))).toEqual(
    ['', '_2', '_3'].map((suffix) => `main_dbt_test__audit.${name}${suffix}`),
  )
  const published = await project.run({}, ['test'])
  expect(published.results.get(name)).toMatchObject({ status: 'warn', failures: 8 })
  await project.write({ 'models/customer_orders.sql': perValue(`select 'ana' as name where false`) })
  expect(await outcomes()).toEqual({ [name]: 'pass 0' })
})

test('a test that cannot run is an error at its own file, whatever its severity, and nothing is published', async () => {
  project = await TemporaryProject.make(
    shop('', { 'tests/no_order_is_free.sql': `{{ config(severity='warn') }}\nselect price from {{ ref('orders') }}` }),
  )
  const { results } = await project.run()
  expect(results.get('no_order_is_free')).toMatchObject({ status: 'error' })
  expect(results.get('no_order_is_free')?.diagnostics.map(({ code, place }) => [code, place?.file.path])).toEqual([
    ['database', 'tests/no_order_is_free.sql'],
  ])
  expect(await project.relations()).toEqual([])
})

test('rows of a message: a few, long values cut, nested values as they are', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': `select 1 as order_id, repeat('x', 70) as note,
  [170141183460469231731687303715884105727, 2] as numbers, {'price': 1.50::decimal(9, 2), 'day': date '2026-02-03'} as more`,
    'tests/no_orders.sql': `select * from {{ ref('orders') }}`,
  })
  expect(await messagesOf()).toEqual([
    `"no_orders" found 1 failing result.
for example:
  order_id=1, note=${'x'.repeat(60)}…, numbers=["170141183460469231731687303715884105727",2], more={"price":"1.50","day":"2026-02-03"}`,
  ])
})

test('values of personal columns are masked, under whatever name a test of them gives them', async () => {
  project = await TemporaryProject.make({
    'models/customers.sql': `select unnest([1, 2]) as id, unnest(['ana@shop.example', 'ana@shop.example']) as email`,
    'models/shop.yml': `models:
  - name: customers
    columns:
      - name: id
        data_tests: [{ accepted_values: { arguments: { values: [2], quote: false } } }]
      - name: Email
        meta: { pii: true }
        data_tests: [unique, { accepted_values: { arguments: { values: [none] } } }]
`,
    'tests/no_customers.sql': `select id, email from {{ ref('customers') }} order by id`,
  })
  expect((await messagesOf()).sort()).toEqual([
    `"accepted_values_customers_Email__none" found 1 failing result.\nfor example:\n  value_field=•••, n_records=2`,
    `"accepted_values_customers_id__False__2" found 1 failing result.\nfor example:\n  value_field=1, n_records=1`,
    `"no_customers" found 2 failing results.\nfor example:\n  id=1, email=•••\n  id=2, email=•••`,
    `"unique_customers_Email" found 1 failing result.\nfor example:\n  unique_field=•••, n_records=2`,
  ])
})

import { afterEach, describe, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

describe.each(TEST_ENGINES)('on $name', (engine) => {
  const files = {
    'seeds/items.csv': 'item_id,price\n1,2.50\n',
    'models/sources.yml': 'sources: [{name: raw, schema: raw, tables: [{name: orders}]}]',
    'models/orders.sql': `select o.order_id, i.price from {{ source('raw', 'orders') }} as o join {{ ref('items') }} as i on i.item_id = o.item_id`,
    'models/small.sql': `{{ config(materialized='ephemeral') }} select order_id from {{ ref('orders') }} where price < 10`,
    'models/panel.sql': `{{ config(materialized='view') }} select count(*) as orders from {{ ref('small') }}`,
    'models/ledger.sql': `{{ config(materialized='incremental', unique_key='order_id') }} select order_id, price from {{ ref('orders') }}`,
    'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='order_id', strategy='check', check_cols='all') }} select * from {{ ref('ledger') }}{% endsnapshot %}`,
    'models/models.yml': `models:
  - { name: panel, columns: [{ name: orders, data_tests: [not_null] }] }
  - { name: ledger, columns: [{ name: order_id, data_tests: [unique, not_null] }] }
`,
  }
  const SOURCE = 'create schema raw; create table raw.orders as select 1 as order_id, 1 as item_id'

  test('a project that was never built is checked over the columns of its sources', async () => {
    project = await TemporaryProject.make(files, engine)
    await project.change(SOURCE)
    expect(await project.check()).toEqual([])
    expect(await project.relations()).toEqual(['raw.orders'])
  })

  test('a mistake is found although what is published would do, and nothing of it is touched', async () => {
    project = await TemporaryProject.make(files, engine)
    await project.change(SOURCE)
    await project.run()
    const before = await project.relations()
    await project.write({ 'models/orders.sql': `select order_id, 1 as cost from {{ source('raw', 'orders') }}` })
    expect(await project.check()).toEqual(['models/ledger.sql:price', 'models/small.sql:price'])
    expect(await project.relations()).toEqual(before)
    expect(await project.query('select price from orders')).toHaveLength(1)
  })

  test('a source may be the table of a seed', async () => {
    project = await TemporaryProject.make(
      {
        'seeds/items.csv': 'item_id,price\n1,2.50\n',
        'models/sources.yml': 'sources: [{name: raw, schema: main, tables: [{name: items}]}]',
        'models/prices.sql': `select price from {{ source('raw', 'items') }}`,
      },
      engine,
    )
    await project.run({ select: ['items'] })
    expect(await project.check()).toEqual([])
  })

  test('two columns of one name are what the engine makes of them', async () => {
    const twins = {
      'models/twins.sql': 'select 1 as a, 2 as a',
      'models/reader.sql': `select a from {{ ref('twins') }}`,
      'models/inner.sql': `{{ config(materialized='ephemeral') }} select 1 as a, 2 as b, 3 as b`,
      'models/outer.sql': `select a from {{ ref('inner') }}`,
      'snapshots/kept.sql': `{% snapshot kept %}{{ config(unique_key='a', strategy='check', check_cols='all') }} select a from {{ ref('twins') }}{% endsnapshot %}`,
    }
    project = await TemporaryProject.make(twins, engine)
    const { code, text } = await project.lavra('check')
    const built = await project.lavra('build')
    if (engine.name === 'postgres') {
      expect(text).toContain(`error[column-twice] models/twins.sql:1:1   (model twins)
  "twins" selects two columns that are called "a".

  1 | select 1 as a, 2 as a
    | ~~~~~~~~~~~~~~~~~~~~~
  hint: name one of them with "as", or leave it out
`)
      expect([code, built.code]).toEqual([1, 1])
    } else {
      expect(text).toMatch(/^Checked 5 nodes in [^\n]+: no problems\n$/)
      expect([code, built.code]).toEqual([0, 0])
      expect((await project.lavra('lineage', 'twins')).text).toMatch(/^twins\.a .*\ntwins\.a_1 /)
    }
  })

  test('a source that is not there is not guessed at', async () => {
    project = await TemporaryProject.make(files, engine)
    expect(await project.check()).toEqual([])
  })

  test('lints are the same on every engine', async () => {
    project = await TemporaryProject.make(
      {
        'seeds/orders.csv': 'order_id,ordered_on,amount\n1,2026-01-05,2.50\n',
        'seeds/lines.csv': 'order_id,line,changed_at\n1,1,2026-01-05 10:00:00\n',
        'seeds/seeds.yml': `seeds:
  - name: lines
    data_tests: [{ unique_combination_of_columns: { arguments: { combination_of_columns: [order_id, line] } } }]
`,
        'models/staging/all_orders.sql': `select * from {{ ref('orders') }}`,
        'models/staging/log.sql': `{{ config(materialized='incremental', unique_key='order_id') }} select order_id from {{ ref('orders') }}`,
        'models/marts/sums.sql': `with idle as (select 1 as one)
select sum(o.amount) as amount
from {{ ref('orders') }} as o
join {{ ref('lines') }} as l on l.order_id = o.order_id and o.ordered_on is not null`,
        'models/marts/days.sql': `select o.order_id from {{ ref('orders') }} as o join {{ ref('lines') }} as l on o.ordered_on = l.changed_at`,
      },
      engine,
    )
    expect(await project.check()).toEqual([
      'models/marts/days.sql:o',
      'models/marts/sums.sql:idle',
      `models/marts/sums.sql:{{ ref('lines') }}`,
      'models/staging/all_orders.sql:*',
      `models/staging/log.sql:'order_id'`,
    ])
  })
})

test('a source may lie in an attached database', async () => {
  project = await TemporaryProject.make({
    'profiles.yml': `shop:
  target: dev
  outputs:
    dev: { type: duckdb, path: shop.duckdb, attach: [{ path: bank.duckdb, alias: bank, read_only: true }, { path: till.duckdb }] }
`,
    'models/sources.yml': `sources:
  - { name: bank, database: bank, schema: main, tables: [{ name: payments }] }
  - { name: till, database: till, schema: raw, tables: [{ name: payments }] }
`,
    'models/payments.sql': `select b.amount, t.cost from {{ source('bank', 'payments') }} as b, {{ source('till', 'payments') }} as t`,
  })
  await project.change(`attach '${project.root}/bank.duckdb' as bank; create table bank.payments (amount integer)`)
  await project.change(
    `attach '${project.root}/till.duckdb' as till; create schema till.raw; create table till.raw.payments (price integer)`,
  )
  expect(await project.check()).toEqual(['models/payments.sql:t'])
})

test('what is read by its written name is there once its turn has come', async () => {
  project = await TemporaryProject.make({
    'models/a.sql': 'select id from main.b',
    'models/b.sql': `select 1 as id, 'x' as title`,
    'models/c.sql': 'select id, title from main.b',
    'models/d.sql': `{% set columns = adapter.get_columns_in_relation(api.Relation.create(schema='main', identifier='c')) %}
{{ log(columns | map(attribute='name') | join(', '), info=true) }}
select {% for column in columns %}{{ column.name }}, {% endfor %}nope from main.c`,
    'models/e.sql': `select id from {{ ref('c') }} where title = 'x'`,
    'models/f.sql': `{% for column in adapter.get_columns_in_relation(ref('c')) %}
select {{ column.name }}, missing_{{ loop.index }} from {{ ref('c') }}{{ ' union all' if not loop.last }}
{% endfor %}`,
  })
  expect(await project.check()).toEqual(['models/a.sql:main', 'models/d.sql:nope', 'models/f.sql:missing_'])
  const { text } = await project.lavra('check')
  expect(text.match(/^id, title$/gm)).toEqual(['id, title'])
})

test('on Postgres a value that no relation can hold is told where it is selected', async () => {
  project = await TemporaryProject.make(
    {
      'models/pair.sql': 'select 1 as id, row(1, 2) as pair',
      'models/reader.sql': `select id from {{ ref('pair') }}`,
      'models/inner.sql': `{{ config(materialized='ephemeral') }} select 1 as id, row(1, 2) as pair`,
      'models/outer.sql': `select id from {{ ref('inner') }}`,
    },
    TEST_ENGINES.find(({ name }) => name === 'postgres'),
  )
  const { code, text } = await project.lavra('check')
  expect([code, text.replace(/ in [\d.]+s/, '')]).toEqual([
    1,
    `error[column-type] models/pair.sql:1:1   (model pair)
  The column "pair" of "pair" is of the type "record", which no relation can hold.

  1 | select 1 as id, row(1, 2) as pair
    | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  hint: select its parts, or cast it to another type

Checked 3 nodes: 1 problem
`,
  ])
})

test('what only Postgres can parse is checked by Postgres alone', async () => {
  project = await TemporaryProject.make(
    {
      'models/parsed.sql': 'with idle as (select 1 as one) select 2 as two',
      'models/not_parsed.sql': `-- lavra: allow join-types nobody can tell whether this is needed
with idle as (select 1 as one) select count(*) as days from rows from (generate_series(1, 2)) as days`,
    },
    TEST_ENGINES.find(({ name }) => name === 'postgres'),
  )
  expect(await project.check()).toEqual(['models/parsed.sql:idle'])
})

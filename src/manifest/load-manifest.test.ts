import { describe, expect, test } from 'vitest'
import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import { relationLabel } from '../sql/relation.ts'
import { type Files, loadFiles } from '../test/load-files.ts'
import { describePlace } from '../text/source-file.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Manifest } from './manifest.ts'
import type { Model, RunnableNode } from './nodes.ts'

async function manifestOf(files: Files): Promise<Manifest> {
  return (await loadFiles(files)).manifest
}

function nodeOf(manifest: Manifest, id: string): RunnableNode {
  // Whatever is asked for here is looked up, so a wrong id fails the test.
  const node = manifest.nodes.get(id as UniqueId) ?? manifest.disabled.find((each) => each.id === id)
  if (!node) throw new Error(`there is no ${id} among ${[...manifest.nodes.keys()].join(', ')}`)
  return node
}

function modelOf(manifest: Manifest, name: string): Model {
  const node = nodeOf(manifest, `model.shop.${name}`)
  if (node.kind !== 'model') throw new Error(`${node.id} is no model`)
  return node
}

/** A project of every kind of thing. What is expected of it is what dbt 1.11.16 writes into its manifest for it. */
const SHOP: Files = {
  'project.yml': `name: shop
version: '1.0'
config-version: 2
vars: { limit_days: 3 }
models:
  shop:
    +meta: { owner: ana, level: 1 }
    +tags: [all]
    silver:
      +tags: silver
      +schema: silver
      deep: { +materialized: table, +meta: { level: 2 } }
    gold: { +materialized: table, +post-hook: select 1 }
seeds:
  shop: { raw: { +schema: raw, +column_types: { amount: double } } }
data_tests:
  shop:
    +tags: [from_project]
    silver: { +severity: warn }
on-run-start: select 1
on-run-end: [select 2, select 3]
`,
  'seeds/raw/raw_orders.csv': 'id,status,amount\n1,placed,1.5\n',
  'seeds/customers.csv': '\uFEFFid,name\n1,Ana\n\n',
  'models/silver/deep/stg_orders.sql': `

{{ config(materialized="view", tags=["own"], meta={"level": 3}) }}
select * from {{ ref("raw_orders") }}

`,
  'models/silver/stg_people.sql': 'select * from {{ source("crm", "people") }}',
  'models/gold/orders.sql':
    "select 1 as id from {{ ref('stg_orders') }} join {{ ref('shop', 'stg_people') }} using (id) {% if execute %} join {{ ref('customers') }} {% endif %}",
  'models/gold/old_orders.sql': '{{ config(enabled=false) }} select 1',
  'snapshots/hist/orders_history.sql': `{% snapshot orders_history %}
{{ config(unique_key='id', strategy='check', check_cols='all', target_schema='history') }}
select * from {{ ref('stg_orders') }}
{% endsnapshot %}
`,
  'snapshots/people.yml': `snapshots:
  - name: people_history
    relation: source('crm', 'people')
    config: { unique_key: id, strategy: timestamp, updated_at: changed_at }
`,
  'tests/generic/positive.sql': `{% test positive(model, column_name, more=none) %}
{{ config(severity='warn', tags=['in_macro'], error_if='>5') }}
select * from {{ model }} where {{ column_name }} <= 0
{% endtest %}
`,
  'macros/at_least.sql': `{% test at_least(model, column_name=none, value=0, options=none) %}
select * from {{ model }} where {{ column_name }} < {{ value }}
{% endtest %}
`,
  'tests/money/no_negative.sql': "select * from {{ ref('orders') }} where id < 0",
  'models/silver/silver.yml': `version: 2
models:
  - name: stg_orders
    description: "{{ doc('orders') }}"
    tags: [patched]
    config: { tags: [patched2], meta: { level: 2.5, more: yes it is } }
    columns:
      - name: id
        tags: [key]
        data_tests: [unique, not_null]
      - name: status
        quote: true
        data_tests:
          - accepted_values: { arguments: { values: [placed, shipped, 'on the way', 1, 1.0, 2.50, true, null] } }
          - not_null: { config: { where: id > 0, severity: error }, name: status_is_there }
      - name: amount
        data_tests:
          - positive
          - shop.positive: { config: { severity: error }, arguments: { more: 1.0 } }
          - at_least: { value: -0.5, severity: warn, limit: 5 }
          - at_least: { arguments: { value: "{{ var('limit_days') }}" } }
          - relationships: { arguments: { to: ref('customers'), field: id } }
          - test_name: at_least
            name: named_otherwise
            arguments: { value: 7 }
  - name: old_orders
    columns: [{ name: id, data_tests: [unique] }]
sources:
  - name: crm
    description: Who buys.
    schema: crm_{{ target.name }}
    tags: [outside]
    config: { meta: { a: 1 } }
    tables:
      - name: people
        identifier: tbl_people
        tags: [t]
        columns:
          - name: id
            data_tests: [unique]
`,
  'models/docs.md': '{% docs orders %}\nOne row an **order**.\n{% enddocs %}\n',
  'models/gold/gold.yml': `exposures:
  - name: weekly
    type: dashboard
    owner: { name: Ana }
    depends_on: [ref('orders'), "source('crm', 'people')"]
seeds:
  - name: customers
    columns: [{ name: id, data_tests: [not_null] }]
`,
}

describe('a project of every kind of thing, against dbt', () => {
  test('ids and fqns', async () => {
    const manifest = await manifestOf(SHOP)
    const nodes = [...manifest.nodes.values(), ...manifest.sources.values(), ...manifest.exposures.values()]
    expect(Object.fromEntries(nodes.map(({ id, fqn }) => [id, fqn.join('.')]))).toEqual({
      'model.shop.orders': 'shop.gold.orders',
      'model.shop.stg_orders': 'shop.silver.deep.stg_orders',
      'model.shop.stg_people': 'shop.silver.stg_people',
      'seed.shop.customers': 'shop.customers',
      'seed.shop.raw_orders': 'shop.raw.raw_orders',
      'snapshot.shop.orders_history': 'shop.hist.orders_history.orders_history',
      'snapshot.shop.people_history': 'shop.people_history',
      'test.shop.no_negative': 'shop.money.no_negative',
      'test.shop.unique_stg_orders_id.beb6e97f2f': 'shop.silver.unique_stg_orders_id',
      'test.shop.not_null_stg_orders_id.8cf5724805': 'shop.silver.not_null_stg_orders_id',
      'test.shop.accepted_values_stg_orders__status___placed__shipped__on_the_way__1__1_0__2_5__True__None.71b136d062':
        'shop.silver.accepted_values_stg_orders__status___placed__shipped__on_the_way__1__1_0__2_5__True__None',
      'test.shop.status_is_there.be9275564a': 'shop.silver.status_is_there',
      'test.shop.positive_stg_orders_amount.009e0f2d06': 'shop.silver.positive_stg_orders_amount',
      'test.shop.shop_positive_stg_orders_amount__1_0.94fd346afa': 'shop.silver.shop_positive_stg_orders_amount__1_0',
      'test.shop.at_least_stg_orders_amount___0_5.22b45bd78b': 'shop.silver.at_least_stg_orders_amount___0_5',
      'test.shop.at_least_stg_orders_amount___var_limit_days_.64923f8bc1':
        'shop.silver.at_least_stg_orders_amount___var_limit_days_',
      'test.shop.relationships_stg_orders_amount__id__ref_customers_.a9c1df9de0':
        'shop.silver.relationships_stg_orders_amount__id__ref_customers_',
      'test.shop.named_otherwise.900389ccf5': 'shop.silver.named_otherwise',
      'test.shop.source_unique_crm_people_id.510703412c': 'shop.silver.source_unique_crm_people_id',
      'test.shop.not_null_customers_id.422908bfae': 'shop.gold.not_null_customers_id',
      'source.shop.crm.people': 'shop.silver.crm.people',
      'exposure.shop.weekly': 'shop.gold.weekly',
    })
    expect(manifest.disabled.map(({ id }) => id)).toEqual([
      'model.shop.old_orders',
      'test.shop.unique_old_orders_id.c8ea205844',
    ])
    expect(manifest.operations.map(({ id, fqn }) => [id, fqn.join('.')])).toEqual([
      ['operation.shop.shop-on-run-start-0', 'shop.hooks.shop-on-run-start-0'],
      ['operation.shop.shop-on-run-end-0', 'shop.hooks.shop-on-run-end-0'],
      ['operation.shop.shop-on-run-end-1', 'shop.hooks.shop-on-run-end-1'],
    ])
  })

  test('what depends on what', async () => {
    const manifest = await manifestOf(SHOP)
    const dependencies = [...manifest.nodes.values()].flatMap((node) =>
      node.kind === 'seed' || node.name.includes('_stg_orders_') ? [] : [[node.name, ...node.dependsOn]],
    )
    expect(dependencies).toEqual([
      // The ref that only a run reaches is none.
      ['orders', 'model.shop.stg_orders', 'model.shop.stg_people'],
      ['stg_orders', 'seed.shop.raw_orders'],
      ['stg_people', 'source.shop.crm.people'],
      ['orders_history', 'model.shop.stg_orders'],
      ['people_history', 'source.shop.crm.people'],
      ['no_negative', 'model.shop.orders'],
      ['not_null_customers_id', 'seed.shop.customers'],
      ['status_is_there', 'model.shop.stg_orders'],
      ['named_otherwise', 'model.shop.stg_orders'],
      ['source_unique_crm_people_id', 'source.shop.crm.people'],
    ])
    const relationships = nodeOf(manifest, 'test.shop.relationships_stg_orders_amount__id__ref_customers_.a9c1df9de0')
    expect('dependsOn' in relationships && [...relationships.dependsOn].sort()).toEqual([
      'model.shop.stg_orders',
      'seed.shop.customers',
    ])
    expect(manifest.exposures.get('exposure.shop.weekly' as UniqueId)?.dependsOn).toEqual([
      'model.shop.orders',
      'source.shop.crm.people',
    ])
  })

  test('where relations lie', async () => {
    const manifest = await manifestOf(SHOP)
    const relations = [...manifest.nodes.values(), ...manifest.sources.values()].flatMap((node) =>
      'relation' in node && node.relation ? [[node.name, relationLabel(node.relation)]] : [],
    )
    expect(Object.fromEntries(relations)).toEqual({
      orders: 'main.orders',
      stg_orders: 'main_silver.stg_orders',
      stg_people: 'main_silver.stg_people',
      customers: 'main.customers',
      raw_orders: 'main_raw.raw_orders',
      orders_history: 'history.orders_history',
      people_history: 'main.people_history',
      people: 'crm_dev.tbl_people',
    })
  })

  test('settings: the project file, below the properties file, below the file itself', async () => {
    const manifest = await manifestOf(SHOP)
    const { config, configPlaces, unrenderedConfig } = modelOf(manifest, 'stg_orders')
    expect(config).toMatchObject({ materialized: 'view', schema: 'silver' })
    expect([...config.tags].sort()).toEqual(['all', 'own', 'patched2', 'silver'])
    expect(config.meta).toEqual({ owner: 'ana', level: 3, more: 'yes it is' })
    expect(describePlace(configPlaces.get('materialized')!)).toBe('models/silver/deep/stg_orders.sql:3:24')
    expect(describePlace(configPlaces.get('schema')!)).toBe('project.yml:11:16')
    expect(unrenderedConfig).toMatchObject({ materialized: 'view', schema: 'silver' })
    const hooks = modelOf(manifest, 'orders').config.post_hook
    expect(hooks).toEqual([{ sql: 'select 1', transaction: true }])
  })

  test('settings of tests: the project file, below the macro, below the properties file', async () => {
    const manifest = await manifestOf(SHOP)
    const settings = (id: string) => {
      const { severity, error_if, tags } = nodeOf(manifest, id).config
      return { severity, error_if, tags: [...tags].sort() }
    }
    expect(settings('test.shop.positive_stg_orders_amount.009e0f2d06')).toEqual({
      severity: 'warn',
      error_if: '>5',
      tags: ['from_project', 'in_macro'],
    })
    expect(settings('test.shop.shop_positive_stg_orders_amount__1_0.94fd346afa').severity).toBe('error')
    expect(settings('test.shop.unique_stg_orders_id.beb6e97f2f')).toEqual({
      severity: 'warn',
      error_if: '!= 0',
      tags: ['from_project', 'key'],
    })
    expect(settings('test.shop.source_unique_crm_people_id.510703412c').tags).toEqual(['from_project', 'outside', 't'])
  })

  test('checksums', async () => {
    const manifest = await manifestOf(SHOP)
    const checksum = (id: string) => nodeOf(manifest, id).checksum.slice(0, 12)
    expect(checksum('model.shop.stg_orders')).toBe('9ddf4e755283')
    expect(checksum('seed.shop.customers')).toBe('7be7de54ec8c')
    expect(checksum('seed.shop.raw_orders')).toBe('95cf7ed4c4b9')
    expect(checksum('snapshot.shop.orders_history')).toBe('c058c8c6705f')
  })

  test('words: descriptions, with their docs blocks', async () => {
    const manifest = await manifestOf(SHOP)
    expect(modelOf(manifest, 'stg_orders').description).toBe('One row an **order**.')
    expect(manifest.docs).toEqual(new Map([['orders', 'One row an **order**.']]))
    expect(manifest.sources.get('source.shop.crm.people' as UniqueId)?.sourceDescription).toBe('Who buys.')
  })

  test('what a generic test knows of itself', async () => {
    const manifest = await manifestOf(SHOP)
    const node = nodeOf(manifest, 'test.shop.shop_positive_stg_orders_amount__1_0.94fd346afa')
    expect(node.kind === 'test' && node.generic).toEqual({
      name: 'positive',
      namespace: 'shop',
      kwargs: { column_name: 'amount', more: 1, model: "{{ get_where_subquery(ref('stg_orders')) }}" },
      columnName: 'amount',
      attachedTo: 'model.shop.stg_orders',
      macro: 'macro.shop.test_positive',
    })
    expect(describePlace(node.place)).toBe('models/silver/silver.yml:19:13')
  })
})

test('hooks and the query of a model per value are dependencies too', async () => {
  const manifest = await manifestOf({
    'models/log.sql': 'select 1 as at',
    'models/flows.sql': 'select 1 as flow',
    'models/reports.sql': `{{ config(
      materialized='table',
      per_value={'query': "select flow from {{ ref('flows') }}", 'name': 'report_{{ value.flow }}'},
      post_hook="insert into log select * from {{ ref('log') }}") }}
select 1 as id`,
  })
  const reports = modelOf(manifest, 'reports')
  expect(reports.dependsOn).toEqual(['model.shop.log', 'model.shop.flows'])
  expect(reports.relation).toBe(undefined)
})

test('a ref in a comment is a dependency, as in dbt', async () => {
  const manifest = await manifestOf({
    'models/flows.sql': 'select 1 as flow',
    'models/report.sql': "-- depends_on: {{ ref('flows') }}\nselect 1",
  })
  expect(modelOf(manifest, 'report').dependsOn).toEqual(['model.shop.flows'])
})

test('refs that a macro makes are the model’s', async () => {
  const manifest = await manifestOf({
    'macros/newest.sql': '{% macro newest(name) %}(select * from {{ ref(name) }} limit 1){% endmacro %}',
    'models/orders.sql': 'select 1 as id',
    'models/report.sql': "select * from {{ newest('orders') }}",
  })
  const report = modelOf(manifest, 'report')
  expect(report.dependsOn).toEqual(['model.shop.orders'])
  expect(report.macros).toEqual(['macro.shop.newest'])
})

test('templates in settings are rendered, and their texts are kept for comparison', async () => {
  const files: Files = {
    'project.yml': `name: shop
vars: { is_on: false, home: south }
models:
  shop:
    +schema: "{{ target.name }}_{{ var('home') }}"
    orders: { +enabled: "{{ var('is_on') }}" }
`,
    'models/orders.sql': 'select 1',
    'models/people.sql': "{{ config(alias='people_' ~ var('home')) }} select 1",
  }
  const manifest = await manifestOf(files)
  expect(manifest.disabled.map(({ name }) => name)).toEqual(['orders'])
  const people = modelOf(manifest, 'people')
  expect(people.relation).toMatchObject({ schema: 'main_dev_south', identifier: 'people_south' })
  expect(people.unrenderedConfig).toEqual({
    schema: "{{ target.name }}_{{ var('home') }}",
    alias: "'people_' ~ var('home')",
  })
})

test('a project’s own generate_schema_name is used', async () => {
  const manifest = await manifestOf({
    'macros/names.sql': '{% macro generate_schema_name(name, node) %}{{ name or "plain" }}{% endmacro %}',
    'models/orders.sql': "{{ config(schema='gold') }} select 1",
    'models/people.sql': 'select 1',
  })
  expect(modelOf(manifest, 'orders').relation?.schema).toBe('gold')
  expect(modelOf(manifest, 'people').relation?.schema).toBe('plain')
})

test('quoting of the project and of a model', async () => {
  const manifest = await manifestOf({
    'project.yml': 'name: shop\nquoting: { database: false, identifier: false }\n',
    'models/orders.sql': "{{ config(quoting={'identifier': true}) }} select 1",
  })
  expect(modelOf(manifest, 'orders').relation?.quoting).toEqual({ database: false, identifier: true })
})

describe('sources that are files', () => {
  const sources = (text: string): Files => ({ 'models/sources.yml': `sources:\n  - name: crm\n${text}` })

  test('as Lavra writes them', async () => {
    const manifest = await manifestOf(
      sources(`    tables:
      - name: people
        external: { location: data/people-*.csv, options: { delim: ';' } }
        columns: [{ name: id, data_type: bigint }]
`),
    )
    const people = manifest.sources.get('source.shop.crm.people' as UniqueId)!
    expect(people.external).toEqual({ location: 'data/people-*.csv', format: 'csv', options: { delim: ';' } })
    expect(people.relation.expression).toBe(duckdbDialect.externalSource(people.external!, people.columns))
  })

  test('as dbt-duckdb writes them', async () => {
    const manifest = await manifestOf(
      sources(`    config: { external_location: 'data/{name}.parquet' }
    tables:
      - name: people
      - name: visits
        config: { meta: { external_location: 'logs/{identifier}/*.jsonl' } }
        identifier: v
`),
    )
    const files = [...manifest.sources.values()].map(({ external }) => external)
    expect(files).toEqual([
      { location: 'data/people.parquet', format: 'parquet', options: {} },
      { location: 'logs/v/*.jsonl', format: 'json', options: {} },
    ])
  })

  test('as a call that dbt-duckdb takes as it is', async () => {
    const manifest = await manifestOf(
      sources(`    meta: { external_location: "read_parquet('s3://{bucket}/{schema}/{name}/*.parquet')", bucket: shop }
    tables:
      - name: people
      - name: visits
        meta: { external_location: "read_csv('visits.csv', columns = {'id': 'integer'})" }
      - name: days
        config: { external_location: "(select * from read_json('$name.json'))", formatter: template }
      - name: hours
        meta: { external_location: "'data/%(name)s.csv'", formatter: oldstyle }
      - name: copies
        meta: { external_location: 'data/{name} (2).csv' }
`),
    )
    const read = [...manifest.sources.values()].map(({ name, relation }) => [name, relation.expression])
    expect(Object.fromEntries(read)).toEqual({
      people: "read_parquet('s3://shop/crm/people/*.parquet')",
      visits: "read_csv('visits.csv', columns = {'id': 'integer'})",
      days: "(select * from read_json('days.json'))",
      hours: "'data/hours.csv'",
      copies: "read_csv('data/copies (2).csv', filename = true, union_by_name = true)",
    })
  })
})

test('links are followed, also those that lead back up', async () => {
  const manifest = await manifestOf({
    'shared/orders.sql': 'select 1',
    'models/people.sql': 'select 1',
    'models/shared': '-> shared',
    'models/loop': '-> models',
  })
  expect([...manifest.nodes.keys()]).toEqual(['model.shop.people', 'model.shop.orders'])
})

test('macros and data tests of installed packages are used, and models are not built', async () => {
  const files: Files = {
    'packages.yml': 'packages: [{ package: shop-tools/shop_tools, version: 1.0.0 }]\n',
    'dbt_packages/shop_tools/dbt_project.yml': 'name: shop_tools\nvars: { unit: 100 }\nsource-paths: [models]\n',
    'dbt_packages/shop_tools/macros/cents.sql': "{% macro cents(x) %}{{ x }} * {{ var('unit', 1) }}{% endmacro %}",
    'dbt_packages/shop_tools/macros/tests.sql': '{% test is_money(model, column_name) %}select 1{% endtest %}',
    'dbt_packages/shop_tools/models/days.sql': 'select 1',
    'models/orders.sql': "select {{ shop_tools.cents('amount') }} as amount",
    'models/orders.yml': 'models: [{ name: orders, columns: [{ name: amount, data_tests: [shop_tools.is_money] }] }]\n',
  }
  const manifest = await manifestOf(files)
  expect(modelOf(manifest, 'orders').macros).toEqual(['macro.shop_tools.cents'])
  expect([...manifest.nodes.values()].map(({ name }) => name)).toEqual(['orders', 'shop_tools_is_money_orders_amount'])
  expect(manifest.warnings.map(({ message }) => message)).toEqual([
    'The models of the package "shop_tools" are not built: only its macros and data tests are used.',
  ])
})

test('packages that are listed and not there are warned of', async () => {
  const { warnings } = await manifestOf({ 'packages.yml': 'packages: [{ package: a/b, version: 1.0.0 }]\n' })
  expect(warnings.map(({ message }) => message)).toEqual([
    'The packages of packages.yml are not installed: there is no folder "dbt_packages".',
  ])
})

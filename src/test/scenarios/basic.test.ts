import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { problems, refusal, rows, statuses } from './look.ts'

const CUSTOMERS = 'id,name,some_date\n1,Ana,2026-01-05\n2,Bruno,2026-01-06\n3,Carla,\n'

/** The kind of every relation of the target's schema. */
const KINDS = `select table_name, case table_type when 'VIEW' then 'view' else 'table' end
  from information_schema.tables where table_schema = 'main' order by 1`

area('basic', ({ engine, project }) => {
  test('a seed, a table, a view and one that changes from one to the other are built, and built again', async () => {
    const shop = await project({
      'seeds/customers.csv': CUSTOMERS,
      'models/as_table.sql': `{{ config(materialized='table') }} select * from {{ ref('customers') }}`,
      'models/as_view.sql': `{{ config(materialized='view') }} select * from {{ ref('customers') }}`,
      'models/swaps.sql': `{{ config(materialized=var('kind', 'view')) }} select * from {{ ref('as_view') }} where id > 1`,
    })
    for (const [kind, flags] of [
      ['view', {}],
      ['table', { vars: '{kind: table}' }],
      ['incremental', { vars: '{kind: incremental}', fullRefresh: true }],
      ['view', {}],
    ] as const) {
      const outcome = await shop.run(flags)
      expect([kind, problems(outcome)]).toEqual([kind, []])
      expect(statuses(outcome)).toEqual({
        as_table: 'success',
        as_view: 'success',
        customers: 'success',
        swaps: 'success',
      })
      const swapped = kind === 'view' ? 'view' : 'table'
      expect(await rows(shop, KINDS)).toEqual([
        'as_table | table',
        'as_view | view',
        'customers | table',
        `swaps | ${swapped}`,
      ])
      expect(await rows(shop, 'select id, name, some_date is null from main.swaps order by id')).toEqual([
        '2 | Bruno | false',
        '3 | Carla | true',
      ])
    }
  })

  test('a project without models has nothing to do', async () => {
    const shop = await project({})
    const outcome = await shop.run()
    expect([outcome.results.size, problems(outcome)]).toEqual([
      0,
      ['nothing-selected There are no seeds, models, snapshots, tests to work on.'],
    ])
    expect((await shop.lavra('run')).code).toBe(0)
  })

  test('an incremental model adds what is new', async () => {
    const shop = await project({
      'seeds/base.csv': 'id\n1\n2\n',
      'seeds/added.csv': 'id\n1\n2\n3\n4\n',
      'models/log.sql': `{{ config(materialized='incremental') }}
select * from {{ ref(var('source', 'base')) }}
-- depends_on: {{ ref('base') }} {{ ref('added') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}`,
    })
    await shop.run()
    expect(await rows(shop, 'select id from main.log order by id')).toEqual(['1', '2'])
    const outcome = await shop.run({ vars: '{source: added}' })
    expect(outcome.results.get('log')?.rows).toBe(2)
    expect(await rows(shop, 'select id from main.log order by id')).toEqual(['1', '2', '3', '4'])
  })

  test('an incremental model that names other columns than before is refused, or not asked about them', async () => {
    const shop = await project({
      'models/log.sql': `{{ config(materialized='incremental', unique_key='id') }} select 1 as id, 'a' as name`,
    })
    await shop.run()
    await shop.write({
      'models/log.sql': `{{ config(materialized='incremental', unique_key='id') }} select 'b' as name, 1 as id, 7 as extra`,
    })
    expect(statuses(await shop.run())).toEqual({ log: 'success' })
    expect(await rows(shop, 'select * from main.log')).toEqual(['1 | b'])
  })

  test('an unknown incremental strategy is told with the ones there are', async () => {
    const shop = await project({
      'models/log.sql': `{{ config(materialized='incremental', incremental_strategy='guess', unique_key='id') }} select 1 as id`,
    })
    await shop.run()
    const outcome = await shop.run()
    expect(statuses(outcome)).toEqual({ log: 'error' })
    expect(problems(outcome)).toEqual([
      'incremental-strategy models/log.sql:1:60 There is no incremental strategy "guess".',
    ])
  })

  test('singular tests fail by their rows, on tables and on ephemeral models', async () => {
    const shop = await project({
      'seeds/customers.csv': CUSTOMERS,
      'models/inlined.sql': `{{ config(materialized='ephemeral') }} select id, name from {{ ref('customers') }}`,
      'models/passing.sql': `{{ config(materialized='view') }} select * from {{ ref('inlined') }}`,
      'tests/finds_nothing.sql': `select * from {{ ref('passing') }} where id < 0`,
      'tests/finds_two.sql': `select * from {{ ref('inlined') }} where id < 3`,
    })
    const outcome = await shop.run()
    expect(statuses(outcome)).toEqual({
      customers: 'skipped',
      finds_nothing: 'skipped',
      finds_two: 'fail',
      passing: 'skipped',
    })
    expect(outcome.results.get('finds_two')?.failures).toBe(2)
    expect(await shop.relations()).toEqual([])
    const alone = await shop.run({ exclude: ['finds_two'] })
    expect(statuses(alone)).toEqual({ customers: 'success', finds_nothing: 'pass', passing: 'success' })
  })

  test('the generic tests of dbt pass and fail as their rows say, on seeds, models and sources', async () => {
    const shop = await project({
      'seeds/customers.csv': CUSTOMERS,
      'models/visits.sql': `select 1 as id, 1 as customer_id, 'web' as kind union all select 1, 9, 'fax' union all select null, null, null`,
      'models/schema.yml': `seeds:
  - name: customers
    columns: [{ name: id, data_tests: [unique, not_null] }]
sources:
  - name: main
    tables: [{ name: visits, columns: [{ name: kind, data_tests: [not_null] }] }]
models:
  - name: visits
    columns:
      - { name: id, data_tests: [unique, not_null] }
      - name: customer_id
        data_tests:
          - relationships: { arguments: { to: ref('customers'), field: id } }
      - name: kind
        data_tests:
          - accepted_values: { arguments: { values: [web, phone] } }
`,
    })
    await shop.run({}, ['seed', 'model'])
    const outcome = await shop.run({}, ['test'])
    expect(
      Object.fromEntries([...outcome.results].map(([name, { status, failures }]) => [name, `${status} ${failures}`])),
    ).toEqual({
      accepted_values_visits_kind__web__phone: 'fail 1',
      not_null_customers_id: 'pass 0',
      not_null_visits_id: 'fail 1',
      relationships_visits_customer_id__id__ref_customers_: 'fail 1',
      source_not_null_main_visits_kind: 'fail 1',
      unique_customers_id: 'pass 0',
      unique_visits_id: 'fail 1',
    })
  })

  test('templates ask the database for relations and columns, and change it', async () => {
    const shop = await project({
      'models/first.sql': 'select 1 as id, cast(2.5 as numeric(10, 2)) as amount',
      'models/second.sql': `-- depends_on: {{ ref('first') }}
{% set found = adapter.get_relation(database=target.database, schema=target.schema, identifier='first') %}
{% set columns = adapter.get_columns_in_relation(ref('first')) %}
select
  '{{ found.identifier }}' as identifier,
  '{{ columns | map(attribute="name") | join(" ") }}' as columns,
  '{{ adapter.get_relation(database=target.database, schema=target.schema, identifier="nothing") is none }}' as nothing,
  '{{ adapter.check_schema_exists(target.database, target.schema) }}' as has_schema,
  {{ run_query("select count(*) from " ~ ref("first")).columns[0].values()[0] if execute else 0 }} as number`,
      'macros/hooks.sql': `{% macro make_extra() %}
{% set extra = api.Relation.create(database=target.database, schema='extra', identifier='log') %}
{% do adapter.create_schema(extra) %}
{% do run_query('create table ' ~ extra ~ ' as select 1 as id union all select 2') %}
{% do adapter.truncate_relation(extra) %}
{% do adapter.rename_relation(extra, api.Relation.create(database=target.database, schema='extra', identifier='log_kept')) %}
{% do run_query('create table ' ~ extra ~ ' as select 1 as id') %}
{% do adapter.drop_relation(adapter.get_relation(target.database, 'extra', 'log')) %}
{% endmacro %}`,
      'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nmodels: { +materialized: table }\non-run-start: '{{ make_extra() }}'\n`,
    })
    const outcome = await shop.run()
    expect([...outcome.results.values()].map(({ status }) => status)).toEqual(['success', 'success', 'success'])
    expect(await rows(shop, 'select * from main.second')).toEqual(['first | id amount | True | True | 1'])
    expect(await shop.relations()).toEqual(['extra.log_kept', 'main.first', 'main.second'])
    expect(await rows(shop, 'select count(*) from extra.log_kept')).toEqual(['0'])
  })

  test('docs generate writes every relation with its columns, their types and descriptions', async () => {
    const shop = await project({
      'seeds/customers.csv': CUSTOMERS,
      'models/orders.sql': `select 1 as id, cast(2.5 as numeric(10, 2)) as amount`,
      'models/nested/latest.sql': `{{ config(materialized='view') }} select id from {{ ref('orders') }}`,
      'models/inlined.sql': `{{ config(materialized='ephemeral') }} select 1 as id`,
      'models/schema.yml': `models:
  - name: orders
    description: "{{ doc('orders') }}"
    columns: [{ name: amount, description: What was paid }]
sources:
  - name: shop
    schema: main
    tables: [{ name: customers, description: Who buys }]
`,
      'models/docs.md': '{% docs orders %}Every order{% enddocs %}',
    })
    await shop.run()
    expect(await shop.lavra('docs', 'generate')).toEqual({
      code: 0,
      text: 'Wrote target/catalog.json with 4 relations\nWrote target/docs/index.html with 5 pages: open it in a browser\n',
    })
    const catalog = JSON.parse(await readFile(join(shop.root, 'target/catalog.json'), 'utf8'))
    const shown = Object.values<{
      metadata: Record<string, unknown>
      columns: Record<string, Record<string, unknown>>
    }>({
      ...catalog.nodes,
      ...catalog.sources,
    }).map(({ metadata, columns }) => [
      metadata.schema,
      metadata.name,
      metadata.type,
      metadata.comment,
      Object.values(columns).map(
        ({ index, name, comment }) => `${index} ${name}${comment === null ? '' : `: ${comment}`}`,
      ),
    ])
    expect(shown.sort()).toEqual([
      ['main', 'customers', 'BASE TABLE', null, ['1 id', '2 name', '3 some_date']],
      ['main', 'customers', 'BASE TABLE', 'Who buys', ['1 id', '2 name', '3 some_date']],
      ['main', 'latest', 'VIEW', null, ['1 id']],
      ['main', 'orders', 'BASE TABLE', 'Every order', ['1 id', '2 amount: What was paid']],
    ])
    expect(catalog.nodes['model.shop.orders'].columns.amount.type.toLowerCase()).toMatch(/^(numeric|decimal)\(10,2\)$/)
    const manifest = JSON.parse(await readFile(join(shop.root, 'target/manifest.json'), 'utf8'))
    expect(manifest.nodes['model.shop.latest'].depends_on.nodes).toEqual(['model.shop.orders'])
    expect(manifest.child_map['model.shop.orders']).toEqual(['model.shop.latest'])
    expect(manifest.nodes['model.shop.inlined'].relation_name).toBeNull()
  })

  test('debug says that the connection works, or why it does not', async () => {
    const shop = await project({})
    const good = await shop.lavra('debug')
    expect([good.code, good.text]).toEqual([0, expect.stringMatching(/\nconnection +works\n$/)])
    expect(good.text).toContain(`profile     shop, target dev (${engine.name})\n`)
    const bad = await shop.lavra('debug', '--target', 'prod')
    expect([bad.code, bad.text]).toEqual([2, expect.stringContaining('error[target-not-found]')])
    await shop.write({ 'project.yml': 'name: shop\nprofile: other\n' })
    expect(await refusal(shop.run())).toEqual(['profile-not-found There is no profile "other" in profiles.yml.'])
  })
})

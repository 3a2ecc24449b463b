import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Model } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'
import { parseTemplate, renderAsync } from '../template/index.ts'
import { templateManifest, templateProject } from '../test/template-project.ts'
import { describePlace } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import type { TemplateDatabase } from './database.ts'
import { createNodeScope } from './node-scope.ts'
import type { NodeScopeInput } from './scope-input.ts'

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'test', waitMs: 0 })
  connection = await adapter.connect()
  await connection.execute(`create table orders__lavra_3f9a1c2b as
    select * from (values (1, 'placed', 12.50::decimal(18,2), 2.0::double, date '2020-01-01', timestamptz '2020-01-01 10:00:00+00'),
                          (2, 'shipped', 3.00::decimal(18,2), 0.5::double, null, null)) as t(id, status, amount, weight, day, placed_at)`)
})

afterAll(() => adapter.close())

const MACROS = {
  'macros/statuses.sql': `{% macro statuses(relation) %}
  {%- set result = run_query('select distinct status from ' ~ relation ~ ' order by 1') -%}
  {{ return(result.columns[0].values() if result else []) }}
{% endmacro %}`,
}

/** Renders the body of a model "revenue" that depends on the seed "orders", which this run builds. */
async function render(text: string, changes: Partial<NodeScopeInput> = {}): Promise<string> {
  const project = templateProject({ macros: MACROS, database: 'memory' })
  const manifest = templateManifest(project, { revenue: "-- depends_on: {{ ref('orders') }}", rates: 'select 1' }, [
    'orders',
  ])
  // The manifest was made with this model in it.
  const node = manifest.nodes.get(uniqueId('model', 'shop', 'revenue')) as Model
  const relationOf = (id: string): Relation => {
    const { relation } = manifest.nodes.get(uniqueId('seed', 'shop', 'orders')) as Model & { relation: Relation }
    return id.endsWith('.orders') ? { ...relation, physical: 'orders__lavra_3f9a1c2b' } : node.relation!
  }
  const scope = createNodeScope({
    project,
    manifest,
    node,
    database: databaseOf(),
    relationOf,
    isIncremental: false,
    fullRefresh: false,
    ...changes,
  })
  return (await renderAsync(parseTemplate({ path: 'models/revenue.sql', text }), scope)).text
}

function databaseOf(): TemplateDatabase {
  return {
    query: (sql) => connection.query(sql),
    columnsOf: (relation) => connection.columnsOf(relation),
    listRelations: (schema) => connection.listRelations([schema]),
    async kindOf(relation) {
      const found = await connection.listRelations([relation.schema])
      return found.find((each) => each.identifier === (relation.physical ?? relation.identifier))?.kind
    },
  }
}

async function problemOf(text: string) {
  try {
    await render(text)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { code, message, place, hint } = error.diagnostics[0]!
    return { code, message, at: place && describePlace(place), ...(hint === undefined ? {} : { hint }) }
  }
  return 'no problem'
}

test('a ref prints the candidate and is named as published', async () => {
  expect(await render("{% set o = ref('orders') %}{{ o }} {{ o.identifier }} {{ o.name }} {{ o.schema }}")).toBe(
    '"memory"."main"."orders__lavra_3f9a1c2b" orders orders main',
  )
  expect(await render('{{ this }} {{ this.table }}')).toBe('"memory"."main"."revenue" revenue')
})

test('parts of a relation can be left out and left bare', async () => {
  expect(
    await render(`{{ ref('orders').include(database=false) }}
{{ ref('orders').include(schema=false, database=false) }}
{{ this.quote(identifier=false) }}
{{ ref('orders').without_identifier() }}
{{ this.information_schema('tables') }}
{{ this.replace_path(identifier='gross') }}
{{ api.Relation.create(schema='lake', identifier='events', type='view') }}
{{ api.Relation.create(identifier='bare').is_view }}`),
  ).toBe(`"main"."orders__lavra_3f9a1c2b"
"orders__lavra_3f9a1c2b"
"memory"."main".revenue
"memory"."main"
"memory".INFORMATION_SCHEMA.tables
"memory"."main"."gross"
"lake"."events"
False`)
})

test('packages recognize relations', async () => {
  expect(
    await render(
      `{{ this is mapping and this.get('metadata', {}).get('type', '').endswith('Relation') }} {{ this == this }} {{ this == ref('orders') }}`,
    ),
  ).toBe('True True False')
})

test('a ref that parsing did not reach says what to write', async () => {
  expect(await problemOf("select *\nfrom {{ ref('rates') }}")).toEqual({
    code: 'ref-not-declared',
    message: '"revenue" refers to "rates" only while it runs, so its place in the order of the run is not known.',
    at: 'models/revenue.sql:2:9',
    hint: `add this line to "revenue": -- depends_on: {{ ref('rates') }}`,
  })
  expect(await problemOf("{{ ref('rate') }}")).toMatchObject({ code: 'ref-not-found', hint: 'did you mean "rates"?' })
  expect(await problemOf("{{ source('raw', 'x') }}")).toMatchObject({ code: 'source-not-found' })
})

test('a macro may ask the database in mid-expression', async () => {
  expect(
    await render(`select {% for status in statuses(ref('orders')) -%}
  sum(amount) filter (status = '{{ status }}') as {{ status }}{{ ', ' if not loop.last }}
{%- endfor %}`),
  ).toBe("select sum(amount) filter (status = 'placed') as placed, sum(amount) filter (status = 'shipped') as shipped")
})

test('results have the shape of agate tables', async () => {
  expect(
    await render(`{% set t = run_query('select * from ' ~ ref('orders') ~ ' order by id') -%}
{{ t.column_names }}
{{ t.rows[0]['amount'] }} {{ t.rows[1].status }} {{ t.rows[0][0] }} {{ t.rows[0].values() }}
{{ t.columns['status'].values() }} {{ t.columns.get('id').name }} {{ t.columns | length }}x{{ t.rows | length }}
{{ t.rows[0].weight }} {{ t.rows[1].amount + 1 }} {{ t.rows[0].amount > 12 }} {{ t.rows[1].day }}
{{ t.rows[0].day.year }} {{ t.rows[0].placed_at }}
{% for row in t %}{{ row.id }};{% endfor %} {{ t.select(['id']).column_names }} {{ t.rename(['k']).columns[0].name }}`),
  ).toBe(`('id', 'status', 'amount', 'weight', 'day', 'placed_at')
12.50 shipped 1 (1, 'placed', Decimal('12.50'), 2.0, datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1, 10, 0, tzinfo=<UTC>))
('placed', 'shipped') id 6x2
2.0 4.00 True None
2020 2020-01-01 10:00:00+00:00
1;2; ('id',) k`)
})

test('a statement leaves its result, once', async () => {
  expect(
    await render(`{% call statement('n', fetch_result=true) %}select count(*) as n from {{ ref('orders') }}{% endcall -%}
{% set result = load_result('n') %}{{ result.data }} {{ result['table'].columns['n'].values()[0] }} {{ result.response.rows_affected }}`),
  ).toBe('[(2,)] 2 1')
  expect(
    await problemOf("{% call statement('n') %}select 1{% endcall %}{{ load_result('n').data }}{{ load_result('n') }}"),
  ).toMatchObject({ code: 'result-already-loaded' })
})

test('adapter looks at relations and columns', async () => {
  expect(
    await render(`{% for c in adapter.get_columns_in_relation(ref('orders')) -%}
{{ c.name }} {{ c.quoted }} {{ c.dtype }} {{ c.data_type }} {{ c.is_string() }} {{ c.is_numeric() }} {{ c.is_number() }} {{ c.numeric_scale }}
{% endfor %}`),
  ).toBe(`id "id" INTEGER INTEGER False False True None
status "status" VARCHAR VARCHAR True False False None
amount "amount" DECIMAL DECIMAL(18,2) False True True 2
weight "weight" DOUBLE DOUBLE False False True None
day "day" DATE DATE False False False None
placed_at "placed_at" TIMESTAMP WITH TIME ZONE TIMESTAMP WITH TIME ZONE False False False None
`)
  expect(
    await render(`{{ adapter.get_relation(database=none, schema='main', identifier='orders') }} {{ adapter.get_relation(none, 'main', 'x') }}
{{ load_relation(ref('orders')).is_table }}`),
  ).toBe('"memory"."main"."orders__lavra_3f9a1c2b" None\nTrue')
  expect(
    await render(
      `{% set response, table = adapter.execute('select 1 as one', fetch=true) %}{{ table.columns[0].values() }}`,
    ),
  ).toBe('(1,)')
})

test('what the caller knows of the run', async () => {
  const text = '{{ is_incremental() }} {{ dbt.is_incremental() }} {{ execute }} {{ value.shop }} {{ value.total + 1 }}'
  expect(await render(text, { isIncremental: true, extra: { value: { shop: 'north', total: 2 } } })).toBe(
    'True True True north 3',
  )
})

test('the graph and the node can be read', async () => {
  expect(
    await render(`{{ graph.nodes.values() | map(attribute='name') | sort | join(',') }} {{ model.depends_on.nodes }} {{ model.config.materialized }}
{{ graph.nodes['seed.shop.orders'].relation_name }}`),
  ).toBe(`orders,rates,revenue ['seed.shop.orders'] view
"memory"."main"."orders"`)
})

test('a required config that is not set is an error', async () => {
  expect(await render("{{ config.require('materialized') }}{{ config(materialized='table') }}")).toBe('view')
  expect(await problemOf("{{ config.require('owner') }}")).toMatchObject({
    code: 'config-missing',
    at: 'models/revenue.sql:1:4',
  })
})

test('a failing query of a template is an error at its call', async () => {
  expect(await problemOf("select {{ run_query('select nope') }}")).toEqual({
    code: 'database',
    message: 'Binder Error: Referenced column "nope" was not found because the FROM clause is missing',
    at: 'models/revenue.sql:1:11',
  })
  expect(await problemOf('{% call statement() %}select nope{% endcall %}')).toMatchObject({ code: 'database' })
  expect(await problemOf("{{ adapter.execute('select nope') }}")).toMatchObject({
    code: 'database',
    at: 'models/revenue.sql:1:4',
  })
})

test('adapter compares, lists and changes relations', async () => {
  expect(
    await render(`{% do create_schema(api.Relation.create(database='memory', schema='lake')) -%}
{% do run_query('create table lake.events as select 1 as id, 2 as extra') -%}
{% set events = api.Relation.create(database='memory', schema='lake', identifier='events') -%}
{{ adapter.check_schema_exists('memory', 'lake') }} {{ adapter.list_relations('memory', 'lake') | map(attribute='name') | list }}
{{ adapter.get_missing_columns(events, ref('orders')) | map(attribute='name') | list }} {{ adapter.already_exists('lake', 'events') }}
{{ get_columns_in_query('select 1 as a, 2 as b') }}
{%- do adapter.truncate_relation(events) %}{{ run_query('select count(*) from ' ~ events).rows[0][0] }}
{%- do adapter.rename_relation(events, api.Relation.create(database='memory', schema='lake', identifier='old')) %}
{{ load_relation(events) }} {{ load_relation(events.replace_path(identifier='old')) }}
{%- do drop_relation_if_exists(events.replace_path(identifier='old')) %}
{{ adapter.list_relations('memory', 'lake') }} {{ adapter.check_schema_exists('memory', 'lake') }} {{ adapter.check_schema_exists('memory', 'sea') }}`),
  ).toBe(`True ['events']
['extra'] True
['a', 'b']0
None "memory"."lake"."old"
[] True False`)
})

test('what adapter needs a relation for refuses everything else', async () => {
  expect(await problemOf("{{ adapter.get_columns_in_relation('orders') }}")).toMatchObject({
    message: 'A relation is needed here: what ref(), source(), this or api.Relation.create() give.',
    at: 'models/revenue.sql:1:4',
  })
})

test('a table can be printed', async () => {
  const project = templateProject({ database: 'memory' })
  await render("{% do run_query('select 1 as id, null as note').print_table() %}", { project })
  expect(project.events).toEqual([{ kind: 'print', message: '| id | note |\n| -- | ---- |\n| 1  |      |' }])
})

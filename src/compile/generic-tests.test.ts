import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { captureGenericTest } from '../context/index.ts'
import type { DataTest, Model } from '../manifest/nodes.ts'
import { parseTemplate } from '../template/index.ts'
import { PLAIN_CONFIG, subject, templateManifest, templateProject } from '../test/template-project.ts'
import { describePlace, span } from '../text/source-file.ts'
import type { JsonObject } from '../util/json.ts'
import { compileNode } from './compile-node.ts'
import { testQuery } from './test-query.ts'

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'test', waitMs: 0 })
  connection = await adapter.connect()
  await connection.execute(`
    create table orders as select * from (values
      (1, 10, 'placed', 12.50, date '2020-01-01'), (2, 11, '', 3.00, date '2020-02-01'), (3, 11, null, null, null)
    ) as t(id, customer_id, status, amount, ordered_at);
    create table raw_orders as from orders where id < 3;
    create view ids as select id from orders where id = 1`)
})

afterAll(() => adapter.close())

const YAML = { path: 'models/schema.yml', text: 'models: [{name: orders, data_tests: [unique]}]' }

/** A generic test on "orders" (or another model), parsed and compiled. */
async function compile(name: string, kwargs: JsonObject, config: Partial<NodeConfig> = {}, on = 'orders') {
  const project = templateProject({ database: 'memory' })
  const models = { paid: "{{ config(materialized='ephemeral') }}select * from {{ ref('orders') }} where amount > 0" }
  const manifest = templateManifest(project, models, ['orders', 'raw_orders', 'ids'])
  const macro = project.macros.findTest(name, undefined, 'shop')!
  const place = span(YAML, 37, 43)
  const asParsed = subject(name, { resourceType: 'test', file: YAML, config: { ...PLAIN_CONFIG, ...config } })
  const all = { ...kwargs, model: `{{ get_where_subquery(ref('${on}')) }}` }
  const capture = captureGenericTest(project, asParsed, macro, all, place)
  const refs = capture.refs.map((call) => ({
    call,
    id: [...manifest.nodes.values()].find((node) => node.name === call.name)!.id,
  }))
  const node: DataTest = {
    ...asParsed,
    kind: 'test',
    place,
    description: '',
    columns: [],
    unrenderedConfig: {},
    configPlaces: new Map(),
    checksum: '',
    tree: parseTemplate({ path: YAML.path, text: '' }),
    rawCode: '',
    refs,
    sources: [],
    macros: capture.macros,
    dependsOn: [...new Set(refs.map((ref) => ref.id))],
    generic: { name, kwargs: all, attachedTo: refs[0]!.id, macro: macro.id },
  }
  return compileNode({
    project,
    manifest,
    node,
    database: {
      query: (sql) => connection.query(sql),
      columnsOf: (relation) => connection.columnsOf(relation),
      listRelations: (schema) => connection.listRelations([schema]),
      kindOf: async () => 'table',
    },
    relationOf: (id) => (manifest.nodes.get(id) as Model).relation!,
    isIncremental: false,
    fullRefresh: false,
    ephemerals: new Map(),
  })
}

/** How many failures the engine counts. */
async function failures(name: string, kwargs: JsonObject, config: Partial<NodeConfig> = {}): Promise<unknown> {
  const { sql, node } = await compile(name, kwargs, config)
  const result = await connection.query(testQuery(sql, node).sql)
  return result.rows[0]?.[0]
}

// The expected texts of the first three tests are those of dbt 1.11, blank lines included.
test('not_null compiles as in dbt', async () => {
  expect((await compile('not_null', { column_name: 'id' })).sql).toBe(
    '\n    \n    \n\n\n\nselect id\nfrom "memory"."main"."orders"\nwhere id is null\n\n\n',
  )
  expect((await compile('not_null', { column_name: 'id' }, { store_failures: true })).sql).toContain('\nselect *\n')
})

test('where becomes a subquery, as in dbt', async () => {
  expect((await compile('unique', { column_name: 'id' }, { where: 'id > 0' })).sql).toBe(`
    
    

select
    id as unique_field,
    count(*) as n_records

from (select * from "memory"."main"."orders" where id > 0) dbt_subquery
where id is not null
group by id
having count(*) > 1


`)
})

test('a test of an ephemeral model carries it in its with, as in dbt', async () => {
  const { sql } = await compile('accepted_values', { column_name: 'status', values: ['placed', 'shipped'] }, {}, 'paid')
  expect(sql).toBe(`
    
    

with  __dbt__cte__paid as (
select * from "memory"."main"."orders" where amount > 0
), all_values as (

    select
        status as value_field,
        count(*) as n_records

    from __dbt__cte__paid
    group by status

)

select *
from all_values
where value_field not in (
    'placed','shipped'
)


`)
})

test("the text of a test leads into the macro, and from there to the test's own line", async () => {
  const { sql, map } = await compile('unique', { column_name: 'id' })
  const place = map.locate(sql.indexOf('having'))!
  expect(place.place.file.path).toBe('lavra/macros/generic_tests.sql')
  expect(place.calls.at(-1)!.macro).toBe('test_unique')
  expect(describePlace(place.calls.at(-1)!.place)).toBe('models/schema.yml:1:38')
})

test.each<[name: string, kwargs: JsonObject, expected: number]>([
  ['not_null', { column_name: 'status' }, 1],
  ['unique', { column_name: 'customer_id' }, 1],
  // Nulls pass.
  ['accepted_values', { column_name: 'status', values: ['placed'] }, 1],
  ['accepted_values', { column_name: 'customer_id', values: [10, 11], quote: false }, 0],
  ['relationships', { column_name: 'id', to: "ref('ids')", field: 'id' }, 2],
  ['expression_is_true', { expression: 'amount > 5' }, 1],
  ['expression_is_true', { expression: '> 5', column_name: 'amount' }, 1],
  ['accepted_range', { column_name: 'amount', min_value: 3 }, 0],
  ['accepted_range', { column_name: 'amount', min_value: 3, inclusive: false }, 1],
  ['accepted_range', { column_name: 'amount', min_value: 3, max_value: 10 }, 1],
  ['recency', { field: 'ordered_at', datepart: 'year', interval: 1 }, 1],
  ['recency', { field: 'ordered_at', datepart: 'year', interval: 500 }, 0],
  ['recency', { field: 'ordered_at', datepart: 'year', interval: 500, group_by_columns: ['id'] }, 1],
  ['row_count_between', { min_value: 1, max_value: 3 }, 0],
  ['row_count_between', { min_value: 4 }, 1],
  ['row_count_between', { max_value: 2 }, 1],
  ['equal_rowcount', { compare_model: "ref('raw_orders')" }, 1],
  ['equal_rowcount', { compare_model: "ref('raw_orders')", group_by_columns: ['customer_id'] }, 1],
  ['equality', { compare_model: "ref('raw_orders')" }, 1],
  ['equality', { compare_model: "ref('raw_orders')", compare_columns: ['customer_id'] }, 0],
  ['equality', { compare_model: "ref('raw_orders')", exclude_columns: ['ID', 'status', 'amount', 'ordered_at'] }, 0],
  ['unique_combination_of_columns', { combination_of_columns: ['customer_id', 'status'] }, 0],
  ['unique_combination_of_columns', { combination_of_columns: ['customer_id'], quote_columns: true }, 1],
  ['not_empty_string', { column_name: 'status' }, 1],
  ['at_least_one', { column_name: 'status' }, 0],
  ['at_least_one', { column_name: 'status', group_by_columns: ['id'] }, 1],
  ['not_constant', { column_name: 'customer_id' }, 0],
  ['not_constant', { column_name: 'customer_id', group_by_columns: ['id'] }, 3],
])('%s with %j finds %d', async (name, kwargs, expected) => {
  expect(await failures(name, kwargs)).toBe(expected)
})

test('where limits what is tested', async () => {
  expect(await failures('not_null', { column_name: 'status' }, { where: 'id < 3' })).toBe(0)
})

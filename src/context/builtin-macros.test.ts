import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { parseTemplate } from '../template/index.ts'
import { subject, templateProject } from '../test/template-project.ts'
import { builtinMacroFiles } from './builtin-macros.ts'
import { renderForParse } from './render-for-parse.ts'

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'test', waitMs: 0 })
  connection = await adapter.connect()
  await connection.execute(`create table orders as select * from (values
    (1, 'Porto', timestamp '2024-02-28 23:30:00', true, '{"a.b": "x", "n": 1}'),
    (2, 'Lisboa', timestamp '2024-03-01 00:30:00', false, '{}')) as t(id, city, placed_at, is_paid, data)`)
})

afterAll(() => adapter.close())

function render(text: string): string {
  const file = { path: 'models/orders.sql', text }
  return renderForParse(templateProject({ database: 'memory' }), subject('orders', { file }), parseTemplate(file))
    .rendered
}

/** The first value of each row that a template's query gives, as text. */
async function valuesOf(query: string): Promise<string[]> {
  const result = await connection.query(render(query))
  return result.rows.map((row) => String(row[0]))
}

test('every file is shown under the name of the program', () => {
  const paths = builtinMacroFiles().map((file) => file.path)
  expect(paths).toContain('lavra/macros/generic_tests.sql')
  expect(paths.every((path) => /^lavra\/macros\/[a-z_]+\.sql$/.test(path))).toBe(true)
})

test.each([
  ["dateadd('day', 2, 'placed_at')", ['2024-03-01T23:30:00', '2024-03-03T00:30:00']],
  ["dateadd('quarter', 'id', 'placed_at')", ['2024-05-28T23:30:00', '2024-09-01T00:30:00']],
  ["datediff('placed_at', \"timestamp '2024-03-01'\", 'day')", ['2', '0']],
  ["date_trunc('month', 'placed_at')", ['2024-02-01T00:00:00', '2024-03-01T00:00:00']],
  ["last_day('placed_at', 'month')", ['2024-02-29', '2024-03-31']],
  ['date(2024, 2, 29)', ['2024-02-29', '2024-02-29']],
  ["safe_cast('city', type_int())", ['null', 'null']],
  ["cast('id', type_string())", ['1', '2']],
  ["cast('id', type_numeric())", ['1.000000', '2.000000']],
  ["cast('id', type_float())", ['1', '2']],
  ["cast('id', type_bigint())", ['1', '2']],
  ["cast('is_paid', type_boolean())", ['true', 'false']],
  ["cast_bool_to_text('is_paid')", ['true', 'false']],
  ["cast('placed_at', type_timestamp())", ['2024-02-28T23:30:00', '2024-03-01T00:30:00']],
  ["hash('id')", ['c4ca4238a0b923820dcc509a6f75849b', 'c81e728d9d4c2f636f067f89cc14862c']],
  ["concat(['city', string_literal('!')])", ['Porto!', 'Lisboa!']],
  ["split_part('city', \"'o'\", 2)", ['rt', 'a']],
  ["split_part('city', \"'o'\", -1)", ['', 'a']],
  ["right('city', 2)", ['to', 'oa']],
  ["length('city')", ['5', '6']],
  ["position(\"'o'\", 'city')", ['2', '5']],
  ["replace('city', \"'o'\", \"'0'\")", ['P0rt0', 'Lisb0a']],
  ['string_literal(escape_single_quotes("d\'ouro"))', ["d'ouro", "d'ouro"]],
  ["equals('id', '1')", ['true', 'false']],
  ["json_value('data', 'a.b')", ['x', 'null']],
  ["array_append(array_construct([1, 2]), 'id')", ['1,2,1', '1,2,2']],
  ["array_concat(array_construct(['id']), array_construct([], 'integer'))", ['1', '2']],
])('%s', async (expression, expected) => {
  expect(await valuesOf(`select {{ ${expression} }} from orders order by id`)).toEqual(expected)
})

test.each([
  ["listagg('city', \"', '\", 'order by city')", 'Lisboa, Porto'],
  ["listagg('city', \"', '\", 'order by city', 1)", 'Lisboa'],
  ["bool_or('is_paid')", 'true'],
  ["any_value('1')", '1'],
])('%s of a group', async (expression, expected) => {
  expect(await valuesOf(`select {{ ${expression} }} from orders`)).toEqual([expected])
})

test('sets of rows', async () => {
  expect(await valuesOf('select id from orders {{ except() }} select 2')).toEqual(['1'])
  expect(await valuesOf('select id from orders {{ intersect() }} select 2')).toEqual(['2'])
})

test('series of numbers and dates', async () => {
  expect(await valuesOf('select generated_number from ({{ dbt.generate_series(3) }}) order by 1')).toEqual([
    '1',
    '2',
    '3',
  ])
  expect(
    await valuesOf(`select date_month from ({{ dbt.date_spine('month', "'2024-01-01'", "'2024-03-01'") }}) order by 1`),
  ).toEqual(['2024-01-01T00:00:00', '2024-02-01T00:00:00'])
})

test('now', async () => {
  const text =
    'select {{ current_timestamp() }} > {{ current_timestamp_backcompat() }} - interval 1 day and {{ snapshot_get_time() }} <= {{ current_timestamp_in_utc_backcompat() }} + interval 1 day'
  expect(await valuesOf(text)).toEqual(['true'])
})

test('hooks outside the transaction', () => {
  const file = {
    path: 'models/orders.sql',
    text: "{{ config(post_hook=[after_commit('vacuum'), in_transaction('select 1')]) }}",
  }
  const { config } = renderForParse(templateProject(), subject('orders', { file }), parseTemplate(file))
  expect(config[0]?.value).toEqual([
    { sql: 'vacuum', transaction: false },
    { sql: 'select 1', transaction: true },
  ])
})

test('a project replaces the implementation for one engine', () => {
  const macros = { 'macros/hash.sql': '{% macro duckdb__hash(field) %}sha256({{ field }}){% endmacro %}' }
  const file = { path: 'models/orders.sql', text: "{{ dbt.hash('id') }}" }
  const { rendered } = renderForParse(templateProject({ macros }), subject('orders', { file }), parseTemplate(file))
  expect(rendered).toBe('sha256(id)')
})

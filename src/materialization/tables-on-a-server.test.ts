import { afterEach, expect, test } from 'vitest'
import { postgresEngine, TEST_ENGINES } from '../test/engines.ts'
import { type Outcome, TemporaryProject } from '../test/temporary-project.ts'

/** Settings of tables on a Postgres server: indexes that change, tables without a log, hooks and comments. */

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const config = (settings: string, sql: string) => `{{ config(${settings}) }}\n${sql}`
const make = async (files: Readonly<Record<string, string>>) => {
  project = await TemporaryProject.make(files, postgresEngine)
}
const build = (flags: Record<string, unknown> = {}) => project!.run(flags)
const query = (sql: string) => project!.query(sql)
const oidOf = async (name: string) => (await query(`select '${name}'::regclass::oid::text`))[0]![0]

/** Uniqueness, kind and columns of each index of a table. */
const indexes = (name = 'orders') =>
  query(`select pg_get_indexdef(x.oid) ~ 'UNIQUE', regexp_replace(pg_get_indexdef(x.oid), '.* USING ', '')
    from pg_index as i join pg_class as x on x.oid = i.indexrelid where i.indrelid = '${name}'::regclass order by 2`)

function told({ results, events }: Outcome): readonly string[] {
  const bad = [...results].filter(([, { status }]) => status !== 'success')
  const diagnostics = [
    ...events.flatMap((event) => (event.kind === 'diagnostic' ? [event.diagnostic] : [])),
    ...[...results.values()].flatMap((result) => result.diagnostics),
  ]
  return [
    ...bad.map(([name, { status }]) => `${name} ${status}`),
    ...new Set(diagnostics.map(({ code, message, place }) => `${code} at ${place?.start}: ${message}`)),
  ]
}

const ORDERS = `select 1 as id, 'Ana' as customer union all select 2, 'Ana'`

test.each([
  ['incremental', `materialized='incremental', unique_key='id'`],
  ['in place', `swap='in_place'`],
])('indexes of a table that stays change with the config, %s, and those of others stay', async (_, settings) => {
  const write = (list: string) =>
    project!.write({ 'models/orders.sql': config(`${settings}, indexes=[${list}]`, ORDERS) })
  await make({
    'models/orders.sql': config(
      `${settings}, indexes=[{'columns': ['id']}, {'columns': ['customer'], 'type': 'hash'}]`,
      ORDERS,
    ),
  })
  expect(told(await build())).toEqual([])
  await project!.change('create index by_hand on orders (customer, id)')
  const before = await oidOf('orders')
  const names = () =>
    query(`select indexrelid::regclass::text from pg_index where indrelid = 'orders'::regclass order by 1`)
  const first = await names()
  expect(told(await build())).toEqual([])
  expect([await oidOf('orders'), await names()]).toEqual([before, first])
  await write(`{'columns': ['ID'], 'unique': true}, {'columns': ['lower(customer)']}`)
  expect(told(await build())).toEqual([])
  expect(await indexes()).toEqual([
    [false, 'btree (customer, id)'],
    [true, 'btree (id)'],
    [false, 'btree (lower(customer))'],
  ])
  expect(await oidOf('orders')).toBe(before)
  await write('')
  expect(told(await build())).toEqual([])
  expect(await indexes()).toEqual([[false, 'btree (customer, id)']])
})

test('rows that an index forbids no longer forbids are let in, and those that a new one forbids are told at the config', async () => {
  const settings = `materialized='incremental', incremental_strategy='append'`
  const write = (index: string) =>
    project!.write({ 'models/orders.sql': config(`${settings}, indexes=[${index}]`, `select 1 as id`) })
  await make({
    'models/orders.sql': config(`${settings}, indexes=[{'columns': ['id'], 'unique': true}]`, 'select 1 as id'),
  })
  await build()
  const place = `{{ config(${settings}, indexes=`.length
  expect(told(await build())).toEqual([
    'orders error',
    expect.stringMatching(
      new RegExp(
        `^database at ${place}: Constraint Error: duplicate key value violates unique constraint ".*"\nKey \\(id\\)=\\(1\\) already exists\\.$`,
      ),
    ),
  ])
  await write(`{'columns': ['id']}`)
  expect(told(await build())).toEqual([])
  expect([await query('select * from orders'), await indexes()]).toEqual([[[1], [1]], [[false, 'btree (id)']]])
  await write(`{'columns': ['id'], 'unique': true}`)
  expect(told(await build())).toEqual([
    'orders error',
    expect.stringMatching(
      new RegExp(
        `^database at ${place}: Constraint Error: could not create unique index ".*"\nKey \\(id\\)=\\(1\\) is duplicated\\.$`,
      ),
    ),
  ])
  expect([await query('select * from orders'), await indexes()]).toEqual([[[1], [1]], [[false, 'btree (id)']]])
})

test.each([
  [
    `{'columns': ['customre']}`,
    'index-unknown-column at PLACE: The column "customre" of an index is no column of "orders".',
  ],
  [`{'columns': ['id'], 'type': 'hsah'}`, 'database at PLACE: Catalog Error: access method "hsah" does not exist'],
  [`{'columns': ['lowr(customer)']}`, 'database at PLACE: Catalog Error: function lowr(text) does not exist'],
])('%s is told at the config of the index, in the first build and in later ones', async (index, message) => {
  for (const settings of ['', `materialized='incremental'`, `swap='in_place'`]) {
    const start = settings === '' ? '' : `${settings}, `
    const expected = ['orders error', message.replace('PLACE', String(`{{ config(${start}indexes=`.length))]
    await make({ 'models/orders.sql': config(`${start}indexes=[${index}]`, ORDERS) })
    expect(told(await build())).toEqual(expected)
    await project!.write({ 'models/orders.sql': config(settings, ORDERS) })
    expect(told(await build())).toEqual([])
    await project!.write({ 'models/orders.sql': config(`${start}indexes=[${index}]`, ORDERS) })
    expect(told(await build())).toEqual(expected)
    await project!.remove()
    project = undefined
  }
})

test('seeds and snapshots have the indexes of their config', async () => {
  await make({
    'project.yml': `name: shop\nprofile: shop\nseeds: {+indexes: [{columns: [order_id], unique: true}]}\n`,
    'seeds/orders.csv': 'order_id,customer\n1,Ana\n',
    'snapshots/kept.sql': `{% snapshot kept %}{{ config(strategy='check', check_cols='all', unique_key='order_id', indexes=[{'columns': ['order_id', 'DBT_VALID_TO']}]) }}
select * from {{ ref('orders') }}{% endsnapshot %}`,
  })
  expect(told(await build())).toEqual([])
  expect([await indexes(), await indexes('kept')]).toEqual([
    [[true, 'btree (order_id)']],
    [[false, 'btree (order_id, dbt_valid_to)']],
  ])
  expect(told(await build())).toEqual([])
  expect([await indexes(), await indexes('kept')]).toEqual([
    [[true, 'btree (order_id)']],
    [[false, 'btree (order_id, dbt_valid_to)']],
  ])
})

const unlogged = () =>
  query(`select relname::text from pg_class where relpersistence = 'u' and relkind = 'r' order by 1`)

test('unlogged tables are made without a log, whatever they are filled from, and with one when the config says so no more', async () => {
  const files = (setting: string) => ({
    'models/orders.sql': config(setting, ORDERS),
    'models/log.sql': config(`materialized='incremental', unique_key='id', ${setting}`, ORDERS),
    'models/promised.sql': config(setting, 'select 1 as id'),
    'models/promised.yml': `models: [{name: promised, config: {contract: {enforced: true}}, columns: [{name: id, data_type: integer, constraints: [{type: not_null}]}]}]`,
    'project.yml': `name: shop\nprofile: shop\nmodels: {+materialized: table}\nversions: 1\nseeds: {+${setting.replace('=', ': ')}}\n`,
    'seeds/raw.csv': 'id\n1\n',
  })
  await make(files('unlogged=true'))
  expect(told(await build())).toEqual([])
  expect((await unlogged()).flat()).toEqual(['log', 'orders', 'promised', 'raw'])
  expect(told(await build())).toEqual([])
  const kept = (await unlogged()).flat().map(String)
  expect(kept.filter((name) => !name.includes('__lavra_kept_'))).toEqual(['log', 'orders', 'promised', 'raw'])
  expect(kept).toHaveLength(8)
  await project!.write(files('unlogged=false'))
  expect(told(await build({ fullRefresh: true }))).toEqual([])
  expect((await unlogged()).flat().filter((name) => !String(name).includes('__lavra_kept_'))).toEqual([])
})

test('an unlogged table that lost its rows is not added to', async () => {
  const settings = `materialized='incremental', unlogged=true`
  await make({ 'models/log.sql': config(settings, 'select 1 as id') })
  await build()
  await project!.change('truncate main.log')
  expect(told(await build())).toEqual([
    'log error',
    `unlogged-emptied at ${`{{ config(materialized='incremental', unlogged=`.length}: The unlogged table "main.log" is empty; 1 row was published.`,
  ])
  expect(told(await build({ fullRefresh: true }))).toEqual([])
  expect(told(await build())).toEqual([])
  expect(await query('select * from log')).toEqual([[1], [1]])
})

test('on DuckDB, which has no such tables, unlogged means nothing', async () => {
  project = await TemporaryProject.make({ 'models/orders.sql': config('unlogged=true', 'select 1 as id') })
  expect(told(await build())).toEqual([])
  expect(await query('select * from orders')).toEqual([[1]])
})

test('hooks run in the transaction of the publication or outside of it', async () => {
  const settings = (materialized: string) => `materialized='${materialized}',
  pre_hook=[{'sql': 'vacuum main.told', 'transaction': false}, "insert into main.told values ('before {{ this.name }}')"],
  post_hook=["insert into main.told select 'in ' || '{{ this.name }} ' || max(id) from {{ this }}", {'sql': 'vacuum {{ this }}', 'transaction': false}]`
  await make({
    'project.yml': `name: shop\nprofile: shop\non-run-start: create table if not exists main.told (what text)\n`,
    'models/a_table.sql': config(settings('table'), 'select 1 as id'),
    'models/b_incremental.sql': config(settings('incremental'), `-- depends_on: {{ ref('a_table') }}\nselect 2 as id`),
    'models/c_materialized.sql': config(
      settings('materialized_view').replaceAll('vacuum {{ this }}', 'analyze {{ this }}'),
      `select id + 2 as id from {{ ref('a_table') }} -- {{ ref('b_incremental') }}`,
    ),
  })
  expect(told(await build({ threads: 1 }))).toEqual([])
  expect((await query('select what from told')).flat()).toEqual([
    'before a_table',
    'in a_table 1',
    'before b_incremental',
    'in b_incremental 2',
    'before c_materialized',
    'in c_materialized 3',
  ])
  await project!.write({
    'models/c_materialized.sql': config(
      `materialized='materialized_view', post_hook='select 1 / (select 0)'`,
      `select id + 3 as id from {{ ref('a_table') }}`,
    ),
  })
  await project!.change('truncate main.told')
  expect((await build({ threads: 1 })).execution.summary.published).toBe(0)
  // What an incremental model's hook writes goes with the publication; what the hook of a table's candidate writes stays.
  expect((await query('select what from told')).flat()).toEqual([
    'before a_table',
    'in a_table 1',
    'before b_incremental',
  ])
  expect(await query('select * from c_materialized')).toEqual([[3]])
})

test.each(TEST_ENGINES)('comments stand on tables, views and columns of odd names, on $name', async (engine) => {
  const described = `persist_docs={'relation': true, 'columns': true}`
  const columns = `select 1 as "the 'odd' name", 2 as "Upper", 3 as plain`
  project = await TemporaryProject.make(
    {
      'models/a_table.sql': config(described, columns),
      'models/a_view.sql': config(`materialized='view', ${described}`, columns),
      'models/grown.sql': config(`materialized='incremental', ${described}`, columns),
      'seeds/raw.csv': `"the 'odd' name",Upper,plain\n1,2,3\n`,
      'models/all.yml': `models:
${['a_table', 'a_view', 'grown'].map((name) => `  - {name: ${name}, description: "It's ${name}", columns: [{name: "the 'odd' name", description: odd}, {name: upper, description: 'the "upper"'}, {name: gone, description: gone}]}`).join('\n')}`,
      'seeds/raw.yml': `seeds: [{name: raw, description: "It's raw", config: {${described.replace('=', ': ')}, quote_columns: true}, columns: [{name: "the 'odd' name", description: odd}, {name: upper, description: 'the "upper"'}]}]`,
    },
    engine,
  )
  const comments =
    engine.name === 'postgres'
      ? `select c.relname::text, d.objsubid, d.description from pg_description as d join pg_class as c on c.oid = d.objoid
       where c.relnamespace = 'main'::regnamespace order by 1, 2`
      : `select table_name, 0, comment from duckdb_tables() where comment is not null union all
       select view_name, 0, comment from duckdb_views() where comment is not null union all
       select table_name, column_index, comment from duckdb_columns() where comment is not null order by 1, 2`
  for (let run = 0; run < 2; run += 1) {
    expect(told(await build())).toEqual([])
    expect(await query(comments)).toEqual(
      ['a_table', 'a_view', 'grown', 'raw'].flatMap((name) => [
        [name, 0, `It's ${name}`],
        [name, 1, 'odd'],
        [name, 2, 'the "upper"'],
      ]),
    )
  }
})

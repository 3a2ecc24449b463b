import { afterEach, expect, test } from 'vitest'
import { compile } from '../commands/compile.ts'
import type { Flags, World } from '../commands/flags.ts'
import { show } from '../commands/show.ts'
import { postgresEngine, TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject

afterEach(() => project.remove())

const SHOP = {
  'inputs/hour=13.json': '{"id": 1, "items": {"b": 2, "a": null}, "tags": ["new", "\\"odd\\""]}\n{"id": 2}\n',
  'inputs/hour=14.json': '{"id": 3, "tags": []}\n',
  'models/sources.yml': `sources:
  - name: shop
    tables:
      - name: orders
        external: { location: 'inputs/hour=*.json', format: json }
        columns:
          - { name: id, data_type: bigint, data_tests: [not_null, unique] }
          - { name: items, data_type: json }
          - { name: tags, data_type: 'varchar[]' }
`,
  'models/orders.sql': `select id, filename from {{ source('shop', 'orders') }}`,
}

test.each(TEST_ENGINES)('$name reads the files of a source', async (engine) => {
  project = await TemporaryProject.make(SHOP, engine)
  const { results } = await project.run()
  expect([...results].map(([name, { status }]) => `${name} ${status}`).sort()).toEqual([
    'orders success',
    'source_not_null_shop_orders_id pass',
    'source_unique_shop_orders_id pass',
  ])
  const file = (hour: number) => `${project.root}/inputs/hour=${hour}.json`
  expect(await project.query('select * from main.orders order by id')).toEqual([
    [1, file(13)],
    [2, file(13)],
    [3, file(14)],
  ])
  expect(await project.relations()).toEqual(['main.orders'])
})

test.each(TEST_ENGINES)('$name reads them for every kind of reader', async (engine) => {
  project = await TemporaryProject.make(
    {
      ...SHOP,
      'project.yml': `name: shop
profile: shop
models:
  +materialized: table
on-run-start: create table journal as select count(*) as orders from {{ source('shop', 'orders') }}
on-run-end: insert into journal select -count(*) from {{ source('shop', 'orders') }}
`,
      'models/orders.sql': `{{ config(post_hook="insert into journal select 10 * count(*) from {{ source('shop', 'orders') }}") }}
select * from {{ ref('numbered') }}`,
      'models/numbered.sql': `{{ config(materialized='ephemeral') }}
select id, {{ run_query('select max(id) as highest from ' ~ source('shop', 'orders')).columns[0].values()[0] if execute }} as highest
from {{ source('shop', 'orders') }}`,
      'tests/few_orders.sql': `select id from {{ source('shop', 'orders') }} where id > 3`,
    },
    engine,
  )
  const { results } = await project.run({ threads: 4 })
  expect([...results.values()].map(({ status }) => status).sort()).toEqual([
    ...['pass', 'pass', 'pass'],
    ...['success', 'success', 'success'],
  ])
  expect(await project.query('select id, highest from main.orders order by id')).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ])
  expect(await project.query('select orders from journal order by 1')).toEqual([[-3], [3], [30]])
  expect(await project.relations()).toEqual(['main.journal', 'main.orders'])
})

test('Postgres: what only looks loads files for its own connection, and only where it asks the database', async () => {
  project = await TemporaryProject.make(
    {
      ...SHOP,
      'models/highest.sql': `-- depends_on: {{ source('shop', 'orders') }}
select {{ run_query('select max(id) from ' ~ source('shop', 'orders')).columns[0].values()[0] if execute }} as id`,
      'models/broken.sql': `select * from {{ source('shop', 'nothing') }}`,
      'models/nothing.yml': `sources: [{ name: shop, tables: [{ name: nothing, external: { location: nothing.json } }] }]`,
    },
    postgresEngine,
  )
  await project.change('create schema main')
  expect(await printed(show, { select: ['orders'], output: 'json' })).toContain('"id": 3')
  expect(
    await printed(show, { inline: "select count(*) as n from {{ source('shop', 'orders') }}", output: 'json' }),
  ).toContain('"n": 3')
  expect(await printed(compile, { select: ['highest'] })).toContain('select 3 as id')
  expect(await printed(compile, { select: ['broken'] })).toMatch(
    /^-- broken\nselect \* from "pg_temp"."shop_nothing"\n/,
  )
  expect(await project.relations()).toEqual([])
})

test('Postgres: files that cannot be read are told at the source, and nothing is left', async () => {
  project = await TemporaryProject.make(SHOP, postgresEngine)
  await project.write({ 'inputs/hour=15.json': '{"id": "seven"}\n' })
  const { results } = await project.run({}, ['model'])
  const [diagnostic] = results.get('orders')!.diagnostics
  expect([diagnostic?.place?.file.path, diagnostic?.subject]).toEqual([
    'models/sources.yml',
    'source shop.orders, postgres',
  ])
  expect(diagnostic?.message).toContain('seven')
  expect(await project.relations()).toEqual([])
})

test('Postgres: a table of files that a killed run left is swept', async () => {
  project = await TemporaryProject.make(SHOP, postgresEngine)
  await project.run()
  await project.change(`
    insert into _lavra.candidates (run_id, target_schema, schema_name, mark) values ('killed', 'main', 'main', '3f9a1c2b');
    create table main.shop_orders__lavra_3f9a1c2b_files as select 1 as id`)
  expect(await project.relations()).toEqual(['main.orders', 'main.shop_orders__lavra_3f9a1c2b_files'])
  await project.run()
  expect(await project.relations()).toEqual(['main.orders'])
})

test.each(['view', 'materialized_view'])(
  'a %s of files that the engine cannot read is refused: it would outlive them',
  async (kind) => {
    const orders = `{{ config(materialized='${kind}') }} select id from {{ source('shop', 'orders') }}`
    project = await TemporaryProject.make({ ...SHOP, 'models/orders.sql': orders }, postgresEngine)
    await expect(project.run()).rejects.toMatchObject({
      diagnostics: [{ code: 'view-over-files', place: { start: '{{ config(materialized='.length } }],
    })
  },
)

async function printed(command: typeof show, flags: Flags): Promise<string> {
  let text = ''
  const write = (part: string) => {
    text += part
    return true
  }
  const stdout = { write } as unknown as World['stdout'] // only `write` is used
  const { signal } = new AbortController()
  await command(flags, { cwd: project.root, env: {}, stdout, stderr: stdout, signal })
  return text
}

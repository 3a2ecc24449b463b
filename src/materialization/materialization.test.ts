import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Adapter, Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { buildOn, contents, type NodeToBuild, run } from '../test/materialize.ts'
import { materializationFor, materializationNames } from './index.ts'

let adapter: Adapter
let connection: Connection

beforeEach(async () => {
  adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'tables', waitMs: 0 })
  connection = await adapter.connect()
})

afterEach(() => adapter.close())

const orders = { schema: 'main', identifier: 'orders' }
const relations = async () =>
  (await connection.listRelations(['main'])).map(({ identifier, kind }) => `${kind} ${identifier}`).sort()

test('every materialization has its name', () => {
  expect(materializationNames).toEqual([
    'view',
    'materialized_view',
    'table',
    'incremental',
    'seed',
    'snapshot',
    'ephemeral',
  ])
  for (const name of materializationNames) expect(materializationFor(name)?.name).toBe(name)
  expect(materializationFor('dynamic_table')).toBeUndefined()
})

test('a table is built beside the published one and takes its place', async () => {
  await run(connection, { name: 'orders', sql: 'select 1 as id' })
  const built = await buildOn(connection, { name: 'orders', sql: 'select 2 as id, 3 as amount -- more' })
  expect(await contents(connection, orders)).toEqual(['id INTEGER', '1'])
  expect(await contents(connection, built.candidate)).toEqual(['id INTEGER | amount INTEGER', '2 | 3'])
  await built.publish()
  expect(await contents(connection, orders)).toEqual(['id INTEGER | amount INTEGER', '2 | 3'])
  expect(await relations()).toEqual(['table orders'])
})

test('readers have the old table until the publishing transaction ends', async () => {
  await run(connection, { name: 'orders', sql: `select 'old' as version` })
  const built = await buildOn(connection, { name: 'orders', sql: `select 'new' as version` })
  const reader = await adapter.connect()
  const publisher = built.publish()
  const seen = await contents(reader, orders)
  await publisher
  expect([
    ['version VARCHAR', 'old'],
    ['version VARCHAR', 'new'],
  ]).toContainEqual(seen)
  expect(await contents(reader, orders)).toEqual(['version VARCHAR', 'new'])
})

test('a replaced table is kept under the name asked for, with its indexes made anew', async () => {
  const config = { indexes: [{ columns: ['id'], unique: true }] }
  await run(connection, { name: 'orders', sql: 'select 1 as id', config })
  await run(connection, { name: 'orders', sql: 'select 2 as id', config })
  await (await buildOn(connection, { name: 'orders', sql: 'select 3 as id', config })).publish({
    retainAs: 'orders_kept',
  })
  expect(await contents(connection, { ...orders, identifier: 'orders_kept' })).toEqual(['id INTEGER', '2'])
  expect((await connection.query('select table_name, is_unique from duckdb_indexes()')).rows).toEqual([
    ['orders', true],
  ])
})

test('a table takes the place of a view, and a view that of a table', async () => {
  const view: NodeToBuild = { name: 'orders', config: { materialized: 'view' }, sql: 'select 1 as id' }
  await run(connection, view)
  expect(await relations()).toEqual(['view orders'])
  await run(connection, { name: 'orders', sql: 'select 2 as id' })
  expect(await relations()).toEqual(['table orders'])
  await run(connection, view)
  expect(await relations()).toEqual(['view orders'])
  await run(connection, { name: 'orders', sql: 'select 2 as id' })
  await (await buildOn(connection, view)).publish({ retainAs: 'orders_kept' })
  expect(await relations()).toEqual(['table orders_kept', 'view orders'])
})

test('a view is published from published names', async () => {
  await run(connection, { name: 'customers', sql: 'select 1 as id' })
  await connection.execute('create table main.customers__lavra_3f9a1c2b as select 2 as id')
  const built = await buildOn(connection, {
    name: 'orders',
    config: { materialized: 'view' },
    sql: 'select id from main.customers__lavra_3f9a1c2b',
    publishedSql: 'select id from main.customers',
  })
  expect(await contents(connection, built.candidate)).toEqual(['id INTEGER', '2'])
  await built.publish()
  await connection.execute('drop table main.customers__lavra_3f9a1c2b')
  expect(await contents(connection, orders)).toEqual(['id INTEGER', '1'])
})

test('the place of the user’s SQL in the statement is told, after a header too', async () => {
  const header = { name: 'orders', sql: 'select nope', config: { sql_header: 'set threads = 2' } }
  const error: unknown = await buildOn(connection, header).catch((reason: unknown) => reason)
  const built = await buildOn(connection, { ...header, sql: 'select 1 as id' })
  const statement = built.build.statements[0]
  expect(statement).toEqual({
    kind: 'sql',
    sql: 'set threads = 2;\ncreate table "main"."orders__lavra_3f9a1c2b" as (\nselect 1 as id\n)',
    main: true,
    mainOffset: 67,
  })
  expect(error).toMatchObject({ code: 'binder', position: 67 + 'select '.length })
})

test('descriptions are written as comments, for the columns that are there', async () => {
  const described: NodeToBuild = {
    name: 'orders',
    sql: 'select 1 as "Id", 2 as amount',
    description: "The shop's orders",
    columns: [
      { name: 'id', description: 'Who it is' },
      { name: 'amount', description: '' },
      { name: 'gone', description: 'No longer' },
    ],
    config: { persist_docs: { relation: true, columns: true } },
  }
  const comments = async (kind: string) =>
    (await connection.query(`select comment from duckdb_${kind}s() where ${kind}_name = 'orders'`)).rows
  const columnComments = async () =>
    (await connection.query(`select column_name, comment from duckdb_columns() where table_name = 'orders'`)).rows
  const expected = [
    ['Id', 'Who it is'],
    ['amount', null],
  ]
  await run(connection, described)
  expect([await comments('table'), await columnComments()]).toEqual([[["The shop's orders"]], expected])
  await run(connection, { ...described, config: { ...described.config, materialized: 'view' } })
  expect([await comments('view'), await columnComments()]).toEqual([[["The shop's orders"]], expected])
})

test('an ephemeral model makes nothing', async () => {
  await run(connection, { name: 'orders', config: { materialized: 'ephemeral' }, sql: 'select 1 as id' })
  expect(await relations()).toEqual([])
})

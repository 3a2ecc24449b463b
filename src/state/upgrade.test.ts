import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Adapter, Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { TemporaryProject } from '../test/temporary-project.ts'
import { ensureState, readVersions } from './read.ts'
import { createStateTables, STATE_VERSION } from './tables.ts'

let adapter: Adapter
let connection: Connection

beforeEach(async () => {
  adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'tonight', waitMs: 0 })
  connection = await adapter.connect()
})

afterEach(() => adapter.close())

/** What version 1 did not have: a history, and versions that know their target by themselves. */
const TO_VERSION_1 = `drop table _lavra.history;
alter table _lavra.versions drop column target_schema;
update _lavra.meta set version = 1`

const run = (id: string, schema: string) =>
  `insert into _lavra.runs values ('${id}', '${schema}', 'build', 'shop', '0.1.0', 'success', true, now(), now(), null)`

const version = (identifier: string, replacedBy: string) =>
  `insert into _lavra.versions values ('${identifier}', '${identifier}', 'model.shop.${identifier}', 'table', 'table', 'first', now(), '${replacedBy}', 'kept', 'print', null, null, null)`

async function makeVersion1(): Promise<void> {
  await connection.execute(createStateTables(adapter.dialect))
  await connection.execute(TO_VERSION_1)
  await connection.execute([run('second', 'main'), run('third', 'prod')].join(';\n'))
  await connection.execute(
    [version('orders', 'second'), version('ledger', 'third'), version('gone', 'killed')].join(';\n'),
  )
}

const stateVersion = async () => (await connection.query('select version from _lavra.meta')).rows
const kept = async (schema: string) =>
  (await readVersions(connection, adapter.dialect, schema)).map(({ identifier }) => identifier)

test('versions of version 1 get the target of the run that replaced them', async () => {
  await makeVersion1()
  await ensureState(connection, adapter.dialect)
  expect(await stateVersion()).toEqual([[STATE_VERSION]])
  expect([await kept('main'), await kept('prod')]).toEqual([['orders'], ['ledger']])
  // Of a run that was killed nobody knows the target: the version stays, and belongs to none.
  expect((await connection.query('select identifier from _lavra.versions where target_schema is null')).rows).toEqual([
    ['gone'],
  ])
})

test('an upgrade that was cut off is finished by the next run', async () => {
  await makeVersion1()
  await connection.execute('alter table _lavra.versions add column target_schema varchar')
  await ensureState(connection, adapter.dialect)
  expect([await stateVersion(), await kept('main')]).toEqual([[[STATE_VERSION]], ['orders']])
  await ensureState(connection, adapter.dialect)
  expect([await stateVersion(), await kept('main')]).toEqual([[[STATE_VERSION]], ['orders']])
})

test('a project goes back to a version that was kept before the upgrade', async () => {
  const project = await TemporaryProject.make({
    'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nversions: 1\nvars: { day: 0 }\nmodels: { +materialized: table }\n`,
    'models/orders.sql': `select {{ var('day') }} as day`,
  })
  try {
    await project.run({ vars: '{day: 1}' })
    await project.run({ vars: '{day: 2}' })
    await project.change(TO_VERSION_1)
    expect(await project.rollback()).toMatch(/^main\.orders: back to run /)
    expect(await project.query('select day from orders')).toEqual([[1]])
    await project.run({ vars: '{day: 3}' })
    expect(await project.query('select day from orders')).toEqual([[3]])
  } finally {
    await project.remove()
  }
})

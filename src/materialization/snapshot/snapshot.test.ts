import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Adapter, Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import type { NodeConfig } from '../../config/node-config.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { buildOn, contents } from '../../test/materialize.ts'

let adapter: Adapter
let connection: Connection

beforeEach(async () => {
  adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'customers', waitMs: 0 })
  connection = await adapter.connect()
})

afterEach(() => adapter.close())

const customers = { schema: 'main', identifier: 'customers' }
const byTime = { unique_key: 'id', strategy: 'timestamp', updated_at: 'changed_at' } as const
const byCheck = { unique_key: 'id', strategy: 'check', check_cols: ['city'] } as const

/** Runs the snapshot on a day of February 2020; the candidate must show the table as it is after publication. */
async function on(day: number, config: Partial<NodeConfig>, sql: string): Promise<void> {
  const runStartedAt = `2020-02-${String(day).padStart(2, '0')}T00:00:00.000Z`
  const built = await buildOn(connection, { name: 'customers', kind: 'snapshot', config, sql, runStartedAt })
  const shown = await contents(connection, built.candidate)
  await built.publish()
  expect(await contents(connection, customers)).toEqual(shown)
}

/** `id, city, changed on this day of February`, one customer a line. */
function rows(...lines: readonly (readonly [number | null, string, number])[]): string {
  const values = lines.map(([id, city, day]) => `(${id}, '${city}', make_timestamp(2020, 2, ${day}, 0, 0, 0))`)
  return `select * from (values ${values.join(', ')}) as t(id, city, changed_at)`
}

/** The history with days of February instead of timestamps. */
async function history(columns = 'id, city'): Promise<readonly string[]> {
  const { rows: found } = await connection.query(
    `select ${columns}, day(dbt_valid_from), day(dbt_valid_to) from main.customers order by all`,
  )
  return found.map((row) => row.map((value) => (value === null ? 'null' : String(value))).join(' | '))
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof UserError)) throw error
  return error.diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`)
}

test('the first run holds every row as current, with the columns and the formula of dbt', async () => {
  await on(1, byTime, rows([1, 'Recife', 1]))
  const { columns, rows: found } = await connection.query('select * from main.customers')
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id INTEGER',
    'city VARCHAR',
    'changed_at TIMESTAMP',
    'dbt_scd_id VARCHAR',
    'dbt_updated_at TIMESTAMP',
    'dbt_valid_from TIMESTAMP',
    'dbt_valid_to TIMESTAMP',
  ])
  const [expected] = (await connection.query("select md5('1' || '|' || '2020-02-01 00:00:00')")).rows
  expect(found[0]?.[3]).toEqual(expected?.[0])
})

test('a later timestamp ends a version and begins the next', async () => {
  await on(1, byTime, rows([1, 'Recife', 1], [2, 'Natal', 1]))
  await on(5, byTime, rows([1, 'Olinda', 4], [2, 'Caruaru', 1], [3, 'Salvador', 5]))
  expect(await history()).toEqual([
    '1 | Olinda | 4 | null',
    '1 | Recife | 1 | 4',
    '2 | Natal | 1 | null',
    '3 | Salvador | 5 | null',
  ])
})

test('a run without changes changes nothing', async () => {
  await on(1, byTime, rows([1, 'Recife', 1]))
  const before = await contents(connection, customers)
  await on(2, byTime, rows([1, 'Recife', 1]))
  expect(await contents(connection, customers)).toEqual(before)
})

test('the check strategy compares the columns named, nulls included', async () => {
  await on(1, byCheck, "select 1 as id, 'Recife' as city, 10 as points union all select 2, null, 20")
  await on(2, byCheck, "select 1 as id, 'Recife' as city, 11 as points union all select 2, 'Natal', 20")
  expect(await history('id, city, points')).toEqual([
    '1 | Recife | 10 | 1 | null',
    '2 | Natal | 20 | 2 | null',
    '2 | null | 20 | 1 | 2',
  ])
})

test('check_cols all compares every column, and a new one makes every row a new version', async () => {
  const config = { ...byCheck, check_cols: 'all' } as const
  await on(1, config, "select 1 as id, 'Recife' as city")
  await on(2, config, "select 1 as id, 'Recife' as city")
  expect(await history()).toEqual(['1 | Recife | 1 | null'])
  await on(3, config, "select 1 as id, 'Recife' as city, 'PE' as state")
  expect(await history('id, city, state')).toEqual(['1 | Recife | PE | 3 | null', '1 | Recife | null | 1 | 3'])
})

test('columns that are gone stay, and are null in new versions', async () => {
  await on(1, byTime, rows([1, 'Recife', 1]))
  await on(2, byTime, 'select 1 as id, make_timestamp(2020, 2, 2, 0, 0, 0) as changed_at')
  expect(await history()).toEqual(['1 | Recife | 1 | 2', '1 | null | 2 | null'])
})

test('deleted rows stay current unless hard_deletes says otherwise', async () => {
  await on(1, byTime, rows([1, 'Recife', 1], [2, 'Natal', 1]))
  await on(3, byTime, rows([1, 'Recife', 1]))
  expect(await history()).toEqual(['1 | Recife | 1 | null', '2 | Natal | 1 | null'])
})

test('hard_deletes invalidate ends the version; a row that comes back as it was begins another', async () => {
  const config = { ...byTime, hard_deletes: 'invalidate' } as const
  await on(1, config, rows([1, 'Recife', 1], [2, 'Natal', 1]))
  await on(3, config, rows([1, 'Recife', 1]))
  expect(await history()).toEqual(['1 | Recife | 1 | null', '2 | Natal | 1 | 3'])
  await on(5, config, rows([1, 'Recife', 1], [2, 'Natal', 1]))
  expect(await history()).toEqual(['1 | Recife | 1 | null', '2 | Natal | 1 | 3', '2 | Natal | 1 | null'])
})

test('hard_deletes new_record writes a version that says deleted, once, and ends it when the row is back', async () => {
  const config = { ...byTime, hard_deletes: 'new_record' } as const
  await on(1, config, rows([1, 'Recife', 1], [2, 'Natal', 1]))
  await on(3, config, rows([1, 'Recife', 1]))
  await on(4, config, rows([1, 'Recife', 1]))
  const deleted = ['1 | Recife | False | 1 | null', '2 | Natal | False | 1 | 3', '2 | Natal | True | 3 | null']
  expect(await history('id, city, dbt_is_deleted')).toEqual(deleted)
  await on(6, config, rows([1, 'Recife', 1], [2, 'Natal', 5]))
  expect(await history('id, city, dbt_is_deleted')).toEqual([
    '1 | Recife | False | 1 | null',
    '2 | Natal | False | 1 | 3',
    '2 | Natal | False | 5 | null',
    '2 | Natal | True | 3 | 5',
  ])
})

test('dbt_valid_to_current stands in current versions', async () => {
  const config = { ...byTime, dbt_valid_to_current: "cast('9999-12-31' as timestamp)" }
  await on(1, config, rows([1, 'Recife', 1]))
  await on(2, config, rows([1, 'Olinda', 2]))
  const { rows: found } = await connection.query(
    'select city, cast(dbt_valid_to as varchar) from main.customers order by 1',
  )
  expect(found).toEqual([
    ['Olinda', '9999-12-31 00:00:00'],
    ['Recife', '2020-02-02 00:00:00'],
  ])
})

test('the names of the added columns can be chosen, and keys can be several', async () => {
  const config = {
    ...byTime,
    unique_key: ['id', 'city'],
    snapshot_meta_column_names: { dbt_valid_from: 'valid_from', dbt_valid_to: 'valid_to', dbt_scd_id: 'version' },
  }
  await on(1, config, rows([1, 'Recife', 1], [1, 'Natal', 1]))
  await on(2, config, rows([1, 'Recife', 1], [1, 'Natal', 2]))
  const { columns, rows: found } = await connection.query(
    'select id, city, day(valid_from), day(valid_to), version from main.customers order by all',
  )
  expect(columns.map((column) => column.name).at(-1)).toBe('version')
  expect(found.map((row) => row.slice(0, 4))).toEqual([
    [1, 'Natal', 1, 2],
    [1, 'Natal', 2, null],
    [1, 'Recife', 1, null],
  ])
})

test('keys that are null or not unique are refused, in the first run and later', async () => {
  const twice = rows([1, 'Recife', 1], [1, 'Natal', 1])
  const duplicate = 'snapshot-duplicate-key: 2 rows of the snapshot "customers" have the same key: id = 1.'
  expect(await problemsOf(on(1, byTime, twice))).toEqual([duplicate])
  await on(1, byTime, rows([1, 'Recife', 1]))
  expect(await problemsOf(on(2, byTime, twice))).toEqual([duplicate])
  expect(await problemsOf(on(2, byTime, rows([null, 'Natal', 1])))).toEqual([
    'snapshot-null-key: A row of the snapshot "customers" has no value in its key: id = null.',
  ])
})

test('a config that does not say enough is told in full', async () => {
  expect(await problemsOf(on(1, { strategy: 'timestamp' }, rows([1, 'Recife', 1])))).toEqual([
    'snapshot-config: The snapshot "customers" has no unique_key.',
    'snapshot-config: The snapshot "customers" has no updated_at.',
  ])
})

test('a table that is no snapshot, and a view, are left alone', async () => {
  await connection.execute('create table main.customers as select 1 as id, 2 as dbt_scd_id')
  expect(await problemsOf(on(1, byTime, rows([1, 'Recife', 1])))).toEqual([
    'snapshot-columns: The published table of the snapshot "customers" has no "dbt_updated_at", "dbt_valid_from", "dbt_valid_to".',
  ])
  await connection.execute('drop table main.customers; create view main.customers as select 1 as id')
  expect(await problemsOf(on(1, byTime, rows([1, 'Recife', 1])))).toEqual([
    'snapshot-over-view: A view stands where the snapshot "customers" keeps its table.',
  ])
})

test('a column to compare that the query does not have is named', async () => {
  await on(1, byCheck, "select 1 as id, 'Recife' as city")
  expect(await problemsOf(on(2, { ...byCheck, check_cols: ['citty'] }, "select 1 as id, 'Recife' as city"))).toEqual([
    'snapshot-columns: The column "citty" of check_cols is no column of the snapshot.',
  ])
})

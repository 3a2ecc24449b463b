import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Adapter, Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import type { NodeConfig } from '../../config/node-config.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { buildOn, contents, run } from '../../test/materialize.ts'

let adapter: Adapter
let connection: Connection

beforeEach(async () => {
  adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'orders', waitMs: 0 })
  connection = await adapter.connect()
})

afterEach(() => adapter.close())

const orders = { schema: 'main', identifier: 'orders' }

/** `id, status, amount`, one order a line. */
function rows(...lines: readonly (readonly [number | null, string, number])[]): string {
  const values = lines.map(([id, status, amount]) => `(${id}, '${status}', ${amount})`)
  return `select * from (values ${values.join(', ')}) as t(id, status, amount)`
}

async function firstRun(config: Partial<NodeConfig> = {}): Promise<void> {
  await run(connection, {
    name: 'orders',
    config: { materialized: 'incremental', ...config },
    sql: rows([1, 'open', 10], [2, 'open', 20], [3, 'paid', 30]),
  })
}

/** Builds the next run, asserts that its candidate shows the table as it is after publication, and returns that. */
async function nextRun(config: Partial<NodeConfig>, sql: string): Promise<readonly string[]> {
  const built = await buildOn(connection, { name: 'orders', config: { materialized: 'incremental', ...config }, sql })
  const shown = await contents(connection, built.candidate)
  await built.publish()
  expect(await contents(connection, orders)).toEqual(shown)
  return shown
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof UserError)) throw error
  return error.diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`)
}

const HEADER = 'id INTEGER | status VARCHAR | amount INTEGER'

test('append adds the new rows', async () => {
  await firstRun()
  expect(await nextRun({}, rows([3, 'paid', 31]))).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | open | 20',
    '3 | paid | 30',
    '3 | paid | 31',
  ])
})

test('a key alone replaces the rows of that key', async () => {
  await firstRun()
  expect(await nextRun({ unique_key: 'id' }, rows([2, 'paid', 21], [4, 'open', 40]))).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | paid | 21',
    '3 | paid | 30',
    '4 | open | 40',
  ])
})

test('delete+insert with predicates replaces only where they hold', async () => {
  await firstRun()
  const config = {
    incremental_strategy: 'delete+insert',
    unique_key: ['id'],
    incremental_predicates: ['DBT_INTERNAL_DEST.amount > 15'],
  }
  expect(await nextRun(config, rows([1, 'paid', 11], [2, 'paid', 21]))).toEqual([
    HEADER,
    '1 | open | 10',
    '1 | paid | 11',
    '2 | paid | 21',
    '3 | paid | 30',
  ])
})

test('delete+insert, named, may replace a key of many rows by many rows', async () => {
  await firstRun()
  const config = { incremental_strategy: 'delete+insert', unique_key: 'status' }
  expect(await nextRun(config, rows([7, 'open', 70], [8, 'open', 80]))).toEqual([
    HEADER,
    '3 | paid | 30',
    '7 | open | 70',
    '8 | open | 80',
  ])
})

test('a key may be an expression', async () => {
  await firstRun()
  const config = { unique_key: "id || '-' || status" }
  expect(await nextRun(config, rows([1, 'open', 11], [2, 'paid', 21]))).toEqual([
    HEADER,
    '1 | open | 11',
    '2 | open | 20',
    '2 | paid | 21',
    '3 | paid | 30',
  ])
})

test('merge writes over the columns named, and takes the others from the old row', async () => {
  await firstRun()
  const config = { incremental_strategy: 'merge', unique_key: 'id', merge_update_columns: ['Amount'] }
  expect(await nextRun(config, rows([2, 'paid', 21], [4, 'open', 40]))).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | open | 21',
    '3 | paid | 30',
    '4 | open | 40',
  ])
})

test('merge keeps the excluded columns of old rows', async () => {
  await firstRun()
  const config = { incremental_strategy: 'merge', unique_key: 'id', merge_exclude_columns: ['amount'] }
  expect(await nextRun(config, rows([2, 'paid', 21]))).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | paid | 20',
    '3 | paid | 30',
  ])
})

test('merge with predicates on both sides inserts what they do not let match', async () => {
  await firstRun()
  const config = {
    incremental_strategy: 'merge',
    unique_key: 'id',
    incremental_predicates: ['DBT_INTERNAL_SOURCE.amount > DBT_INTERNAL_DEST.amount'],
  }
  expect(await nextRun(config, rows([1, 'late', 9], [2, 'paid', 21]))).toEqual([
    HEADER,
    '1 | late | 9',
    '1 | open | 10',
    '2 | paid | 21',
    '3 | paid | 30',
  ])
})

test('ignore drops new columns', async () => {
  await firstRun()
  const sql = `select *, 'BRL' as currency from (${rows([4, 'open', 40])})`
  expect(await nextRun({ unique_key: 'id' }, sql)).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | open | 20',
    '3 | paid | 30',
    '4 | open | 40',
  ])
})

test('ignore refuses a model that lost a column', async () => {
  await firstRun()
  expect(await problemsOf(nextRun({}, 'select 4 as id, 40 as amount'))).toEqual([
    'incremental-missing-column: The column "status" is in the published table, but no longer in the model.',
  ])
})

test('append_new_columns gives old rows null, and new rows null in columns that are gone', async () => {
  await firstRun()
  const config = { unique_key: 'id', on_schema_change: 'append_new_columns' } as const
  expect(await nextRun(config, "select 2 as id, 21 as amount, 'BRL' as currency")).toEqual([
    'id INTEGER | status VARCHAR | amount INTEGER | currency VARCHAR',
    '1 | open | 10 | null',
    '2 | null | 21 | BRL',
    '3 | paid | 30 | null',
  ])
})

test('a merge leaves columns alone that the model no longer has', async () => {
  await firstRun()
  const config = { incremental_strategy: 'merge', unique_key: 'id', on_schema_change: 'append_new_columns' } as const
  expect(await nextRun(config, "select 2 as id, 21 as amount, 'BRL' as currency")).toEqual([
    'id INTEGER | status VARCHAR | amount INTEGER | currency VARCHAR',
    '1 | open | 10 | null',
    '2 | open | 21 | BRL',
    '3 | paid | 30 | null',
  ])
})

test('a new column that merge does not update is null in old rows that match', async () => {
  await firstRun()
  const config = {
    incremental_strategy: 'merge',
    unique_key: 'id',
    merge_update_columns: ['amount'],
    on_schema_change: 'append_new_columns',
  } as const
  expect(await nextRun(config, `select *, 'BRL' as currency from (${rows([2, 'paid', 21], [4, 'open', 40])})`)).toEqual(
    [
      'id INTEGER | status VARCHAR | amount INTEGER | currency VARCHAR',
      '1 | open | 10 | null',
      '2 | open | 21 | null',
      '3 | paid | 30 | null',
      '4 | open | 40 | BRL',
    ],
  )
})

test('sync_all_columns adds, drops and changes types', async () => {
  await firstRun({ indexes: [{ columns: ['id'], unique: true }] })
  const config = {
    unique_key: 'id',
    on_schema_change: 'sync_all_columns',
    indexes: [{ columns: ['id'], unique: true }],
  } as const
  expect(await nextRun(config, "select 2 as id, 21.50 as amount, 'BRL' as currency")).toEqual([
    'id INTEGER | amount DECIMAL(4,2) | currency VARCHAR',
    '1 | 10.00 | null',
    '2 | 21.50 | BRL',
    '3 | 30.00 | null',
  ])
})

test.each(['delete+insert', 'merge'])('%s writes over rows of a unique index', async (strategy) => {
  const config = {
    incremental_strategy: strategy,
    unique_key: 'id',
    indexes: [{ columns: ['id'], unique: true }],
  }
  await firstRun(config)
  expect(await nextRun(config, rows([2, 'paid', 21], [4, 'open', 40]))).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | paid | 21',
    '3 | paid | 30',
    '4 | open | 40',
  ])
  const indexes = await connection.query('select table_name, is_unique from duckdb_indexes()')
  expect(indexes.rows).toEqual([['orders', true]])
})

test('columns change although an index stands that the config no longer has', async () => {
  await firstRun({ indexes: [{ columns: ['id'], unique: true }] })
  const config = { unique_key: 'id', on_schema_change: 'sync_all_columns' } as const
  expect(await nextRun(config, "select 2 as id, 21.50 as amount, 'BRL' as currency")).toEqual([
    'id INTEGER | amount DECIMAL(4,2) | currency VARCHAR',
    '1 | 10.00 | null',
    '2 | 21.50 | BRL',
    '3 | 30.00 | null',
  ])
})

test('fail names every difference', async () => {
  await firstRun()
  const work = nextRun({ on_schema_change: 'fail' }, "select 'x' as id, 'open' as status, 'BRL' as currency")
  expect(await problemsOf(work)).toEqual([
    'incremental-schema-change: The columns of the model are not those of its table (new: currency; gone: amount; of another type: id).',
  ])
})

test('fail lets the same columns through', async () => {
  await firstRun()
  expect(await nextRun({ on_schema_change: 'fail', unique_key: 'id' }, rows([1, 'paid', 10]))).toEqual([
    HEADER,
    '1 | paid | 10',
    '2 | open | 20',
    '3 | paid | 30',
  ])
})

test('a column is widened to the type of the new rows when that holds every old value', async () => {
  await firstRun()
  const sql = "select 4 as id, 'open' as status, 3000000000 as amount"
  expect(await nextRun({ unique_key: 'id' }, sql)).toEqual([
    'id INTEGER | status VARCHAR | amount BIGINT',
    '1 | open | 10',
    '2 | open | 20',
    '3 | paid | 30',
    '4 | open | 3000000000',
  ])
})

test('values that the type of the table cannot hold are refused before publication', async () => {
  await firstRun()
  const work = nextRun({ unique_key: 'id' }, "select 4 as id, 'open' as status, 'many' as amount")
  await expect(work).rejects.toMatchObject({ name: 'DatabaseError', code: 'conversion' })
})

test('a key that two new rows have is refused', async () => {
  await firstRun()
  const sql = rows([4, 'open', 40], [4, 'paid', 41])
  const message = 'incremental-duplicate-key: 2 new rows of "orders" have the same key: id = 4.'
  expect(await problemsOf(nextRun({ unique_key: 'id' }, sql))).toEqual([message])
  expect(await problemsOf(nextRun({ unique_key: 'id', incremental_strategy: 'merge' }, sql))).toEqual([message])
})

test('a new row without its key is refused', async () => {
  await firstRun()
  const message = 'incremental-null-key: A new row of "orders" has no value in its key: id = null, status = open.'
  const config = { unique_key: ['id', 'status'], incremental_strategy: 'delete+insert' }
  expect(await problemsOf(nextRun(config, rows([null, 'open', 40])))).toEqual([message])
})

test('mistakes in the settings are told together', async () => {
  await firstRun()
  const config = {
    incremental_strategy: 'upsert',
    unique_key: 'order_id',
    merge_update_columns: ['amuont'],
  }
  expect(await problemsOf(nextRun(config, rows([4, 'open', 40])))).toEqual([
    'incremental-strategy: There is no incremental strategy "upsert".',
    'incremental-unknown-key: The unique_key "order_id" is no column of the model.',
    'incremental-merge-columns: The column "amuont" of merge_update_columns is no column of the model.',
  ])
})

test('a full refresh and a view in its place build the whole table', async () => {
  await firstRun()
  const node = { name: 'orders', config: { materialized: 'incremental' }, sql: rows([9, 'open', 90]) }
  await run(connection, { ...node, fullRefresh: true })
  expect(await contents(connection, orders)).toEqual([HEADER, '9 | open | 90'])
  await connection.execute('drop table main.orders; create view main.orders as select 1 as id')
  await run(connection, node)
  expect(await contents(connection, orders)).toEqual([HEADER, '9 | open | 90'])
})

test('a version that is kept stays as it was, and the new table is a copy with its indexes', async () => {
  const config = { materialized: 'incremental', unique_key: 'id', indexes: [{ columns: ['id'] }] }
  await firstRun(config)
  const built = await buildOn(connection, { name: 'orders', config, sql: rows([3, 'late', 31]) })
  const shown = await contents(connection, built.candidate)
  await built.publish({ retainAs: 'orders_kept' })
  expect(await contents(connection, orders)).toEqual(shown)
  expect(await contents(connection, { schema: 'main', identifier: 'orders_kept' })).toEqual([
    HEADER,
    '1 | open | 10',
    '2 | open | 20',
    '3 | paid | 30',
  ])
  const indexes = await connection.query('select table_name, expressions from duckdb_indexes()')
  expect(indexes.rows).toEqual([['orders', '[id]']])
  expect((await connection.listRelations(['main'])).map((relation) => relation.identifier).sort()).toEqual([
    'orders',
    'orders_kept',
  ])
})

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { DeclaredColumn, ExternalFiles } from '../../sql/dialect.ts'
import { createTestPostgres } from '../../test/postgres/database.ts'
import { type Connection, DatabaseError } from '../adapter.ts'
import { createDuckdbAdapter } from '../duckdb/adapter.ts'
import { createDuckdbFileReader } from '../duckdb/file-reader.ts'
import { createPostgresAdapter } from './adapter.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-files-'))
const database = await createTestPostgres()
const adapter = createPostgresAdapter(database.options, createDuckdbFileReader(folder))
const duckdb = createDuckdbAdapter({ path: ':memory:', projectRoot: folder })
const relation = { schema: 'main', identifier: 'orders_files' }
let connection: Connection
let reader: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'files', waitMs: 0 })
  await duckdb.open({ mode: 'write', runId: 'files', waitMs: 0 })
  connection = await adapter.connect()
  reader = await duckdb.connect()
  await connection.execute(adapter.dialect.createSchema(relation))
})

beforeEach(async () => void (await connection.execute('drop table if exists main.orders_files')))

afterAll(async () => {
  await adapter.close()
  await duckdb.close()
  await database.remove()
  rmSync(folder, { recursive: true })
})

function load(files: Omit<ExternalFiles, 'options'> & Partial<ExternalFiles>, columns: readonly DeclaredColumn[] = []) {
  return connection.loadFiles!({ relation, external: { options: {}, ...files }, columns, lifetime: 'run' })
}

/** A Parquet file of the rows of a query of DuckDB's. */
async function writeParquet(query: string): Promise<Omit<ExternalFiles, 'options'>> {
  await reader.execute(`copy (${query}) to '${folder}/orders.parquet' (format parquet)`)
  return { location: 'orders.parquet', format: 'parquet' }
}

async function columns(): Promise<readonly string[]> {
  return (await connection.columnsOf(relation)).map(({ name, type }) => `${name} ${type}`)
}

async function rows() {
  return (await connection.query('select * from main.orders_files')).rows
}

test('every type of DuckDB has one that holds its values', async () => {
  const values: Readonly<Record<string, readonly [string, string, unknown]>> = {
    text: [`'a "b", c\\n\\\\.'`.replace('\\n', '\n'), 'text', 'a "b", c\n\\\\.'],
    nothing: ['cast(null as varchar)', 'text', null],
    empty: [`''`, 'text', ''],
    status: [`cast('open' as enum ('open', 'paid'))`, 'text', 'open'],
    paid: ['true', 'boolean', 'true'],
    tiny: ['cast(-1 as tinyint)', 'smallint', '-1'],
    unsigned: ['cast(65535 as usmallint)', 'integer', '65535'],
    wide: ['cast(18446744073709551615 as ubigint)', 'numeric(20,0)', '18446744073709551615'],
    amount: ['cast(41416.60 as decimal(18, 2))', 'numeric(18,2)', '41416.60'],
    share: ['cast(0.1 as double)', 'double precision', '0.1'],
    endless: [`cast('-infinity' as double)`, 'double precision', '-Infinity'],
    small: ['cast(0.1 as float)', 'real', '0.1'],
    day: [`date '2020-02-29'`, 'date', '2020-02-29'],
    ides: [`date '0044-03-15 (BC)'`, 'date', '0044-03-15 BC'],
    never: [`date 'infinity'`, 'date', 'infinity'],
    clock: [`time '14:00:01.5'`, 'time without time zone', '14:00:01.5'],
    at: [`timestamp '2020-02-03 14:00:01.001'`, 'timestamp without time zone', '2020-02-03 14:00:01.001'],
    at_nanos: [
      `timestamp_ns '2020-02-03 14:00:01.123456489'`,
      'timestamp without time zone',
      '2020-02-03 14:00:01.123456',
    ],
    moment: [`timestamptz '2020-02-03 11:00:01.5-03'`, 'timestamp with time zone', '2020-02-03 14:00:01.5+00'],
    lasts: [`interval '1 year 2 days 3 seconds'`, 'interval', '1 year 2 days 00:00:03'],
    bytes: [`'\\xAA\\x00'::blob`, 'bytea', '\\xaa00'],
    id: [`uuid '5b81ff24-a1a6-4d17-8e73-000000000000'`, 'uuid', '5b81ff24-a1a6-4d17-8e73-000000000000'],
    items: [`cast('{"b": 1.10, "a": null}' as json)`, 'json', '{"b": 1.10, "a": null}'],
    buyer: [`{'name': 'ana', 'spent': 1.10}`, 'json', '{"name":"ana","spent":1.1}'],
    answers: [`map {'e-mail': 'a@b', 'nota': null}`, 'json', '{"e-mail":"a@b","nota":null}'],
    tags: [`['new', 'a "b"', null, 'c\\d', '']`, 'text[]', '{new,"a \\"b\\"",NULL,"c\\\\d",""}'],
    amounts: [`[1.10, 2.25]::decimal(5, 2)[]`, 'numeric(5,2)[]', '{1.10,2.25}'],
    no_tags: [`cast([] as varchar[])`, 'text[]', '{}'],
    pairs: [`[[1, 2], [3]]`, 'json', '[[1,2],[3]]'],
    lines: [`[{'sku': 'a', 'count': 2}]`, 'json', '[{"sku":"a","count":2}]'],
  }
  const list = Object.entries(values).map(([name, [value]]) => `${value} as ${name}`)
  await reader.execute(`copy (select ${list.join(', ')}) to '${folder}/types.parquet' (format parquet)`)
  expect(await load({ location: 'types.parquet', format: 'parquet', options: { filename: false } })).toBe(1)
  const names = Object.keys(values)
  const texts = await connection.query(
    `select ${names.map((name) => `${name}::text`).join(', ')} from main.orders_files`,
  )
  const found = (await columns()).map((column, index) => [column, texts.rows[0]?.[index]])
  expect(found).toEqual(Object.entries(values).map(([name, [, type, text]]) => [`${name} ${type}`, text]))
})

test('files are read in their order, with the options and declared columns of the source', async () => {
  mkdirSync(path.join(folder, 'raw'))
  writeFileSync(path.join(folder, 'raw/b.csv'), 'note;status;id\nlate;paid;008\n')
  writeFileSync(path.join(folder, 'raw/a.csv'), 'id;status\n007;"open; ""new"""\n009;\n')
  const files = { location: 'raw/*.csv', format: 'csv', options: { delim: ';' } } as const
  expect(await load(files, [{ name: 'id', data_type: 'varchar' }, { name: 'status' }])).toBe(3)
  expect(await columns()).toEqual(['id text', 'status text', 'note text', 'filename text'])
  expect(await rows()).toEqual([
    ['007', 'open; "new"', null, `${folder}/raw/a.csv`],
    ['009', null, null, `${folder}/raw/a.csv`],
    ['008', 'paid', 'late', `${folder}/raw/b.csv`],
  ])
})

test('one column of anything is as many rows', async () => {
  const files = await writeParquet(`select unnest(['\\.', '', null, ' ', '"', chr(13)]) as note`)
  expect(await load({ ...files, options: { filename: false } })).toBe(6)
  expect(await rows()).toEqual([['\\.'], [''], [null], [' '], ['"'], ['\r']])
})

test('a table of a connection is seen by that connection alone, and described by it', async () => {
  const files = await writeParquet('select 1 as id')
  const temporary = { schema: adapter.dialect.temporarySchema, identifier: 'orders_files' }
  const external = { ...files, options: { filename: false } }
  await connection.loadFiles!({ relation: temporary, external, columns: [], lifetime: 'connection' })
  expect(await connection.columnsOf(temporary)).toEqual([{ name: 'id', type: 'integer' }])
  const other = await adapter.connect()
  expect(await other.columnsOf(temporary)).toEqual([])
  other.close()
})

test('many rows arrive whole, and in their order', async () => {
  const files = await writeParquet(`select i as id, repeat('é', 100) as note from range(300000) as t(i)`)
  expect(await load(files)).toBe(300_000)
  const ordered = 'select id, lag(id) over (order by ctid) as before from main.orders_files'
  expect((await connection.query(`select count(*) from (${ordered}) as t where id = before + 1`)).rows).toEqual([
    [299_999],
  ])
})

test('what is wrong with the files is told in the words of their reader, and the connection goes on', async () => {
  expect((await failure(load({ location: 'none/*.json', format: 'json' }))).message).toContain('none/*.json')
  writeFileSync(path.join(folder, 'broken.json'), '{"id": 1}\n{"id": \n')
  expect((await failure(load({ location: 'broken.json', format: 'json' }))).message).toContain('Malformed JSON')
  expect((await connection.query('select 1')).rows).toEqual([[1]])
})

// The driver's streams end without a word where their query fails late.
test('a line that is wrong after millions of others is told', async () => {
  const lines = openSync(path.join(folder, 'late.json'), 'w')
  for (let part = 0; part < 200; part++) writeSync(lines, `{"id": 1, "note": "${'x'.repeat(100)}"}\n`.repeat(5000))
  writeSync(lines, '{"id": "seven"}\n')
  closeSync(lines)
  const error = await failure(load({ location: 'late.json', format: 'json' }, [{ name: 'id', data_type: 'integer' }]))
  expect([error.code, error.message.split('\n')[0]]).toEqual([
    'other',
    `JSON transform error in file "${folder}/late.json", in line 1000001: Failed to cast value to numerical: "seven"`,
  ])
  expect((await connection.query('select 1')).rows).toEqual([[1]])
})

test('what Postgres cannot hold is told in its words', async () => {
  writeFileSync(path.join(folder, 'nul.json'), '{"note": "a\\u0000b"}\n')
  const error = await failure(load({ location: 'nul.json', format: 'json' }))
  expect([error.code, error.message.split(':')[0]]).toEqual(['conversion', 'invalid byte sequence for encoding "UTF8"'])
})

test('is interrupted wherever it is', async () => {
  const files = await writeParquet(`select i as id, repeat('é', 100) as note from range(2000000) as t(i)`)
  for (const milliseconds of [1, 20, 100, 300]) {
    await connection.execute('drop table if exists main.orders_files')
    const loading = failure(load(files))
    setTimeout(() => adapter.interrupt(), milliseconds)
    expect((await loading).code).toBe('interrupted')
  }
  expect((await connection.query('select 1')).rows).toEqual([[1]])
})

async function failure(work: Promise<unknown>): Promise<DatabaseError> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  )
  if (error instanceof DatabaseError) return error
  throw error
}

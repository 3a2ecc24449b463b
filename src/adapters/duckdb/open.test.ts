import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { holdInOtherProcess } from '../../test/hold-duckdb.ts'
import type { Adapter } from '../adapter.ts'
import { createDuckdbAdapter } from './adapter.ts'
import { lockFilePath } from './lock-file.ts'
import type { DuckdbOptions } from './options.ts'

let folder: string
let opened: Adapter[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lavra-open-'))
  opened = []
})

afterEach(async () => {
  for (const adapter of opened) await adapter.close()
  rmSync(folder, { recursive: true })
})

const file = (name = 'shop.duckdb') => path.join(folder, name)

async function open(mode: 'read' | 'write', options: Partial<DuckdbOptions> = {}, waitMs = 0): Promise<Adapter> {
  const adapter = createDuckdbAdapter({ path: file(), projectRoot: folder, ...options })
  opened.push(adapter)
  await adapter.open({ mode, runId: 'run-1', waitMs })
  return adapter
}

async function makeDatabase(name = 'shop.duckdb'): Promise<void> {
  const adapter = await open('write', { path: file(name) })
  const connection = await adapter.connect()
  await connection.execute('create table orders as select 1 as id')
  await adapter.close()
}

/** `code: message`, with the folder of the test left out. */
async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it opened'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof UserError)) throw error
  return error.diagnostics.map(({ code, message }) => `${code}: ${message.replaceAll(`${folder}/`, '')}`).join('\n')
}

test('writing makes the file; reading wants it to be there', async () => {
  expect(await problemOf(open('read'))).toBe('database-not-found: There is no database file "shop.duckdb" yet.')
  await makeDatabase()
  const connection = await (await open('read')).connect()
  expect((await connection.query('select * from orders')).rows).toEqual([[1]])
  await expect(connection.execute('create table customers as select 1 as id')).rejects.toThrow('read-only mode')
})

test('two readers share the file with each other and with other processes', async () => {
  await makeDatabase()
  await open('read')
  await open('read')
  const other = createDuckdbAdapter({ path: file(), projectRoot: folder })
  const script = `
    const { createDuckdbAdapter } = await import(${JSON.stringify(fileURLToPath(new URL('./adapter.ts', import.meta.url)))})
    const adapter = createDuckdbAdapter(${JSON.stringify({ path: file(), projectRoot: folder })})
    await adapter.open({ mode: 'read', runId: 'reader', waitMs: 0 })
    console.log((await (await adapter.connect()).query('select * from orders')).rows[0][0])
    await adapter.close()
  `
  expect(await outputOf(script)).toBe('1\n')
  expect(await problemOf(other.open({ mode: 'write', runId: 'run-2', waitMs: 0 }))).toBe(
    `database-locked: The database "shop.duckdb" is in use by another run of this process (${process.pid}).`,
  )
})

test('a reader of this process sees what its writer commits, through another name of the file too', async () => {
  await makeDatabase()
  symlinkSync(file(), file('link.duckdb'))
  const writer = await (await open('write')).connect()
  const reader = await (await open('read', { path: file('link.duckdb') })).connect()
  await writer.begin()
  await writer.execute('insert into shop.orders values (2)')
  expect((await reader.query('select count(*) from shop.orders')).rows).toEqual([[1]])
  await writer.commit()
  expect((await reader.query('select count(*) from shop.orders')).rows).toEqual([[2]])
})

test('two that open at the same time share one instance', async () => {
  await makeDatabase()
  const [writer, reader] = await Promise.all([open('write'), open('read')])
  const [a, b] = await Promise.all([writer.connect(), reader.connect()])
  await a.execute('insert into orders values (2)')
  expect((await b.query('select count(*) from orders')).rows).toEqual([[2]])
})

test('the lock file tells who writes, and goes with the writer', async () => {
  const adapter = await open('write')
  expect(JSON.parse(readFileSync(lockFilePath(file()), 'utf8'))).toMatchObject({ pid: process.pid, runId: 'run-1' })
  await adapter.close()
  expect(existsSync(lockFilePath(file()))).toBe(false)
})

test('a holder is named, with whether it is alive', async () => {
  const holder = await holdInOtherProcess({ path: file(), projectRoot: folder })
  const message = await problemOf(open('write'))
  expect(message).toMatch(
    new RegExp(
      `^database-locked: The database "shop.duckdb" is in use by process ${holder.pid} \\(which is running\\), run other-run since 20.*Z\\.$`,
    ),
  )
  expect(await problemOf(open('read'))).toBe(message)
  await holder.stop()
})

test('what a dead holder left is replaced', async () => {
  const holder = await holdInOtherProcess({ path: file(), projectRoot: folder })
  await holder.stop()
  expect(JSON.parse(readFileSync(lockFilePath(file()), 'utf8'))).toMatchObject({ pid: holder.pid })
  await open('write')
  expect(JSON.parse(readFileSync(lockFilePath(file()), 'utf8'))).toMatchObject({ pid: process.pid })
})

test('a file that is something else is left as it is', async () => {
  writeFileSync(file(), 'id,status\n1,open\n'.repeat(1000))
  const before = readFileSync(file())
  expect(await problemOf(open('write'))).toBe('not-a-database: The file "shop.duckdb" is not a DuckDB database.')
  expect(readFileSync(file()).equals(before)).toBe(true)
  writeFileSync(file(), '')
  expect(await problemOf(open('write'))).toBe('not-a-database: The file "shop.duckdb" is not a DuckDB database.')
})

test('a folder that is missing, and a folder in place of the file', async () => {
  expect(await problemOf(open('write', { path: file('no/shop.duckdb') }))).toBe(
    `database-path: The folder "no" of the database does not exist.`,
  )
  mkdirSync(file('data'))
  expect(await problemOf(open('write', { path: file('data') }))).toBe(
    'database-path: "data" is a folder, not a database file.',
  )
})

test('a file of a newer engine, and a damaged one', async () => {
  await makeDatabase()
  const bytes = readFileSync(file())
  expect(headerChecksum(bytes)).toBe(bytes.readBigUInt64LE(0))
  const newer = Buffer.from(bytes)
  newer.writeBigUInt64LE(9999n, 12)
  newer.writeBigUInt64LE(headerChecksum(newer), 0)
  writeFileSync(file(), newer)
  expect(await problemOf(open('write'))).toBe(
    'database-newer: The database "shop.duckdb" was written by a newer DuckDB than the one in this version of Lavra.',
  )
  bytes[200] = 7
  writeFileSync(file(), bytes)
  expect(await problemOf(open('write'))).toMatch(
    /^database-damaged: The database "shop.duckdb" is damaged\. DuckDB says: /,
  )
})

test('a file or folder that may not be written is refused for writing and read all the same', async () => {
  await makeDatabase()
  chmodSync(folder, 0o555)
  try {
    expect(await outputOf(openAsNobody('write'))).toBe(
      'database-read-only: The database "shop.duckdb" cannot be written: the file or its folder is read-only for you.\n',
    )
    expect(await outputOf(openAsNobody('read'))).toBe('opened\n')
    chmodSync(folder, 0o777)
    chmodSync(file(), 0o444)
    expect(await outputOf(openAsNobody('write'))).toBe(
      'database-read-only: The database "shop.duckdb" cannot be written: the file or its folder is read-only for you.\n',
    )
  } finally {
    chmodSync(folder, 0o755)
  }
})

test('databases in memory are one for each adapter', async () => {
  const [first, second] = [await open('write', { path: ':memory:' }), await open('write', { path: ':memory:' })]
  await (await first.connect()).execute('create table orders as select 1 as id')
  expect(await (await second.connect()).listRelations(['main'])).toEqual([])
  expect(await (await first.connect()).listRelations(['main'])).toHaveLength(1)
})

test('relative paths in SQL start at the project', async () => {
  mkdirSync(file('seeds'))
  writeFileSync(file('seeds/hour=13.json'), '[{"session": "S1000", "content": {"name": "maria"}}]')
  const connection = await (await open('write')).connect()
  expect((await connection.query(`select session from read_json('seeds/*.json')`)).rows).toEqual([['S1000']])
  expect((await connection.query(`select session from 'seeds/hour=13.json'`)).rows).toEqual([['S1000']])
})

test('settings, attached databases and the time zone hold for every connection', async () => {
  await makeDatabase('archive.duckdb')
  const adapter = await open('write', {
    settings: { preserve_insertion_order: false },
    attach: [{ path: 'archive.duckdb', alias: 'old', readOnly: true }],
  })
  for (const connection of [await adapter.connect(), await adapter.connect()]) {
    expect((await connection.query('select * from old.main.orders')).rows).toEqual([[1]])
    expect(
      (await connection.query(`select current_setting('TimeZone'), current_setting('preserve_insertion_order')`)).rows,
    ).toEqual([['UTC', false]])
  }
})

test('a setting, an option, an extension and a database that are not there are named, and the file is free again', async () => {
  expect(await problemOf(open('write', { settings: { memroy_limit: '1GB' } }))).toMatch(
    /^database-setting: The setting "memroy_limit" is not accepted\. DuckDB says: /,
  )
  expect(await problemOf(open('write', { configOptions: { memroy_limit: '1GB' } }))).toBe(
    'database-setting: The database "shop.duckdb" cannot be opened with these options. DuckDB says: The following options were not recognized: memroy_limit',
  )
  expect(await problemOf(open('write', { extensions: ['no_such_extension'] }))).toBe(
    'extension-missing: The DuckDB extension "no_such_extension" is not installed, and Lavra downloads nothing by itself.',
  )
  expect(await problemOf(open('write', { attach: [{ path: 'no/archive.duckdb', alias: 'old' }] }))).toMatch(
    /^database-attach: The database "old" cannot be attached\. DuckDB says: /,
  )
  await open('write', { extensions: ['json'] })
})

test('a view that no longer binds still has its columns', async () => {
  const connection = await (await open('write')).connect()
  await connection.execute(
    'create table orders as select 1 as id; create view paid as select * from orders; drop table orders',
  )
  const columns = await connection.columnsOf({ schema: 'main', identifier: 'paid' })
  expect(columns).toEqual([{ name: 'id', type: 'INTEGER' }])
})

test('closing interrupts what runs and what waits to run', async () => {
  const adapter = await open('write')
  const endless = 'select count(*) from range(1000000) as a(i), range(1000000) as b(j) where i > j'
  // More than the threads that the driver has for running statements.
  const connections = await Promise.all(Array.from({ length: 6 }, () => adapter.connect()))
  const outcomes = Promise.allSettled(connections.map((connection) => connection.query(endless)))
  await adapter.close()
  const codes = (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
  expect(codes).toEqual(Array(6).fill('interrupted'))
})

/** What DuckDB keeps in front of the first block: every eight bytes multiplied by a constant, combined by exclusive or. */
function headerChecksum(bytes: Buffer): bigint {
  let sum = 5381n
  for (let at = 8; at < 4096; at += 8) sum ^= BigInt.asUintN(64, bytes.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n)
  return sum
}

/** A script that opens the file as a user who is not root, for whom permissions count. */
function openAsNobody(mode: 'read' | 'write'): string {
  return `
    const { createDuckdbAdapter } = await import(${JSON.stringify(fileURLToPath(new URL('./adapter.ts', import.meta.url)))})
    if (process.getuid() === 0) process.setuid(65534)
    const adapter = createDuckdbAdapter(${JSON.stringify({ path: file(), projectRoot: folder })})
    try {
      await adapter.open({ mode: '${mode}', runId: 'nobody', waitMs: 0 })
      console.log('opened')
      await adapter.close()
    } catch (error) {
      for (const { code, message } of error.diagnostics) console.log(code + ': ' + message.replaceAll(${JSON.stringify(`${folder}/`)}, ''))
    }
  `
}

async function outputOf(script: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  return Buffer.concat(chunks).toString()
}

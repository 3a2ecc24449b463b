import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDuckdbAdapter } from './adapter.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lavra-copy-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a copy holds what is committed, replaces the copy before it, and can be read while the database is written', async () => {
  const adapter = createDuckdbAdapter({ path: join(folder, 'shop.duckdb'), projectRoot: folder })
  await adapter.open({ mode: 'write', runId: 'r1', waitMs: 0 })
  const connection = await adapter.connect()
  const copy = join(folder, 'readers.duckdb')
  await connection.execute('create table orders as select 1 as order_id')
  await adapter.copyTo?.(copy)
  await connection.execute('insert into orders values (2)')
  await adapter.copyTo?.(copy)
  const reader = createDuckdbAdapter({ path: copy, projectRoot: folder })
  await reader.open({ mode: 'read', runId: 'r2', waitMs: 0 })
  const { rows } = await (await reader.connect()).query('select order_id from orders order by 1')
  await reader.close()
  await adapter.close()
  expect(rows).toEqual([[1], [2]])
  expect((await readdir(folder)).sort()).toEqual(['readers.duckdb', 'shop.duckdb'])
})

test('a copy that cannot be written says where and leaves nothing behind', async () => {
  const adapter = createDuckdbAdapter({ path: join(folder, 'shop.duckdb'), projectRoot: folder })
  await adapter.open({ mode: 'write', runId: 'r1', waitMs: 0 })
  const copy = join(folder, 'no such folder', 'readers.duckdb')
  await expect(adapter.copyTo?.(copy)).rejects.toMatchObject({ diagnostics: [{ code: 'copy-failed' }] })
  await adapter.close()
  expect(await readdir(folder)).toEqual(['shop.duckdb'])
})

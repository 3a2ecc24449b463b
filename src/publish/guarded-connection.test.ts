import { expect, test } from 'vitest'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { guardedConnection } from './guarded-connection.ts'

test('statements that begin or end a transaction are refused, wherever they stand in a text', async () => {
  const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'run-1', waitMs: 0 })
  const connection = await adapter.connect()
  const guarded = guardedConnection(connection)
  await connection.begin()
  await guarded.execute(`create table ledger as select 'a; commit' as note, 1 as "commit" -- ; rollback`)
  const texts = ['commit', ' /* now */ COMMIT', 'select 1; rollback', 'begin transaction', 'select 1;; end']
  for (const text of texts) await expect(guarded.execute(text)).rejects.toMatchObject({ code: 'transaction' })
  await expect(guarded.query('select 1; commit')).rejects.toMatchObject({ code: 'transaction', position: 10 })
  await connection.rollback()
  expect(await connection.listRelations(['main'])).toEqual([])
  await adapter.close()
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Adapter, type Connection, DatabaseError } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { ensureState } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'
import { recordRelations } from '../state/write.ts'
import { commit } from './commit.ts'

let adapter: Adapter
let connection: Connection

beforeEach(async () => {
  adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
  await adapter.open({ mode: 'write', runId: 'tonight', waitMs: 0 })
  connection = await adapter.connect()
  await ensureState(connection, adapter.dialect)
})

afterEach(() => adapter.close())

const ORDERS: PublishedRelation = {
  schema: 'main',
  identifier: 'orders',
  targetSchema: 'main',
  nodeId: 'model.shop.orders',
  kind: 'table',
  materialization: 'table',
  runId: 'tonight',
  publishedAt: '2026-02-03T10:00:00Z',
  fingerprint: '0badcafe',
}

/** The same connection, on a line that breaks before or after the database hears of the COMMIT. */
function breaking(when: 'before' | 'after'): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (name !== 'commit') return typeof member === 'function' ? member.bind(target) : member
      return async () => {
        if (when === 'after') await target.commit()
        throw new DatabaseError({ message: 'the connection is lost', code: 'connection', title: 'Connection Error' })
      }
    },
  })
}

async function publishOn(line: Connection, relations: readonly PublishedRelation[]): Promise<void> {
  const environment = {
    adapter,
    runId: 'tonight',
    signal: new AbortController().signal,
  }
  await line.begin()
  for (const statement of recordRelations(adapter.dialect, relations)) await line.execute(statement)
  await commit(environment, line, relations)
}

test('a COMMIT whose answer is lost has published', async () => {
  await publishOn(breaking('after'), [ORDERS])
  expect((await connection.query('select identifier from _lavra.relations')).rows).toEqual([['orders']])
})

test('a COMMIT that did not arrive has published nothing and says so', async () => {
  await expect(publishOn(breaking('before'), [ORDERS])).rejects.toMatchObject({
    diagnostics: [{ code: 'commit-failed' }],
  })
  expect((await connection.query('select identifier from _lavra.relations')).rows).toEqual([])
})

test('what the same run published before does not count for a later COMMIT', async () => {
  await publishOn(connection, [ORDERS])
  const ledger = { ...ORDERS, identifier: 'ledger' }
  await expect(publishOn(breaking('before'), [ledger])).rejects.toMatchObject({ name: 'UserError' })
})

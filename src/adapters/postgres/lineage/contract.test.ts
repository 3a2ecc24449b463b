import { afterAll } from 'vitest'
import { lineageContract } from '../../../test/lineage/lineage-contract.ts'
import { createTestPostgres } from '../../../test/postgres/database.ts'
import { createPostgresAdapter } from '../adapter.ts'

const database = await createTestPostgres()
const adapter = createPostgresAdapter(database.options)

afterAll(async () => {
  await adapter.close()
  await database.remove()
})

lineageContract('postgres', async () => {
  await adapter.open({ mode: 'write', runId: 'lineage', waitMs: 0 })
  const connection = await adapter.connect()
  await connection.execute('create schema main')
  return connection
})

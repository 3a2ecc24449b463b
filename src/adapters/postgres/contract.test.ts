import { afterAll } from 'vitest'
import { adapterContract } from '../../test/adapter-contract.ts'
import { holdTargetInOtherProcess } from '../../test/hold-postgres.ts'
import { createTestPostgres } from '../../test/postgres/database.ts'
import { createPostgresAdapter } from './adapter.ts'

const database = await createTestPostgres()

afterAll(() => database.remove())

adapterContract('postgres', {
  makeAdapter: () => createPostgresAdapter(database.options),
  schema: 'contract',
  // A table that is being swapped is locked: whoever wants to read it waits for the commit.
  readersGoOn: false,
  endlessQuery:
    'select count(*) from generate_series(1, 1000000) as a(i), generate_series(1, 1000000) as b(j) where (i * j) % 7 = 3',
  holdInOtherProcess: () => holdTargetInOtherProcess(database.options),
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { adapterContract } from '../../test/adapter-contract.ts'
import { holdInOtherProcess } from '../../test/hold-duckdb.ts'
import { createDuckdbAdapter } from './adapter.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-duckdb-'))
const options = { path: path.join(folder, 'my shop.duckdb'), projectRoot: folder }

afterAll(() => rmSync(folder, { recursive: true }))

adapterContract('duckdb', {
  makeAdapter: () => createDuckdbAdapter(options),
  schema: 'contract',
  readersGoOn: true,
  endlessQuery: 'select count(*) from range(1000000) as a(i), range(1000000) as b(j) where (i * j) % 7 = 3',
  holdInOtherProcess: () => holdInOtherProcess(options),
})

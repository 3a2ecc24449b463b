import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeclaredColumn, ExternalFiles } from '../../sql/dialect.ts'
import type { Connection } from '../adapter.ts'
import { createDuckdbAdapter } from './adapter.ts'
import { renderExternalSource } from './external-source.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-files-'))
const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: folder })
let connection: Connection

beforeAll(async () => {
  mkdirSync(path.join(folder, 'raw/day=3'), { recursive: true })
  write('raw/hour=13.json', '[{"session": "S1000", "content": {"name": "maria"}}]')
  write('raw/hour=14.json', '[{"session": "S1000", "content": {"e-mail do cliente": "a@b"}, "flow": "F1000"}]')
  write('raw/a.csv', 'id,status\n007,open\n')
  write('raw/b.csv', 'note,status,id\nlate,paid,008\n')
  await adapter.open({ mode: 'write', runId: 'files', waitMs: 0 })
  connection = await adapter.connect()
  await connection.execute(`copy (select 1 as id) to '${folder}/raw/day=3/part.parquet'`)
})

afterAll(async () => {
  await adapter.close()
  rmSync(folder, { recursive: true })
})

function write(file: string, text: string): void {
  writeFileSync(path.join(folder, file), text)
}

async function read(
  list: string,
  files: Omit<ExternalFiles, 'options'> & Partial<ExternalFiles>,
  columns: readonly DeclaredColumn[] = [],
) {
  const source = renderExternalSource({ options: {}, ...files }, columns)
  return (await connection.query(`select ${list} from ${source} order by filename`)).rows
}

test('files named after a partition are files like others', async () => {
  const files = { location: 'raw/hour=*.json', format: 'json' } as const
  const names = [`${folder}/raw/hour=13.json`, `${folder}/raw/hour=14.json`]
  expect(await read('session, flow, filename', files)).toEqual([
    ['S1000', null, names[0]],
    ['S1000', 'F1000', names[1]],
  ])
})

test('declared columns are read without a guess, so that any key is kept', async () => {
  const columns = [
    { name: 'session', data_type: 'varchar' },
    { name: 'content', data_type: 'map(varchar, varchar)' },
  ]
  expect(await read('content', { location: 'raw/hour=*.json', format: 'json' }, columns)).toEqual([
    [{ name: 'maria' }],
    [{ 'e-mail do cliente': 'a@b' }],
  ])
})

test('columns of CSV files are matched by name, whatever their order', async () => {
  const files = { location: 'raw/*.csv', format: 'csv' } as const
  const columns = [
    { name: 'id', data_type: 'varchar' },
    { name: 'status', data_type: 'varchar' },
  ]
  expect(await read('id, status, note', files, columns)).toEqual([
    ['007', 'open', null],
    ['008', 'paid', 'late'],
  ])
})

test('folders named after a partition become columns', async () => {
  const files = { location: 'raw/*/*.parquet', format: 'parquet', options: { hive_partitioning: true } } as const
  expect(await read('id, day', files)).toEqual([[1, 3]])
})

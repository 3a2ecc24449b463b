import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import { duckdbDialect } from '../../adapters/duckdb/dialect.ts'
import type { NodeConfig } from '../../config/node-config.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { formatDiagnostic } from '../../diagnostics/format.ts'
import type { Seed } from '../../manifest/nodes.ts'
import { contents, nodeToBuild, run } from '../../test/materialize.ts'
import { decodeSeed } from './decode.ts'
import { readSeed, seedShape } from './read.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-seeds-'))
const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: folder })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'seeds', waitMs: 0 })
  connection = await adapter.connect()
})

afterAll(async () => {
  await adapter.close()
  rmSync(folder, { recursive: true })
})

function seedNode(config: Partial<NodeConfig> = {}, csvPath = ''): Seed {
  // `kind: seed` makes one.
  return nodeToBuild({ name: 'invoices', kind: 'seed', config, csvPath }) as Seed
}

function columnsOf(text: string, config: Partial<NodeConfig> = {}): readonly string[] {
  const { columns } = seedShape(seedNode(config), { path: 'seeds/invoices.csv', text }, duckdbDialect)
  return columns.map((column) => `${column.name} ${column.type}`)
}

function problemsOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n')
  }
  throw new Error('nothing was wrong')
}

test('a seed becomes a table, and another one when the file changes', async () => {
  const csvPath = path.join(folder, 'invoices.csv')
  const load = async (text: string) => {
    writeFileSync(csvPath, text)
    const seed = await readSeed(seedNode({}, csvPath), duckdbDialect)
    await run(connection, { name: 'invoices', kind: 'seed', csvPath, seed })
    return await contents(connection, { schema: 'main', identifier: 'invoices' })
  }
  expect(await load('\uFEFFaccount,month,invoice\nA1100,2019-07-01,500\nA1200,2019-10-01,null\n')).toEqual([
    'account VARCHAR | month DATE | invoice BIGINT',
    'A1100 | 2019-07-01 | 500',
    'A1200 | 2019-10-01 | null',
  ])
  expect(await load(`${'account;invoice\n'.replace(';', ',')}A1100,500.5\n`)).toEqual([
    'account VARCHAR | invoice DOUBLE',
    'A1100 | 500.5',
  ])
})

test('types are inferred in dbt’s order', () => {
  expect(
    columnsOf(
      'a,b,c,d,e,f,g,h\n1,1.5,2020-02-03,2020-02-03 14:00:00,true,007,x,\n-2,2,2020-2-3,2020-02-03T14:00:01.001+00:00,FALSE,null,,NULL\n',
    ),
  ).toEqual(['a bigint', 'b double', 'c date', 'd timestamp', 'e boolean', 'f bigint', 'g varchar', 'h bigint'])
})

test('a value that is almost of a type makes its column text', () => {
  expect(columnsOf('a,b,c,d\n1,2020-02-30,yes,2020-02-03 25:00:00\n1x,2020-02-03,true,2020-02-03 14:00:00\n')).toEqual([
    'a varchar',
    'b varchar',
    'c varchar',
    'd varchar',
  ])
})

test('declared types win, whatever the case of the name, and other names count for nothing', () => {
  const column_types = { INVOICE: 'decimal(18,2)', gone: 'date' }
  expect(columnsOf('account,invoice\nA1100,500\n', { column_types })).toEqual([
    'account varchar',
    'invoice decimal(18,2)',
  ])
})

test('values that are not of their declared type are shown in the file', () => {
  const text = 'account,invoice,month\nA1100,500,2019-07-01\nA1200,"5,00",30/02/2019\n'
  const config = { column_types: { invoice: 'decimal(18,2)', month: 'date' } }
  expect(problemsOf(() => columnsOf(text, config))).toBe(
    [
      'error[seed-value] seeds/invoices.csv:3:7',
      '  The value "5,00" of column "invoice" is not of type decimal(18,2).',
      '',
      '  2 | A1100,500,2019-07-01',
      '  3 | A1200,"5,00",30/02/2019',
      '    |       ~~~~~~',
      '  hint: correct the value, or declare another type for "invoice" under column_types',
      'error[seed-value] seeds/invoices.csv:3:14',
      '  The value "30/02/2019" of column "month" is not of type date.',
      '',
      '  2 | A1100,500,2019-07-01',
      '  3 | A1200,"5,00",30/02/2019',
      '    |              ~~~~~~~~~~',
      '  hint: write dates as 2020-02-03 and times as 2020-02-03 14:00:00',
    ].join('\n'),
  )
})

test.each([
  ['integer', ['7', ' +7 ', '2147483647'], ['2147483648', '1.5', 'x']],
  ['bigint', ['9223372036854775807', '-9223372036854775808'], ['9223372036854775808']],
  ['numeric( 5 , 2 )', ['999.99', '0001.5', '1e2'], ['1000', '1,5']],
  ['double precision', ['1e300', 'NaN', '-inf'], ['1.5.2']],
  ['boolean', ['true', 'F', '1'], ['maybe']],
  ['date', ['2020-02-29', '2020-2-3', 'infinity'], ['2019-02-29', '2020-13-01', '03/02/2020', 'soon']],
  [
    'timestamp with time zone',
    ['2020-02-03', '2020-02-03 14:00', '2020-02-03T14:00:01.001+00:00'],
    ['2020-02-03 24:01', '14:00'],
  ],
  ['varchar', ['anything'], []],
])('%s takes %j and refuses %j', (type, good, bad) => {
  const isRefused = (value: string) => {
    try {
      columnsOf(`a,b\n"${value}",\n`, { column_types: { a: type } })
      return false
    } catch {
      return true
    }
  }
  expect([good.filter(isRefused), bad.filter(isRefused)]).toEqual([[], bad])
})

test('rows with too many and too few fields are counted and shown', () => {
  expect(problemsOf(() => columnsOf('account,invoice\nA1100,5,00\n\nA1200\n'))).toBe(
    [
      'error[seed-ragged-row] seeds/invoices.csv:2:9',
      '  Row 1 of the seed has 3 fields, but the header has 2.',
      '',
      '  1 | account,invoice',
      '  2 | A1100,5,00',
      '    |         ~~',
      '  hint: put a value that holds the delimiter in double quotes',
      'error[seed-ragged-row] seeds/invoices.csv:4:1',
      '  Row 2 of the seed has 1 field, but the header has 2.',
      '',
      '  3 |',
      '  4 | A1200',
      '    | ~~~~~',
      '  hint: add the missing delimiters',
    ].join('\n'),
  )
})

test.each([
  ['account,note\nA1100,"never closed\nA1200,x\n', 'seed-quote', '2:7'],
  ['account,note\nA1100,"a" b\n', 'seed-quote', '2:10'],
  ['account,note\nA1100, "a"\n', 'seed-quote', '2:7'],
  ['account,,note\n1,2,3\n', 'seed-header', '1:9'],
  ['account,Account\n1,2\n', 'seed-header', '1:9'],
  ['\naccount\n1\n', 'seed-header', '1:1'],
  ['', 'seed-empty', '1:1'],
  ['\n\n', 'seed-header', '1:1'],
])('%j is refused: %s at %s', (text, code, place) => {
  expect(problemsOf(() => columnsOf(text)).split('\n')[0]).toBe(`error[${code}] seeds/invoices.csv:${place}`)
})

test('a file that is not UTF-8 is told by line and byte', () => {
  const refuse = (bytes: Uint8Array) => problemsOf(() => decodeSeed(bytes, 'seeds/invoices.csv'))
  const latin1 = Buffer.concat([Buffer.from('account,nota\nA1100,ção\nA1200,'), Buffer.from('ção', 'latin1')])
  expect(refuse(latin1)).toBe(
    [
      'error[seed-encoding]',
      '  The seed file "seeds/invoices.csv" is not UTF-8: line 3, at byte offset 31.',
      '  hint: it may be Latin-1 or Windows-1252: save it as UTF-8',
    ].join('\n'),
  )
  expect(refuse(Buffer.from('\uFEFFaccount', 'utf16le'))).toContain('line 1, at byte offset 0')
  expect(refuse(Buffer.from('cut 💰').subarray(0, 6))).toContain('at byte offset 4')
  expect(decodeSeed(Buffer.from('\uFEFFconta,ção 💰'), 'seeds/invoices.csv').text).toBe('conta,ção 💰')
})

test('a file that is gone is told', async () => {
  const reading = readSeed(seedNode({}, path.join(folder, 'gone.csv')), duckdbDialect)
  await expect(reading).rejects.toThrow('The seed file "seeds/invoices.sql" cannot be read')
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { duckdbDialect } from '../../adapters/duckdb/dialect.ts'
import { inferColumns, misfits } from './columns.ts'
import { parseCsv } from './csv.ts'
import { scanSeed } from './scan.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-scan-'))
const file = path.join(folder, 'orders.csv')

afterAll(() => rmSync(folder, { recursive: true }))

async function scan(text: string, columnTypes: Readonly<Record<string, string>> = {}, delimiter = ',') {
  writeFileSync(file, text)
  return (await scanSeed(file, delimiter, { dialect: duckdbDialect, columnTypes, quoteColumns: false }))?.columns
}

/** What the reader of texts says; undefined where it tells a problem. */
function read(text: string, columnTypes: Readonly<Record<string, string>> = {}, delimiter = ',') {
  const { table, diagnostics } = parseCsv({ path: 'seeds/orders.csv', text: text.replace(/^\uFEFF/, '') }, delimiter)
  const options = { dialect: duckdbDialect, columnTypes, quoteColumns: false }
  if (diagnostics.length > 0 || misfits(table, options).length > 0) return undefined
  return inferColumns(table, options)
}

const value = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    ' NULL ',
    '7',
    '-7',
    '+7',
    ' 7',
    '007',
    '1.5',
    '.5',
    '1.',
    '-0.50',
    '1e5',
    '1,5',
    'NaN',
    'inf',
  ),
  fc.constantFrom(
    '2020-02-28',
    '2020-02-29',
    '2019-02-29',
    '2020-2-3',
    '2020-04-31',
    '2020-12-31',
    '0000-00-00',
    'epoch',
  ),
  fc.constantFrom(
    '2020-02-03 14:00:00',
    '2020-02-03T14:00:00.5',
    '2020-02-03 24:00:00',
    '2020-02-03 14:00',
    '2020-02-03 14:00:00Z',
  ),
  fc.constantFrom(
    'true',
    'False',
    ' t',
    'yes',
    'nope',
    'order',
    '\u00a07\u00a0',
    'ção',
    '9223372036854775808',
    '2147483648',
    '12345',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true }).map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.string({ maxLength: 3 }),
)
const type = fc.constantFrom(
  ...[
    'integer',
    'smallint',
    'bigint',
    'hugeint',
    'double',
    'numeric',
    'numeric(5,2)',
    'boolean',
    'date',
    'timestamp',
    'varchar',
  ],
)

test('columns are those that the reader of texts finds, and so is whether anything is wrong', async () => {
  const files = fc.record({
    width: fc.integer({ min: 1, max: 3 }),
    columns: fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), { maxLength: 4 }),
    mixed: fc.boolean(),
    types: fc.dictionary(fc.constantFrom('a', 'b', 'C', 'd'), type, { maxKeys: 2 }),
    quotes: fc.boolean(),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r', '\n\n'),
    mark: fc.constantFrom('', '\uFEFF'),
  })
  await fc.assert(
    fc.asyncProperty(files, async ({ width, columns, mixed, types, quotes, lineEnd, mark }) => {
      const cell = (text: string) => (quotes ? `"${text.replaceAll('"', '""')}"` : text)
      const header = ['a', 'b', 'c'].slice(0, width)
      const rows = columns.map((row) => row.slice(0, mixed ? 3 : width))
      const text = mark + [header, ...rows].map((row) => row.map(cell).join(',')).join(lineEnd)
      expect(await scan(text, types)).toEqual(read(text, types))
    }),
    { numRuns: 3000 },
  )
})

test.each([
  'a,b\n1,2,3\n',
  'a,b\n1\n',
  'a,b\n1,"2\n',
  'a,b\n1,"2" 3\n',
  'a,b\n1, "2"\n',
  'a,,b\n1,2,3\n',
  'a,A\n1,2\n',
  '\na\n1\n',
  '',
  '\n\n',
])('%j is left to the reader of texts', async (text) => {
  expect(await scan(text)).toBeUndefined()
  expect(read(text)).toBeUndefined()
})

test('bytes that are not UTF-8 are left to the reader of texts', async () => {
  writeFileSync(file, Buffer.from('account,nota\nA1100,ção\n', 'latin1'))
  const options = { dialect: duckdbDialect, columnTypes: {}, quoteColumns: false }
  expect(await scanSeed(file, ',', options)).toBeUndefined()
})

test('a value late in a long file counts', async () => {
  const rows = Array.from({ length: 200_000 }, (_, index) => `${index},2020-02-03`)
  const types = async (last: string) => (await scan(`a,b\n${rows.join('\n')}\n${last}\n`))?.map((column) => column.type)
  expect(await types('7,2020-02-29')).toEqual(['bigint', 'date'])
  expect(await types('7.5,2020-02-30')).toEqual(['double', 'varchar'])
  expect(await types('7')).toBeUndefined()
})

test('fields are split at delimiters of several bytes', async () => {
  expect(await scan('a||b\n1||x|y\n', {}, '||')).toEqual(read('a||b\n1||x|y\n', {}, '||'))
  expect(await scan('a¦b\n"1"¦ção\n', {}, '¦')).toEqual(read('a¦b\n"1"¦ção\n', {}, '¦'))
})

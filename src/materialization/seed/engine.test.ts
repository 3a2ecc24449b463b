import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Adapter, Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import { createPostgresAdapter } from '../../adapters/postgres/adapter.ts'
import { createTestPostgres } from '../../test/postgres/database.ts'
import { parseCsv } from './csv.ts'
import { scanSeed } from './scan.ts'
import { isNull } from './values.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-seed-'))
const postgres = await createTestPostgres()

const adapters: readonly Adapter[] = [
  createDuckdbAdapter({ path: ':memory:', projectRoot: folder }),
  createPostgresAdapter(postgres.options),
]

afterAll(async () => {
  await postgres.remove()
  rmSync(folder, { recursive: true })
})

const piece = fc.constantFrom(
  ...['a', 'ção', ' ', '"', ',', ';', '\n', '\r\n', '1', 'null', 'NULL', "'", '\\', '\\.', '|', '\t', '#', 'n', '\v'],
)
const field = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))
const tables = fc.record({
  width: fc.integer({ min: 1, max: 4 }),
  cells: fc.array(fc.array(field, { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
  delimiter: fc.constantFrom(',', ';', '\t', '|', '||', '¦'),
  lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\n\n'), { minLength: 6, maxLength: 6 }),
  alwaysQuote: fc.boolean(),
  endsWithLine: fc.boolean(),
  mark: fc.constantFrom('', '\uFEFF'),
})

function write(value: string, delimiter: string, alwaysQuote: boolean): string {
  const needsQuotes = alwaysQuote || /["\r\n]/.test(value) || value.includes(delimiter.charAt(0))
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value
}

describe.each(adapters.map((adapter) => ({ name: adapter.dialect.name, adapter })))('$name', ({ adapter }) => {
  let connection: Connection

  beforeAll(async () => {
    await adapter.open({ mode: 'write', runId: 'seeds', waitMs: 0 })
    connection = await adapter.connect()
    await connection.execute(adapter.dialect.createSchema({ schema: 'main' }))
  })

  afterAll(() => adapter.close())

  /** Loads as seeds are loaded, with what the scan said of the file. */
  async function load(text: string, width: number, delimiter: string): Promise<readonly (readonly unknown[])[]> {
    const file = path.join(folder, `${adapter.dialect.name}.csv`)
    writeFileSync(file, text)
    const relation = { schema: 'main', identifier: 'orders' }
    const columns = Array.from({ length: width }, (_, index) => ({ name: `c${index}`, type: 'varchar' }))
    await connection.execute(
      `${adapter.dialect.drop(relation, 'table')}; ${adapter.dialect.createTable(relation, columns)}`,
    )
    const shape = await scanSeed(file, delimiter, { dialect: adapter.dialect, columnTypes: {}, quoteColumns: true })
    const isPlain = shape?.isPlain ?? false
    const rows = await connection.load({ kind: 'load', relation, path: file, columns, delimiter, isPlain })
    expect((await connection.query('select count(*) from main.orders')).rows).toEqual([[rows]])
    return (await connection.query('select * from main.orders')).rows
  }

  /** What a file means by the rules of seeds. */
  function meaning(text: string, delimiter: string): readonly (readonly (string | null)[])[] {
    const { table, diagnostics } = parseCsv({ path: 'seeds/orders.csv', text: text.replace(/^\uFEFF/, '') }, delimiter)
    expect(diagnostics).toEqual([])
    return table.rows.map((row) => row.map((value) => (isNull(value) ? null : value)))
  }

  test('the engine loads what our reader reads', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ width, cells, delimiter, lineEnds, alwaysQuote, endsWithLine, mark }) => {
        const header = Array.from({ length: width }, (_, index) => `c${index}`)
        const lines = [header, ...cells.map((row) => row.slice(0, width))].map((row) =>
          row.map((value) => write(value, delimiter, alwaysQuote)).join(delimiter),
        )
        const isLast = (index: number) => index === lines.length - 1 && !endsWithLine
        const text = mark + lines.map((line, index) => line + (isLast(index) ? '' : lineEnds[index])).join('')
        // A space before a quote is a mistake that no load sees.
        fc.pre(!/(?:^|[,;|¦\t\n])[^\S\n]+"/.test(text))
        expect(await load(text, width, delimiter)).toEqual(meaning(text, delimiter))
      }),
      { numRuns: 300 },
    )
  })

  test('a file of many blocks arrives whole, whatever stands at their borders', async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => [
      String(index),
      index % 7 === 0 ? `"ção ""${index}""\nnext, line"` : `order ${'x'.repeat(index % 40)}`,
      index % 5 === 0 ? 'null' : '',
    ])
    const text = `c0,c1,c2\n${rows.map((row) => row.join(',')).join('\n')}`
    const loaded = await load(text, 3, ',')
    // A server puts short rows into the gaps that long ones left.
    const inOrder = [...loaded].sort((a, b) => Number(a[0]) - Number(b[0]))
    expect(inOrder).toEqual(meaning(text, ','))
  })

  test.each([
    ['plain', (index: number) => `order ${index} of the shop`],
    ['with quotes', (index: number) => `"order ""${index}"" of\nthe shop"`],
  ])('a large file arrives whole: %s', async (_, text) => {
    const count = 400_000
    const rows = Array.from({ length: count }, (_, index) => `${index},${text(index)},,2020-02-03`)
    await load(`c0,c1,c2,c3\n${rows.join('\n')}\n`, 4, ',')
    const { rows: sums } = await connection.query(
      `select count(distinct c0), min(length(c1)), max(length(c1)), count(c2), min(c3) from main.orders`,
    )
    const length = text(0).replaceAll('""', '"').replace(/^"|"$/g, '').length
    expect(sums).toEqual([[count, length, length + 5, 0, '2020-02-03']])
  })

  test('a value of more than a megabyte arrives', async () => {
    const text = `c0,c1\n1,"${'long, '.repeat(250_000)}"\n2,short\n`
    expect(await load(text, 2, ',')).toEqual(meaning(text, ','))
  })
})

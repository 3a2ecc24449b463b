import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connection } from '../../adapters/adapter.ts'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import { parseCsv } from './csv.ts'
import { isNull } from './values.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-seed-'))
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

async function load(
  text: string,
  header: readonly string[],
  delimiter: string,
): Promise<readonly (readonly unknown[])[]> {
  const file = path.join(folder, 'orders.csv')
  writeFileSync(file, text)
  const relation = { schema: 'main', identifier: 'orders' }
  const columns = header.map((_, index) => ({ name: `c${index}`, type: 'varchar' }))
  await connection.execute(
    `${adapter.dialect.drop(relation, 'table')}; ${adapter.dialect.createTable(relation, columns)}`,
  )
  await connection.load({ kind: 'load', relation, path: file, columns, delimiter })
  return (await connection.query('select * from main.orders')).rows
}

const piece = fc.constantFrom('a', 'ção', ' ', '"', ',', ';', '\n', '\r\n', '1', 'null', "'", '\\', '|', '\t', '#')
const field = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''))

function write(value: string, delimiter: string, alwaysQuote: boolean): string {
  const needsQuotes = alwaysQuote || /["\r\n]/.test(value) || value.includes(delimiter)
  return needsQuotes ? `"${value.replaceAll('"', '""')}"` : value
}

test('the engine loads what our reader reads', async () => {
  const tables = fc.record({
    width: fc.integer({ min: 1, max: 4 }),
    cells: fc.array(fc.array(field, { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    lineEnds: fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 6, maxLength: 6 }),
    alwaysQuote: fc.boolean(),
    endsWithLine: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(tables, async ({ width, cells, delimiter, lineEnds, alwaysQuote, endsWithLine }) => {
      const header = Array.from({ length: width }, (_, index) => `c${index}`)
      const lines = [header, ...cells.map((row) => row.slice(0, width))].map((row) =>
        row.map((value) => write(value, delimiter, alwaysQuote)).join(delimiter),
      )
      const isLast = (index: number) => index === lines.length - 1 && !endsWithLine
      const text = lines.map((line, index) => line + (isLast(index) ? '' : lineEnds[index])).join('')
      const { table, diagnostics } = parseCsv({ path: 'seeds/orders.csv', text }, delimiter)
      expect(diagnostics).toEqual([])
      const read = table.rows.map((row) => row.map((value) => (isNull(value) ? null : value)))
      expect(await load(text, header, delimiter)).toEqual(read)
    }),
    { numRuns: 300 },
  )
})

import { describe, expect, test } from 'vitest'
import { DateValue, Decimal, type QueryResult, TimestampValue } from '../sql/value.ts'
import { formatRowsAsJson, writeJson } from './rows-json.ts'
import { formatTable } from './table.ts'

const invoices: QueryResult = {
  columns: [
    { name: 'account', type: 'VARCHAR' },
    { name: 'average', type: 'DECIMAL(18,2)' },
    { name: 'invoices', type: 'BIGINT' },
    { name: 'total', type: 'HUGEINT' },
    { name: 'first', type: 'DATE' },
    { name: 'seen_at', type: 'TIMESTAMP WITH TIME ZONE' },
    { name: 'months', type: 'INTEGER[]' },
    { name: 'open', type: 'BOOLEAN' },
  ],
  rows: [
    [
      'A1100',
      new Decimal('41416.66'),
      6,
      12345678901234567890n,
      new DateValue('2019-07-01'),
      new TimestampValue('2020-02-03T14:00:01.001+00:00', true),
      [7, 8],
      true,
    ],
    ['A1300', null, 0, 0n, null, new TimestampValue('2020-02-03T14:00:01.001', false), [], false],
  ],
}

describe('rows as JSON', () => {
  test('are in the form of dbt, with every digit that the database gave', () => {
    expect(formatRowsAsJson('invoices', invoices)).toBe(`\
{
  "node": "invoices",
  "show": [
    {
      "account": "A1100",
      "average": 41416.66,
      "invoices": 6,
      "total": 12345678901234567890,
      "first": "2019-07-01",
      "seen_at": "2020-02-03T14:00:01.001+00:00",
      "months": [
        7,
        8
      ],
      "open": true
    },
    {
      "account": "A1300",
      "average": null,
      "invoices": 0,
      "total": 0,
      "first": null,
      "seen_at": "2020-02-03T14:00:01.001",
      "months": [],
      "open": false
    }
  ]
}`)
  })

  test('name no node where there is none, and may be none', () => {
    expect(formatRowsAsJson(undefined, { columns: [{ name: 'one', type: 'INTEGER' }], rows: [] })).toBe(
      '{\n  "show": []\n}',
    )
  })

  test('keep the order of columns that are called by numbers, and the last of two with one name', () => {
    const columns = ['2020', '2019', 'n', 'n'].map((name) => ({ name, type: 'INTEGER' }))
    expect(formatRowsAsJson('years', { columns, rows: [[1, 2, 3, 4]] })).toContain(
      '"2020": 1,\n      "2019": 2,\n      "n": 4',
    )
  })

  test.each([
    [new Decimal('500.00'), '500.00'],
    [Number.NaN, '"NaN"'],
    [Number.POSITIVE_INFINITY, '"Infinity"'],
    ['Olá "você"\n', '"Olá \\"você\\"\\n"'],
    [{ a: [1, { b: null }] }, '{"a": [1, {"b": null}]}'],
    [{}, '{}'],
  ])('write %o as %s', (value, text) => {
    expect(writeJson(value)).toBe(text)
  })
})

describe('a table', () => {
  test('aligns numbers to the right and text to the left', () => {
    expect(
      formatTable('invoices', {
        columns: invoices.columns.slice(0, 4),
        rows: invoices.rows.map((row) => row.slice(0, 4)),
      }),
    ).toBe(`\
Previewing node 'invoices':
| account |  average | invoices |                total |
| ------- | -------- | -------- | -------------------- |
| A1100   | 41416.66 |        6 | 12345678901234567890 |
| A1300   |          |        0 |                    0 |`)
  })

  test('counts wide characters, emoji and accents as a terminal shows them', () => {
    const rows = [['São Paulo'], ['東京'], ['👩‍👩‍👧 ok'], ['e\u0301'], ['two\nlines']]
    expect(formatTable(undefined, { columns: [{ name: 'city', type: 'VARCHAR' }], rows })).toBe(`\
Previewing inline node:
| city      |
| --------- |
| São Paulo |
| 東京      |
| 👩‍👩‍👧 ok     |
| e\u0301         |
| two lines |`)
  })

  test('cuts what is too wide and shows nested values in one line', () => {
    const columns = [
      { name: 'payload', type: 'VARCHAR' },
      { name: 'content', type: 'STRUCT' },
    ]
    const lines = formatTable('messages', {
      columns,
      rows: [['x'.repeat(100), { name: 'maria', tags: ['a', 'b'] }]],
    }).split('\n')
    expect(lines[3]).toBe(`| ${'x'.repeat(79)}… | {"name": "maria", "tags": ["a", "b"]} |`)
  })

  test('without rows has its heading', () => {
    expect(formatTable('orders', { columns: [{ name: 'id', type: 'INTEGER' }], rows: [] })).toBe(
      "Previewing node 'orders':\n| id |\n| -- |",
    )
  })

  test('holds more rows than a function takes arguments', () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => [index])
    expect(formatTable('orders', { columns: [{ name: 'id', type: 'INTEGER' }], rows }).length).toBeGreaterThan(200_000)
  })
})

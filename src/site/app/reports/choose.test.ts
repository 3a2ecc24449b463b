import { describe, expect, test } from 'vitest'
import { plainText } from '../../../report/locale-text.ts'
import type { ColumnKind } from '../../../sql/column-kind.ts'
import { Decimal } from '../../../sql/value.ts'
import type { FilterIndex } from '../../data/dashboard-index.ts'
import { chosenRows, optionsOf, parseRange, sortedRows, writeRange } from './choose.ts'
import { readRow } from './values.ts'

const COLUMNS = (
  [
    ['id', 'integer'],
    ['customer', 'text'],
    ['sent_at', 'timestamp'],
    ['amount', 'decimal'],
  ] as const
).map(([name, type]) => ({
  name,
  type: type as ColumnKind,
  label: { en: name, pt: name },
  format: { kind: 'text' } as const,
  hidden: false,
}))

const ROWS = (
  [
    [1, 'Ação', '2020-02-03T23:59:59.999', '9.50'],
    [2, 'acme 10', '2020-02-04T00:00:00', '10.00'],
    ['9007199254740993', 'acme 9', null, '-1.00'],
    [4, null, '2020-02-05T12:00:00+00:00', null],
  ] as const
).map((values) => readRow(COLUMNS, values))

const filter = (column: string, kind: FilterIndex['kind'], required = false): FilterIndex => ({
  column,
  kind,
  required,
  label: { en: column, pt: column },
})
const ids = (filters: readonly FilterIndex[], chosen: Readonly<Record<string, string>>) =>
  chosenRows({ columns: COLUMNS, filters }, ROWS, chosen).map(([id]) => String(id))

describe('chosenRows', () => {
  test('a value, by its text; an empty one is null', () => {
    expect(ids([filter('customer', 'select')], { customer: 'acme 9' })).toEqual(['9007199254740993'])
    expect(ids([filter('id', 'select')], { id: '9007199254740993' })).toEqual(['9007199254740993'])
    expect(ids([filter('customer', 'select')], { customer: '' })).toEqual(['4'])
  })

  test('a part of a text, in capital letters or not', () => {
    expect(ids([filter('customer', 'search')], { customer: 'AÇ' })).toEqual(['1'])
    expect(ids([filter('customer', 'search')], { CUSTOMER: 'acme' })).toEqual(['2', '9007199254740993'])
  })

  test('days from one to another, both whole, in times too', () => {
    const days = [filter('sent_at', 'date_range')]
    expect(ids(days, { sent_at: '2020-02-03' })).toEqual(['1'])
    expect(ids(days, { sent_at: '2020-02-04..' })).toEqual(['2', '4'])
    expect(ids(days, { sent_at: '..2020-02-04' })).toEqual(['1', '2'])
    expect(ids(days, { sent_at: '2020-02-03..2020-02-04' })).toEqual(['1', '2'])
  })

  test('all of them together, and nothing by what is no filter or is chosen already', () => {
    const both = [filter('customer', 'search'), filter('sent_at', 'date_range')]
    expect(ids(both, { customer: 'acme', sent_at: '2020-02-04' })).toEqual(['2'])
    expect(ids([filter('customer', 'search')], { id: '1' })).toHaveLength(4)
    expect(ids([filter('id', 'select', true)], { id: '1' })).toHaveLength(4)
  })
})

test('a range of days is written as it is read', () => {
  for (const text of ['2020-02-03', '2020-02-03..', '..2020-02-03', '2020-02-03..2020-02-04', '']) {
    expect(writeRange(parseRange(text))).toBe(text)
  }
})

describe('sortedRows', () => {
  const sorted = (column: number, isDescending: boolean) =>
    sortedRows(ROWS, { column, isDescending }, 'pt-BR').map(([id]) => String(id))

  test('numbers by their size, text as people sort it, and null last both ways', () => {
    expect(sorted(3, false)).toEqual(['9007199254740993', '1', '2', '4'])
    expect(sorted(3, true)).toEqual(['2', '1', '9007199254740993', '4'])
    expect(sorted(1, false)).toEqual(['1', '9007199254740993', '2', '4'])
    expect(sorted(2, true)).toEqual(['4', '2', '1', '9007199254740993'])
  })

  test('not at all without a column', () => {
    expect(sortedRows(ROWS, undefined, 'en')).toBe(ROWS)
  })
})

test('options are each value once, by text, and tell their values where texts are the same', () => {
  const options = [
    { value: '9', text: 'Bruno' },
    { value: '7', text: 'Ana' },
    { value: '8', text: 'Ana' },
    { value: '9', text: 'Bruno' },
  ]
  expect(optionsOf(options, 'en').map(({ text }) => text)).toEqual(['Ana (7)', 'Ana (8)', 'Bruno'])
})

test('values are read with all their digits', () => {
  expect(readRow(COLUMNS, ['9007199254740993', 'x', '2020-02-03T00:00:00', '1000.00'])).toEqual([
    9007199254740993n,
    'x',
    expect.objectContaining({ iso: '2020-02-03T00:00:00', hasZone: false }),
    new Decimal('1000.00'),
  ])
})

test('nested values are read with all their digits', () => {
  const json = '{"price": 0.10, "sizes": [9007199254740993, 2, null], "name": "A"}'
  const [value = null] = readRow([{ type: 'other' }], [{ json }])
  expect(plainText(value)).toBe(json)
})

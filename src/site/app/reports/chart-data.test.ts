import { describe, expect, test } from 'vitest'
import type { ColumnKind } from '../../../sql/column-kind.ts'
import { DateValue, Decimal } from '../../../sql/value.ts'
import type { ColumnIndex } from '../../data/dashboard-index.ts'
import { chartData } from './chart-data.ts'
import type { Row } from './values.ts'

const column = (name: string, type: ColumnKind): ColumnIndex => ({
  name,
  type,
  label: { en: name, pt: `${name} em português` },
  format: { kind: type === 'date' ? 'date' : 'text' },
  hidden: false,
})
const day = (iso: string) => new DateValue(iso)
const money = (digits: string) => new Decimal(digits)

const BY_DAY = {
  columns: [column('day', 'date'), column('amount', 'decimal'), column('customer', 'text')],
  x: 'day',
  y: ['amount'],
  series: 'customer',
}

describe('chartData', () => {
  test('makes a line of each value of the series, over all days that any of them has', () => {
    const rows: readonly Row[] = [
      [day('2020-02-03'), money('5000.00'), 'Acme'],
      [day('2020-02-05'), null, 'Acme'],
      [day('2020-02-04'), money('0.10'), 'Bruno'],
      [null, money('7.00'), 'Bruno'],
    ]
    const data = chartData(BY_DAY, rows, 'en')!
    expect(data.axis).toBe('time')
    expect(data.x.map((x) => new Date(x * 1000).toISOString().slice(0, 10))).toEqual([
      '2020-02-03',
      '2020-02-04',
      '2020-02-05',
    ])
    expect(data.lines.map(({ name, y }) => [name, y])).toEqual([
      ['Acme', [5000, undefined, null]],
      ['Bruno', [undefined, 0.1, undefined]],
    ])
  })

  test('keeps every row with the same x as a point of its own', () => {
    const rows: readonly Row[] = [
      [day('2020-02-03'), money('1.00'), 'Acme'],
      [day('2020-02-03'), money('2.00'), 'Acme'],
      [day('2020-02-03'), money('3.00'), 'Bruno'],
    ]
    const { x, lines } = chartData(BY_DAY, rows, 'en')!
    expect(x).toHaveLength(2)
    expect(lines.map(({ y }) => y)).toEqual([
      [1, 2],
      [3, undefined],
    ])
  })

  test('draws every column of y, named in the language of the reader', () => {
    const panel = {
      columns: [column('size', 'integer'), column('cost', 'float'), column('worth', 'float')],
      x: 'size',
      y: ['cost', 'worth'],
    }
    const { axis, x, lines } = chartData(
      panel,
      [
        [2, 0.5, 1],
        [1, 0.25, null],
      ],
      'pt-BR',
    )!
    expect([axis, x]).toEqual(['number', [1, 2]])
    expect(lines.map(({ name, y }) => [name, y])).toEqual([
      ['cost em português', [0.25, 0.5]],
      ['worth em português', [null, 1]],
    ])
  })

  test('gives labels in the order of the rows, and two places to two rows of one name', () => {
    const panel = { columns: [column('customer', 'text'), column('sent', 'integer')], x: 'customer', y: ['sent'] }
    const { axis, labels, lines } = chartData(
      panel,
      [
        ['Zoe', 3],
        ['Ana', 2],
        ['Ana', 1],
      ],
      'en',
    )!
    expect([axis, labels, lines[0]!.y]).toEqual(['label', ['Zoe', 'Ana', 'Ana'], [3, 2, 1]])
  })

  test('puts the lines of one label at one place', () => {
    const panel = {
      columns: [column('state', 'text'), column('sent', 'integer'), column('channel', 'text')],
      x: 'state',
      y: ['sent'],
      series: 'channel',
    }
    const { labels, lines } = chartData(
      panel,
      [
        ['SP', 3, 'sms'],
        ['RJ', 2, 'sms'],
        ['SP', 1, 'mail'],
      ],
      'en',
    )!
    expect(labels).toEqual(['SP', 'RJ'])
    expect(lines.map(({ name, y }) => [name, y])).toEqual([
      ['sms', [3, 2]],
      ['mail', [1, undefined]],
    ])
  })

  test('gives the greatest of many lines, in their order, and says how many are left', () => {
    const rows = Array.from({ length: 20 }, (_, index): Row => [day('2020-02-03'), money(`${index}`), `c${index}`])
    const { lines, otherLines } = chartData(BY_DAY, rows, 'en')!
    expect(lines.map(({ name }) => name)).toEqual(['c12', 'c13', 'c14', 'c15', 'c16', 'c17', 'c18', 'c19'])
    expect(otherLines).toBe(12)
  })
})

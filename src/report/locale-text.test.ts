import { expect, test } from 'vitest'
import type { ColumnFormat } from '../manifest/panel.ts'
import { DateValue, Decimal, type SqlValue, TimestampValue } from '../sql/value.ts'
import { localeText } from './locale-text.ts'
import { csvLine } from './rows/csv.ts'
import { escapeMarkdown } from './rows/markdown.ts'

const BRL: ColumnFormat = { kind: 'money', currency: 'BRL' }
const DATE: ColumnFormat = { kind: 'date' }
const DATETIME: ColumnFormat = { kind: 'datetime' }

const TEXTS: readonly (readonly [SqlValue, ColumnFormat, string, string])[] = [
  [new Decimal('1000.00'), BRL, 'R$1,000.00', 'R$ 1.000,00'],
  [new Decimal('-0.05'), BRL, '-R$0.05', '-R$ 0,05'],
  [new Decimal('2.345'), BRL, 'R$2.35', 'R$ 2,35'],
  [
    new Decimal('12345678901234567890123456.78'),
    BRL,
    'R$12,345,678,901,234,567,890,123,456.78',
    'R$ 12.345.678.901.234.567.890.123.456,78',
  ],
  [new Decimal('41416.66'), { kind: 'number' }, '41,416.66', '41.416,66'],
  [new Decimal('500.00'), { kind: 'number' }, '500.00', '500,00'],
  [new Decimal('500.00'), { kind: 'number', decimals: 1 }, '500.0', '500,0'],
  [new Decimal('NaN'), { kind: 'number' }, 'NaN', 'NaN'],
  [0.1, { kind: 'number' }, '0.1', '0,1'],
  [9007199254740993n, { kind: 'integer' }, '9,007,199,254,740,993', '9.007.199.254.740.993'],
  [25000, { kind: 'integer' }, '25,000', '25.000'],
  [7494212, { kind: 'text' }, '7494212', '7494212'],
  [new Decimal('0.256'), { kind: 'percent' }, '25.6%', '25,6%'],
  [new Decimal('0.256'), { kind: 'percent', decimals: 0 }, '26%', '26%'],
  [new DateValue('2020-02-03'), DATE, 'Feb 3, 2020', '03/02/2020'],
  [new DateValue('0900-12-31'), DATE, 'Dec 31, 900', '31/12/0900'],
  [new DateValue('infinity'), DATE, 'infinity', 'infinity'],
  [new DateValue('-0043-03-15'), DATE, '-0043-03-15', '-0043-03-15'],
  [new TimestampValue('2020-02-03T14:00:01.001+00:00', true), DATE, 'Feb 3, 2020', '03/02/2020'],
  [
    new TimestampValue('2020-02-03T14:00:01.001+00:00', true),
    DATETIME,
    'Feb 3, 2020 14:00:01.001 UTC',
    '03/02/2020 14:00:01,001 UTC',
  ],
  [new TimestampValue('2020-02-03T14:00:00', false), DATETIME, 'Feb 3, 2020 14:00:00', '03/02/2020 14:00:00'],
  [new TimestampValue('infinity', false), DATETIME, 'infinity', 'infinity'],
  [null, BRL, '', ''],
  [[1, new Decimal('2.50')], { kind: 'text' }, '[1, 2.50]', '[1, 2.50]'],
  ['n/a', BRL, 'n/a', 'n/a'],
]

test.each(TEXTS)('%s as %o is "%s" in English and "%s" in Portuguese', (value, format, en, pt) => {
  expect([localeText(value, format, 'en'), localeText(value, format, 'pt-BR')]).toEqual([en, pt])
})

test('a line of CSV quotes what needs it, and tells null from an empty text', () => {
  expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', '', null, ' x ', true, new Decimal('1.50')])).toBe(
    'a,"b,c","say ""hi""","two\nlines","",, x ,true,1.50\r\n',
  )
  expect(csvLine(['=1+1'])).toBe('=1+1\r\n')
  expect(csvLine([null])).toBe('""\r\n')
})

test.each([
  ['a | b', 'a \\| b'],
  ['*bold* _it_ snake_case `code`', '\\*bold\\* \\_it\\_ snake_case \\`code\\`'],
  ['<script> & co', '&lt;script> &amp; co'],
  ['[link](x) ~~no~~', '\\[link\\](x) \\~\\~no\\~\\~'],
  ['two\r\nlines\nhere', 'two<br>lines<br>here'],
  ['back\\slash', 'back\\\\slash'],
])('%j is %j in Markdown', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped)
})

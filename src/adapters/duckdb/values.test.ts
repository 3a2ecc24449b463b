import { afterAll, beforeAll, expect, test } from 'vitest'
import { DateValue, type SqlValue, TimestampValue } from '../../sql/value.ts'
import type { Connection } from '../adapter.ts'
import { createDuckdbAdapter } from './adapter.ts'

const adapter = createDuckdbAdapter({ path: ':memory:', projectRoot: '/' })
let connection: Connection

beforeAll(async () => {
  await adapter.open({ mode: 'write', runId: 'values', waitMs: 0 })
  connection = await adapter.connect()
})

afterAll(() => adapter.close())

const zoneless = (iso: string) => new TimestampValue(iso, false)

const cases: readonly (readonly [sql: string, value: SqlValue])[] = [
  ['170141183460469231731687303715884105727::hugeint', 170141183460469231731687303715884105727n],
  ['42::hugeint', 42],
  ["'41416.66'::decimal(38, 2)::varchar", '41416.66'],
  ['sum(x) from (values (1), (2)) as t(x)', 3],
  ["'NaN'::double", Number.NaN],
  ["timestamp_s '2020-02-03 14:00:01'", zoneless('2020-02-03T14:00:01')],
  ["timestamp_ms '2020-02-03 14:00:01.001'", zoneless('2020-02-03T14:00:01.001')],
  ["timestamp_ns '2020-02-03 14:00:01.123456789'", zoneless('2020-02-03T14:00:01.123456789')],
  ["timestamp '2020-02-03 14:00:01.1234'", zoneless('2020-02-03T14:00:01.123400')],
  ["'infinity'::timestamp", zoneless('infinity')],
  ["'-infinity'::date", new DateValue('-infinity')],
  ["date '2000-02-29'", new DateValue('2000-02-29')],
  ["date '1900-03-01'", new DateValue('1900-03-01')],
  ["date '0001-01-01'", new DateValue('0001-01-01')],
  ["date '0044-03-15 (BC)'", new DateValue('-0043-03-15')],
  ["date '290000-12-31'", new DateValue('290000-12-31')],
  ["time '14:00:01.5'", '14:00:01.5'],
  ["interval '1 day 02:00:00'", '1 day 02:00:00'],
  ["'5b81ff24-a1de-4c0b-8a6e-6f1f6c5d4e3f'::uuid", '5b81ff24-a1de-4c0b-8a6e-6f1f6c5d4e3f'],
  ["'sms'::enum('sms', 'whatsapp')", 'sms'],
  ['[1, null, 3]', [1, null, 3]],
  ['array_value(1, 2)', [1, 2]],
  ["{'name': 'maria', 'since': date '2020-02-03'}", { name: 'maria', since: new DateValue('2020-02-03') }],
  ["map {'e-mail do cliente': 'a@b', '__proto__': 'x'}", JSON.parse('{"e-mail do cliente": "a@b", "__proto__": "x"}')],
  ["map {1: 'a'}", [{ key: 1, value: 'a' }]],
  ['union_value(k := 7)', 7],
  [`'{"cpf": "305.584.960-40"}'::json`, '{"cpf": "305.584.960-40"}'],
  ["'\\xDE\\xAD'::blob", 'dead'],
  ["'101'::bit", '101'],
]

test.each(cases)('select %s', async (sql, value) => {
  expect((await connection.query(`select ${sql}`)).rows).toEqual([[value]])
})

test('types are named as the engine names them, JSON too', async () => {
  const { columns } = await connection.query(
    `select '{}'::json as j, 1.5::decimal(18, 2) as d, now() as t, {'a': 1} as s`,
  )
  expect(columns.map((column) => column.type)).toEqual([
    'JSON',
    'DECIMAL(18,2)',
    'TIMESTAMP WITH TIME ZONE',
    'STRUCT("a" INTEGER)',
  ])
})

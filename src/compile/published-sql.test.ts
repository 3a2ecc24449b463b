import { expect, test } from 'vitest'
import { toPublishedSql } from './published-sql.ts'

test('names published relations, quoted or not', () => {
  const names = new Map([
    ['orders__lavra_3f9a1c2b', 'orders'],
    ['orders__lavra_3f9a1c2b_delta', 'orders_delta'],
    ['a_very_long__lavra_3f9a1c2b', 'a_very_long_name_$&'],
  ])
  const sql = `select * from "main"."orders__lavra_3f9a1c2b" join orders__lavra_3f9a1c2b_delta using (id)
join "main"."a_very_long__lavra_3f9a1c2b" using (id)`
  expect(toPublishedSql(sql, names)).toBe(`select * from "main"."orders" join orders_delta using (id)
join "main"."a_very_long_name_$&" using (id)`)
})

test('names with quotes are found as they are written', () => {
  const names = new Map([[`the "best" of '20__lavra_3f9a1c2b`, `the "best" of '20`]])
  const sql = `select 'the "best" of ''20__lavra_3f9a1c2b' from "main"."the ""best"" of '20__lavra_3f9a1c2b"`
  expect(toPublishedSql(sql, names)).toBe(`select 'the "best" of ''20' from "main"."the ""best"" of '20"`)
})

test('leaves other text alone', () => {
  expect(toPublishedSql('select 1', new Map())).toBe('select 1')
})

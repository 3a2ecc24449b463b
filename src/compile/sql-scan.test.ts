import { expect, test } from 'vitest'
import { findWithPlace, isOrdered, scanSql } from './sql-scan.ts'

function kinds(sql: string): string[] {
  return Array.from(scanSql(sql), (token) => `${token.kind} ${sql.slice(token.start, token.end)}`).filter(
    (token) => !token.startsWith('space'),
  )
}

test('tells strings, quoted names, comments and words apart', () => {
  expect(kinds(`select 'it''s' "my ""with""" -- with\n/* a /* b */ with */ $$ with $$ e'a\\'b', x1`)).toEqual([
    'word select',
    `string 'it''s'`,
    'name "my ""with"""',
    'comment -- with',
    'comment /* a /* b */ with */',
    'string $$ with $$',
    `string e'a\\'b'`,
    'symbol ,',
    'word x1',
  ])
})

test('covers the whole text, also when something is never closed', () => {
  for (const sql of ["select 'open", 'select "open', 'select /* open', 'select $tag$ open', 'é — 雪 1.5']) {
    const tokens = [...scanSql(sql)]
    expect(tokens.map((token) => sql.slice(token.start, token.end)).join('')).toBe(sql)
  }
})

test.each([
  ['select 1', '|select 1'],
  ['\n  -- with love\nselect 1', '\n  |-- with love\nselect 1'],
  ['WITH  o as (select 1) select * from o', 'WITH  |o as (select 1) select * from o'],
  ['-- first\nwith recursive t as (select 1) select 1', '-- first\nwith recursive |t as (select 1) select 1'],
  ['with /* why */ o as (select 1) select 1', 'with |/* why */ o as (select 1) select 1'],
  ["select 'with x as (' from t", "|select 'with x as (' from t"],
  ['select * from unnest([1]) with ordinality', '|select * from unnest([1]) with ordinality'],
  ['select (with q as (select 1) select * from q)', '|select (with q as (select 1) select * from q)'],
  ['select with_love from t', '|select with_love from t'],
])('finds the place for more common table expressions in %j', (sql, marked) => {
  const { offset } = findWithPlace(sql)
  expect(`${sql.slice(0, offset)}|${sql.slice(offset)}`).toBe(marked)
})

test.each([
  ['select 1 order by 1', true],
  ['select 1\nORDER /* so */ BY 1 limit 5', true],
  ['select row_number() over (order by a) from t', false],
  ['with a as (select 1 order by 1) select * from a', false],
  [`select 'order by' as text -- order by 1`, false],
])('%j orders its rows: %s', (sql, expected) => {
  expect(isOrdered(sql)).toBe(expected)
})

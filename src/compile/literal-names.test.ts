import { expect, test } from 'vitest'
import type { Rendered } from '../template/index.ts'
import { span } from '../text/source-file.ts'
import { publishLiterals } from './literal-names.ts'

const NAMES = new Map([['orders__lavra_3f9a1c2b', 'orders']])

function rendered(text: string): Rendered {
  const file = { path: 'models/all.sql', text }
  return { text, map: { locate: (offset) => ({ place: span(file, offset), calls: [] }) } }
}

test('a relation between quotes is data, and data has published names', () => {
  const query = rendered(
    `select '"main"."orders__lavra_3f9a1c2b"' as source, o.* from "main"."orders__lavra_3f9a1c2b" as o`,
  )
  const { text, map } = publishLiterals(query, NAMES)
  expect(text).toBe(`select '"main"."orders"' as source, o.* from "main"."orders__lavra_3f9a1c2b" as o`)
  expect(map.locate(text.indexOf('o.*'))?.place.start).toBe(query.text.indexOf('o.*'))
  expect(map.locate(text.indexOf(`'"main"`))?.place.start).toBe(query.text.indexOf(`'"main"`))
})

test('text that the engine takes for a name stays', () => {
  for (const text of [
    `from query_table('orders__lavra_3f9a1c2b')`,
    `from query ( 'from orders__lavra_3f9a1c2b' )`,
    `select 'orders__lavra_3f9a1c2b'::regclass`,
    `select 1 -- 'orders__lavra_3f9a1c2b'`,
  ]) {
    expect(publishLiterals(rendered(text), NAMES).text).toBe(text)
  }
})

test('a query without candidates stays as it is', () => {
  const query = rendered("select 'orders'")
  expect(publishLiterals(query, NAMES)).toBe(query)
  expect(publishLiterals(query, new Map())).toBe(query)
})

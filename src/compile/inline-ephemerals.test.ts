import { expect, test } from 'vitest'
import type { Rendered } from '../template/index.ts'
import { span } from '../text/source-file.ts'
import { inlineEphemerals } from './inline-ephemerals.ts'

/** Text that was rendered from a file of the same text. */
function rendered(path: string, text: string): Rendered {
  const file = { path, text }
  return { text, map: { locate: (offset) => ({ place: span(file, offset), calls: [] }) } }
}

const stgOrders = { name: '__dbt__cte__stg_orders', rendered: rendered('models/stg_orders.sql', '\nselect 1 as id') }
const bigOrders = { name: '__dbt__cte__big_orders', rendered: rendered('models/big_orders.sql', '-- big\nselect 2') }

test('opens a with where the query has none', () => {
  const query = rendered('models/orders.sql', '\n-- all\nselect * from __dbt__cte__stg_orders')
  expect(inlineEphemerals(query, [stgOrders, bigOrders]).text).toBe(
    `
with __dbt__cte__stg_orders as (

select 1 as id
),  __dbt__cte__big_orders as (
-- big
select 2
) -- all
select * from __dbt__cte__stg_orders`,
  )
})

test('goes into the with of the query', () => {
  const query = rendered('models/orders.sql', 'WITH  o as (select 1)\nselect * from o')
  expect(inlineEphemerals(query, [stgOrders, bigOrders]).text).toBe(
    `WITH   __dbt__cte__stg_orders as (

select 1 as id
),  __dbt__cte__big_orders as (
-- big
select 2
), o as (select 1)
select * from o`,
  )
})

test('every character still leads to the file that wrote it', () => {
  const query = rendered('models/orders.sql', 'with o as (select 1)\nselect * from o')
  const { text, map } = inlineEphemerals(query, [stgOrders, bigOrders])
  const placeOf = (needle: string) => {
    const place = map.locate(text.indexOf(needle))?.place
    return place && `${place.file.path} ${place.file.text.slice(place.start, place.start + needle.length)}`
  }
  expect(placeOf('select 1 as id')).toBe('models/stg_orders.sql select 1 as id')
  expect(placeOf('-- big')).toBe('models/big_orders.sql -- big')
  expect(placeOf('o as (')).toBe('models/orders.sql o as (')
  expect(placeOf('from o')).toBe('models/orders.sql from o')
  expect(placeOf('__dbt__cte__stg_orders as')).toBeUndefined()
})

test('a query without ephemeral models stays as it is', () => {
  const query = rendered('models/orders.sql', 'select 1')
  expect(inlineEphemerals(query, [])).toBe(query)
})

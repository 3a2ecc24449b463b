import { expect, test } from 'vitest'
import type { SiteLineage } from '../../site-data.ts'
import { followColumn } from './follow-column.ts'

/** raw (0) → orders (1) → customers (2) and bills (3); of what `anything` (4) makes of orders nothing exact is known. */
const LINEAGE: SiteLineage = [
  {
    columns: [
      { name: 'amount', inputs: [] },
      { name: 'customer', inputs: [] },
    ],
    rows: [],
  },
  {
    columns: [
      { name: 'amount', inputs: [[0, 'amount', 'derived']] },
      { name: 'customer', inputs: [[0, 'customer', 'copied']] },
    ],
    rows: [],
  },
  { columns: [{ name: 'worth', inputs: [[1, 'AMOUNT', 'derived']] }], rows: [[1, 'customer', 'grouped']] },
  {
    columns: [
      {
        name: 'total',
        inputs: [
          [2, 'worth', 'copied'],
          [1, 'customer', 'derived'],
        ],
      },
    ],
    rows: [],
  },
  { columns: [{ name: 'x', inputs: [[1, null, 'derived']] }], rows: [], unknown: 'it is opaque' },
]

test('a column is followed to what it is made of and to what is made of it, and no other column of those tables', () => {
  const { columns, edges } = followColumn(LINEAGE, { node: 2, column: 'worth' })
  expect([...columns]).toEqual([
    [2, ['worth']],
    [1, ['AMOUNT']],
    [0, ['amount']],
    [3, ['total']],
  ])
  expect(edges.map(({ from, to, how }) => `${from.node}.${from.column} ${how} ${to.node}.${to.column}`)).toEqual([
    '1.AMOUNT derived 2.worth',
    '0.amount derived 1.AMOUNT',
    '2.worth copied 3.total',
  ])
})

test('what may be made of all columns of a table is below each of them', () => {
  const { columns } = followColumn(LINEAGE, { node: 0, column: 'customer' })
  expect([...columns.keys()].sort()).toEqual([0, 1, 3, 4])
})

test('above a table of which only some columns are known to be read stand all that it reads', () => {
  const { columns } = followColumn(LINEAGE, { node: 4, column: 'x' })
  expect([...columns]).toEqual([
    [4, ['x']],
    [1, [null]],
    [0, [null]],
  ])
})

test('a node without lineage has only itself', () => {
  expect([...followColumn([null], { node: 0, column: 'id' }).columns]).toEqual([[0, ['id']]])
})

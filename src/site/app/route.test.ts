import { expect, test } from 'vitest'
import { hrefOf, parseRoute, type Route } from './route.ts'

const ROUTES: readonly (readonly [string, Route])[] = [
  ['#/', { page: 'overview' }],
  ['#/node/model.shop.orders', { page: 'node', id: 'model.shop.orders' }],
  ['#/node/model.shop.orders?column=a%20%26%20b', { page: 'node', id: 'model.shop.orders', column: 'a & b' }],
  ['#/graph?select=%2Borders%2B%20tag%3Agold', { page: 'graph', select: '+orders+ tag:gold' }],
  ['#/graph?folder=models%2Fgold&tag=paid', { page: 'graph', folder: 'models/gold', tag: 'paid' }],
  ['#/runs', { page: 'runs' }],
  ['#/runs/3f9a', { page: 'run', id: '3f9a' }],
  ['#/reports', { page: 'reports' }],
  ['#/reports/billing', { page: 'report', name: 'billing', chosen: {} }],
  [
    '#/reports/billing?customer=A%20%26%20B&day=2020-02-03..&note=',
    { page: 'report', name: 'billing', chosen: { customer: 'A & B', day: '2020-02-03..', note: '' } },
  ],
  ['#/tests', { page: 'tests' }],
  ['#/findings', { page: 'findings' }],
  ['#/search?text=10%25', { page: 'search', text: '10%' }],
]

test.each(ROUTES)('%s is an address that can be shared', (href, route) => {
  expect(hrefOf(route)).toBe(href)
  expect(parseRoute(href)).toEqual(route)
})

test('an address without meaning is told apart, and one that was cut off is read as far as it goes', () => {
  expect(parseRoute('#/nowhere')).toEqual({ page: 'unknown' })
  expect(parseRoute('#/node/model.shop.%E0')).toEqual({ page: 'node', id: 'model.shop.%E0' })
  expect(parseRoute('')).toEqual({ page: 'overview' })
})

import { describe, expect, test } from 'vitest'
import { dataTest, exposure, genericTest, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { graphOf, testEdges } from './from-manifest.ts'

const visits = source('web', 'visits')
const rawOrders = seed('raw_orders')
const orders = model('orders', [rawOrders.id])
const customers = model('customers', [orders.id, visits.id])
const report = model('report', [customers.id])
const board = exposure('board', [report.id])

test('everything stands below what it depends on', () => {
  const notNull = genericTest('not_null', orders, 'id')
  const dag = graphOf(manifestOf([visits, rawOrders, orders, customers, report, board, notNull]))
  expect(dag.levels).toEqual([
    ['seed.shop.raw_orders', 'source.shop.web.visits'],
    ['model.shop.orders'],
    ['model.shop.customers', 'test.shop.not_null_orders_id'],
    ['model.shop.report'],
    ['exposure.shop.board'],
  ])
})

describe('a build waits', () => {
  const edgesWith = (...tests: Parameters<typeof manifestOf>[0]) => {
    const manifest = manifestOf([visits, rawOrders, orders, customers, report, board, ...tests])
    return testEdges(graphOf(manifest), manifest)
  }

  test('below a node for the tests of that node', () => {
    expect(edgesWith(genericTest('not_null', orders, 'id'))).toEqual([
      ['test.shop.not_null_orders_id', 'model.shop.customers'],
    ])
  })

  test('below a source for the tests of that source', () => {
    expect(edgesWith(genericTest('not_null', visits, 'page'))).toEqual([
      ['test.shop.not_null_visits_page', 'model.shop.customers'],
    ])
  })

  test('for a test of two nodes only below both', () => {
    const relationships = genericTest('relationships', orders, 'customer', { alsoDependsOn: [customers.id] })
    expect(edgesWith(relationships)).toEqual([['test.shop.relationships_orders_customer', 'model.shop.report']])
  })

  test('in front of nothing but what is built', () => {
    expect(edgesWith(dataTest('customers_are_reported', [report.id, customers.id]))).toEqual([])
  })

  test('for no test that only warns, and none that reads nothing', () => {
    const warning = genericTest('not_null', orders, 'id', { config: { severity: 'warn' } })
    expect(edgesWith(warning, dataTest('clock_is_right', []))).toEqual([])
  })

  test('never in a circle', () => {
    const manifest = manifestOf([
      visits,
      rawOrders,
      orders,
      customers,
      report,
      genericTest('unique', rawOrders, 'id'),
      genericTest('relationships', report, 'customer', { alsoDependsOn: [rawOrders.id] }),
      dataTest('no_free_orders', [orders.id, customers.id]),
    ])
    const dag = graphOf(manifest)
    expect(dag.withEdges(testEdges(dag, manifest)).findCycle()).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import { exposure, genericTest, model, source } from '../test/manifest-fixture.ts'
import { listNodes } from './list.ts'

const visits = source('web', 'visits')
const orders = model('orders', [visits.id], { file: 'models/gold/orders.sql', config: { tags: ['daily'] } })
const board = exposure('board', [orders.id])
const nodes = [orders, visits, board, genericTest('not_null', orders, 'id')]

test('selectors, names and paths come one a line, by unique id', () => {
  expect(listNodes(nodes, 'selector')).toBe(`\
exposure:shop.board
shop.gold.orders
source:shop.web.visits
shop.not_null_orders_id
`)
  expect(listNodes(nodes, 'name')).toBe('board\norders\nweb.visits\nnot_null_orders_id\n')
  expect(listNodes(nodes, 'path')).toBe(
    'models/exposures.yml\nmodels/gold/orders.sql\nmodels/sources.yml\nmodels/shop.yml\n',
  )
  expect(listNodes([], 'name')).toBe('')
})

// The keys and their defaults are those that dbt 1.11 prints for `dbt ls --output json`.
test('JSON has the keys of dbt', () => {
  expect(listNodes([orders], 'json')).toBe(
    '{"name": "orders", "resource_type": "model", "package_name": "shop", ' +
      '"original_file_path": "models/gold/orders.sql", "unique_id": "model.shop.orders", "alias": "orders", ' +
      '"config": {"enabled": true, "alias": null, "schema": null, "database": null, "tags": ["daily"], "meta": {}, ' +
      '"group": null, "static_analysis": null, "materialized": "view", "incremental_strategy": null, "batch_size": null, ' +
      '"lookback": 1, "begin": null, "persist_docs": {}, "post-hook": [], "pre-hook": [], "quoting": {}, ' +
      '"column_types": {}, "full_refresh": null, "unique_key": null, "on_schema_change": "ignore", ' +
      '"on_configuration_change": "apply", "grants": {}, "packages": [], "docs": {"show": true, "node_color": null}, ' +
      '"contract": {"enforced": false, "alias_types": true}, "event_time": null, "concurrent_batches": null, ' +
      '"access": "protected", "freshness": null}, "tags": ["daily"], ' +
      '"depends_on": {"nodes": ["source.shop.web.visits"], "macros": []}}\n',
  )
  expect(keysOf(listNodes([visits], 'json'))).toEqual(
    'name resource_type package_name original_file_path unique_id source_name config tags'.split(' '),
  )
  expect(keysOf(listNodes([board], 'json'))).toEqual(
    'name resource_type package_name original_file_path unique_id config tags depends_on'.split(' '),
  )
})

test('JSON has only the keys that were asked for', () => {
  expect(listNodes(nodes, 'json', ['unique_id', 'source_name'])).toBe(`\
{"unique_id": "exposure.shop.board"}
{"unique_id": "model.shop.orders"}
{"unique_id": "source.shop.web.visits", "source_name": "web"}
{"unique_id": "test.shop.not_null_orders_id"}
`)
})

function keysOf(line: string): readonly string[] {
  return Object.keys(JSON.parse(line))
}

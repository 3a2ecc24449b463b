import { expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import type { Model } from '../manifest/nodes.ts'
import { manifestOf, model } from '../test/manifest-fixture.ts'
import { span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import { refuseCycle } from './dependency-cycle.ts'
import { graphOf } from './from-manifest.ts'

test('a cycle is shown with every reference that makes it', () => {
  const orders = reading('orders', 'refunds')
  const refunds = reading('refunds', 'customers')
  const customers = reading('customers', 'orders')
  expect(problemsOf(orders, refunds, customers)).toBe(`\
error[dependency-cycle] models/customers.sql:1:18
  "customers" reads itself by way of "orders", "refunds".

  1 | select * from {{ ref('orders') }}
    |                  ~~~~~~~~~~~~~
  models/orders.sql:1:18 "orders" reads "refunds" here
  models/refunds.sql:1:18 "refunds" reads "customers" here
  hint: an incremental model reads its own former rows through "{{ this }}"`)
})

test('a model that reads itself is a cycle of one', () => {
  expect(problemsOf(reading('orders', 'orders'))).toBe(`\
error[dependency-cycle] models/orders.sql:1:18
  "orders" reads itself.

  1 | select * from {{ ref('orders') }}
    |                  ~~~~~~~~~~~~~
  hint: an incremental model reads its own former rows through "{{ this }}"`)
})

test('a graph without a cycle is let through', () => {
  const manifest = manifestOf([model('orders'), reading('customers', 'orders')])
  expect(refuseCycle(graphOf(manifest), manifest)).toBeUndefined()
})

function reading(name: string, read: string): Model {
  const node = model(name, [uniqueId('model', 'shop', read)], { rawCode: `select * from {{ ref('${read}') }}` })
  const start = node.rawCode.indexOf('ref(')
  const place = span(node.file, start, node.rawCode.indexOf(')') + 1)
  return { ...node, refs: node.refs.map(({ call, id }) => ({ call: { ...call, place }, id })) }
}

function problemsOf(...models: readonly Model[]): string {
  const manifest = manifestOf(models)
  try {
    refuseCycle(graphOf(manifest), manifest)
  } catch (error) {
    if (error instanceof UserError)
      return error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n')
    throw error
  }
  return ''
}

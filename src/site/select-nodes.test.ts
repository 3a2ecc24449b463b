import { expect, test } from 'vitest'
import { graphOf } from '../graph/from-manifest.ts'
import { select } from '../graph/select.ts'
import { parseSelector } from '../graph/selector.ts'
import { exposure, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { NOTHING_KNOWN } from '../test/site-fixture.ts'
import { readProject } from './app/project.ts'
import { selectNodes } from './app/select-nodes.ts'
import { buildSite } from './build-site.ts'

const raw = source('web', 'clicks')
const rates = seed('rates', { config: { tags: ['static'] } })
const clicks = model('clicks', [raw.id], { file: 'models/silver/clicks.sql', config: { tags: ['silver'] } })
const orders = model('orders', [clicks.id, rates.id], {
  file: 'models/silver/orders.sql',
  config: { materialized: 'table' },
})
const customers = model('customers', [orders.id], {
  file: 'models/gold/customers.sql',
  config: { tags: ['gold', 'daily'] },
})
const revenue = exposure('revenue', [customers.id])
const manifest = manifestOf([raw, rates, clicks, orders, customers, revenue])

const project = readProject(buildSite({ ...NOTHING_KNOWN, manifest }).index)

test.each([
  'orders',
  '+orders',
  'orders+',
  '1+orders+1',
  '@clicks',
  'tag:gold',
  'tag:g*',
  'tag:daily,customers',
  'orders customers',
  'path:models/silver',
  'models/gold',
  'file:orders.sql',
  'source:web',
  'source:web.clicks+',
  'exposure:revenue',
  '+exposure:*',
  'resource_type:seed',
  'config.materialized:table',
  'package:shop',
  'shop.*',
  'c*',
  'nobody',
])('the selection %s means on the page what it means on the command line', (text) => {
  const { ids } = select(parseSelector({ select: [text] }), { manifest, dag: graphOf(manifest) })
  const selected = selectNodes(project, text)
  expect(selected.ok ? [...selected.ids].sort() : selected).toEqual([...ids].sort())
})

test('no selection is everything; what is none says so, and so does a method that only the command line has', () => {
  expect(selectNodes(project, ' ')).toEqual({ ok: true, ids: new Set(project.nodes.map(({ id }) => id)) })
  expect(selectNodes(project, 'tags:gold')).toMatchObject({ ok: false, reason: 'syntax' })
  expect(selectNodes(project, 'state:modified')).toEqual({ ok: false, reason: 'method', message: 'state' })
})

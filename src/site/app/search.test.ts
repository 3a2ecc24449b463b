import { expect, test } from 'vitest'
import type { SiteNode } from '../site-data.ts'
import { makeSearchIndex } from './search.ts'

const node = (name: string, rest: Partial<SiteNode> = {}): SiteNode => ({
  id: `model.shop.${name}`,
  name,
  kind: 'model',
  package: 'shop',
  fqn: ['shop', name],
  path: `models/${name}.sql`,
  tags: [],
  parents: [],
  columns: [],
  summary: '',
  tests: { total: 0, passed: 0, warned: 0, failed: 0 },
  chunk: 0,
  ...rest,
})

test('finds by parts of names, columns, tags, descriptions and SQL, names first, without accents and with slips', async () => {
  const nodes = [
    node('orders_by_day'),
    node('orders'),
    node('customers', { columns: ['customer_id', 'order_count'], tags: ['gold'] }),
    node('panel'),
  ]
  const empty = { description: '', columns: '', code: '' }
  const search = await makeSearchIndex(nodes, [
    empty,
    empty,
    { ...empty, code: 'select * from orders where channel = 1' },
    { ...empty, description: 'Painel de Notificações' },
  ])
  const names = (text: string) => search.find(text).map(({ node }) => nodes[node]!.name)
  expect(names('orders')).toEqual(['orders', 'orders_by_day', 'customers'])
  expect(names('by day')).toEqual(['orders_by_day'])
  expect(names('order_count')[0]).toBe('customers')
  expect(names('gold')).toEqual(['customers'])
  expect(names('channel')).toEqual(['customers'])
  expect(names('notificacoes')).toEqual(['panel'])
  expect(names('custmers')).toEqual(['customers'])
  expect(search.find('gold')).toEqual([{ node: 2, fields: ['tags'] }])
  expect(names('nothing at all')).toEqual([])
})

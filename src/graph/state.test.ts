import { describe, expect, test } from 'vitest'
import type { PreviousManifest, PreviousNode } from '../artifacts/manifest-artifact.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Macro, RunnableNode } from '../manifest/nodes.ts'
import { exposure, genericTest, macro, manifestOf, model, seed, source } from '../test/manifest-fixture.ts'
import { graphOf } from './from-manifest.ts'
import { select } from './select.ts'
import { parseSelector } from './selector.ts'

const cents = macro('cents', '{% macro cents(column) %}{{ column }} * 100{% endmacro %}')
const rawOrders = seed('raw_orders')
const visits = source('web', 'visits')
const orders = model('orders', [rawOrders.id], {
  rawCode: 'select 1',
  description: 'All orders.',
  config: { persist_docs: { relation: true }, contract: { enforced: true } },
  columns: [{ name: 'id', description: '', data_type: 'varchar(10)', tags: [], meta: {}, constraints: [] }],
  unrenderedConfig: { materialized: 'table', schema: '{{ target.name }}', tags: ['daily'] },
})
const daily = model('daily', [orders.id], { rawCode: 'select 2', macros: [cents.id] })
const notNull = genericTest('not_null', orders, 'id')
const board = exposure('board', [orders.id])
const manifest = manifestOf([cents, rawOrders, visits, orders, daily, notNull, board])

/** The manifest as an earlier run would have written it, but for some nodes. */
function stateBefore(changes: {
  readonly nodes?: Readonly<Record<string, Partial<PreviousNode> | undefined>>
  readonly cents?: string
  readonly sources?: PreviousManifest['sources']
  readonly exposures?: PreviousManifest['exposures']
}): PreviousManifest {
  const nodes = [...manifest.nodes.values()].flatMap((node): (readonly [string, PreviousNode])[] => {
    if (changes.nodes && node.name in changes.nodes && changes.nodes[node.name] === undefined) return []
    return [[node.id, { ...previousNode(node), ...changes.nodes?.[node.name] }]]
  })
  return {
    nodes: new Map(nodes),
    sources:
      changes.sources ??
      new Map([[visits.id, { schema: 'web', identifier: 'visits', fqn: visits.fqn, loaded_at_field: null }]]),
    exposures:
      changes.exposures ??
      new Map([[board.id, { type: 'dashboard', fqn: board.fqn, depends_on: { nodes: board.dependsOn } }]]),
    macros: new Map([[cents.id, changes.cents ?? cents.file.text]]),
  }
}

function previousNode(node: RunnableNode): PreviousNode {
  return {
    resourceType: node.kind,
    name: node.name,
    fqn: node.fqn,
    rawCode: node.kind === 'seed' ? '' : node.rawCode,
    checksum: node.checksum,
    unrenderedConfig: node.unrenderedConfig,
    description: node.description,
    columns: new Map(
      node.columns.map(({ name, description, data_type }) => [name, { description, dataType: data_type }]),
    ),
    contractEnforced: node.config.contract.enforced,
    materialized: node.config.materialized,
    database: 'shop',
    schema: 'main',
    alias: node.name,
  }
}

function selected(value: string, state: PreviousManifest, current: Manifest = manifest): string {
  const selector = parseSelector({ select: [`state:${value}`] })
  const { ids } = select(selector, { manifest: current, dag: graphOf(current), state, indirect: 'empty' })
  return [...ids].map((id) => id.slice(id.lastIndexOf('.') + 1)).join(' ')
}

const all = 'raw_orders visits orders board daily not_null_orders_id'

test('nothing is modified when nothing changed', () => {
  expect(selected('modified', stateBefore({}))).toBe('')
  expect(selected('unmodified', stateBefore({}))).toBe(all)
  expect(selected('old', stateBefore({}))).toBe(all)
  expect(selected('new', stateBefore({}))).toBe('')
})

test('what was not there is new, modified, and not old', () => {
  const state = stateBefore({ nodes: { daily: undefined } })
  expect(selected('new', state)).toBe('daily')
  expect(selected('modified', state)).toBe('daily')
  expect(selected('modified.body', state)).toBe('daily')
  expect(selected('old', state)).toBe('raw_orders visits orders board not_null_orders_id')
})

describe('a modified', () => {
  const settings = { materialized: 'table', schema: '{{ target.name }}', tags: ['daily'] }
  test.each<[string, string, Readonly<Record<string, Partial<PreviousNode>>>]>([
    ['body', 'modified.body', { orders: { rawCode: 'select 0' } }],
    ['setting', 'modified.configs', { orders: { unrenderedConfig: { ...settings, materialized: 'view' } } }],
    ['relation', 'modified.relation', { orders: { unrenderedConfig: { ...settings, schema: 'gold' } } }],
    ['persisted description', 'modified.persisted_descriptions', { orders: { description: 'Orders.' } }],
    [
      'contract',
      'modified.contract',
      { orders: { columns: new Map([['id', { description: '', dataType: 'integer' }]]) } },
    ],
  ])('%s selects the node by %s and by modified', (_, value, nodes) => {
    expect(selected(value, stateBefore({ nodes }))).toBe('orders')
    expect(selected('modified', stateBefore({ nodes }))).toBe('orders')
    const others = ['body', 'configs', 'relation', 'persisted_descriptions', 'contract', 'macros']
    for (const other of others.map((name) => `modified.${name}`)) {
      if (other !== value) expect(selected(other, stateBefore({ nodes }))).toBe('')
    }
  })

  test('macro selects the nodes that use it', () => {
    const state = stateBefore({ cents: '{% macro cents(column) %}{{ column }}{% endmacro %}' })
    expect(selected('modified', state)).toBe('daily')
    expect(selected('modified.macros', state)).toBe('daily')
  })

  test('seed file selects the seed', () => {
    expect(selected('modified', stateBefore({ nodes: { raw_orders: { checksum: 'another' } } }))).toBe('raw_orders')
  })

  test('source or exposure is selected, too', () => {
    const sources = new Map([[visits.id as string, { schema: 'raw', identifier: 'visits', fqn: visits.fqn }]])
    expect(selected('modified', stateBefore({ sources }))).toBe('visits')
    const exposures = new Map([
      [board.id as string, { type: 'notebook', fqn: board.fqn, depends_on: { nodes: [orders.id] } }],
    ])
    expect(selected('modified', stateBefore({ exposures }))).toBe('board')
  })
})

test('tags, wider types and descriptions that are not persisted are no modification', () => {
  const nodes = {
    orders: {
      unrenderedConfig: { materialized: 'table', schema: '{{ target.name }}', tags: ['weekly'] },
      columns: new Map([['id', { description: 'The key.', dataType: 'VARCHAR(5)' }]]),
    },
    daily: { description: 'By day.' },
  }
  expect(selected('modified', stateBefore({ nodes }))).toBe('')
})

test('a macro that nobody had before makes its users modified', () => {
  const tax: Macro = macro('tax', '{% macro tax(column) %}0{% endmacro %}')
  const taxed = manifestOf([tax, model('daily', [], { rawCode: 'select 2', macros: [tax.id] })])
  expect(selected('modified', stateBefore({}), taxed)).toBe('daily')
})

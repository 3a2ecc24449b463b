import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import type { NodeStatus } from '../events/events.ts'
import { graphOf } from '../graph/from-manifest.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { NodeResult } from '../run/results.ts'
import { dataTest, manifestOf, model, source } from '../test/manifest-fixture.ts'
import { TemporaryProject } from '../test/temporary-project.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { decidePublication } from './decide.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const events = source('raw', 'events')
const orders = model('orders', [events.id])
const customers = model('customers', [orders.id])
const panel = model('panel', [customers.id])
const ledger = model('ledger')
const ordersTest = dataTest('orders_are_whole', [orders.id])
const pairTest = dataTest('customers_are_in_ledger', [customers.id, ledger.id])
const NODES: readonly RunnableNode[] = [orders, customers, panel, ledger, ordersTest, pairTest]

type Statuses = Readonly<Record<string, NodeStatus>>

function result(node: RunnableNode, status: NodeStatus): NodeResult {
  return { id: node.id, status, startedAt: '', seconds: 0, threadId: 'main', diagnostics: [] }
}

/** What is decided when everything went well but this: names of what is published, and reasons for the rest. */
function decide(
  mode: 'all' | 'passing',
  changed: Statuses,
  { nodes = NODES, interrupted = false }: { nodes?: readonly RunnableNode[]; interrupted?: boolean } = {},
) {
  const manifest = manifestOf([...NODES, events])
  const results = nodes.map((node) => result(node, changed[node.name] ?? (node.kind === 'test' ? 'pass' : 'success')))
  const decision = decidePublication({ mode, manifest, graph: graphOf(manifest), results, interrupted })
  const nameOf = (id: UniqueId) => manifest.nodes.get(id)?.name ?? id
  return {
    publish: [...decision.publish].map(nameOf),
    withheld: Object.fromEntries([...decision.withheld].map(([id, reason]) => [nameOf(id), reason])),
    reason: decision.reason,
  }
}

test('everything is published when everything passed, warnings included', () => {
  const everything = { publish: ['orders', 'customers', 'panel', 'ledger'], withheld: {}, reason: undefined }
  expect(decide('all', { orders_are_whole: 'warn' })).toEqual(everything)
  expect(decide('passing', { orders_are_whole: 'warn' })).toEqual(everything)
})

test('all: one failure or one skipped node and nothing is published', () => {
  const reason = 'customers_are_in_ledger failed'
  expect(decide('all', { customers_are_in_ledger: 'fail' })).toEqual({
    publish: [],
    withheld: { orders: reason, customers: reason, panel: reason, ledger: reason },
    reason,
  })
  expect(decide('all', { panel: 'skipped' })).toMatchObject({ publish: [], reason: 'nodes were skipped' })
})

test('passing: a failed test takes all of its parents and everything below them, and nothing else', () => {
  const reason = 'customers_are_in_ledger failed'
  expect(decide('passing', { customers_are_in_ledger: 'fail' })).toEqual({
    publish: ['orders'],
    withheld: { customers: reason, panel: reason, ledger: reason },
    reason,
  })
})

test('passing: a failed model takes what is below it, also what already stands', () => {
  expect(decide('passing', { orders: 'error' })).toMatchObject({
    withheld: { customers: 'orders failed', panel: 'orders failed' },
  })
})

test('passing: what was tested together with something withheld is withheld: readers would see it beside another version', () => {
  expect(decide('passing', { orders_are_whole: 'fail' })).toMatchObject({
    publish: [],
    withheld: { customers: 'orders_are_whole failed', ledger: 'customers_are_in_ledger read what is not published' },
  })
})

test('passing: a failed test of an ephemeral model takes whatever reads the model', () => {
  const recent = model('recent', [], { config: { materialized: 'ephemeral' } })
  const report = model('report', [recent.id])
  const recentTest = dataTest('recent_is_in_ledger', [recent.id, ledger.id])
  const manifest = manifestOf([recent, report, ledger, recentTest])
  const results = [result(report, 'success'), result(ledger, 'success'), result(recentTest, 'fail')]
  const decision = decidePublication({
    mode: 'passing',
    manifest,
    graph: graphOf(manifest),
    results,
    interrupted: false,
  })
  expect([...decision.publish]).toEqual([])
})

test('passing: a node is not published untested', () => {
  expect(
    decide('passing', {
      orders: 'error',
      orders_are_whole: 'skipped',
      customers: 'skipped',
      panel: 'skipped',
      customers_are_in_ledger: 'skipped',
    }),
  ).toEqual({
    publish: [],
    withheld: { ledger: 'customers_are_in_ledger did not run' },
    reason: 'orders failed',
  })
})

test('a test of what is not selected takes nothing with it', () => {
  expect(decide('passing', { orders_are_whole: 'fail' }, { nodes: [ledger, ordersTest] })).toMatchObject({
    publish: ['ledger'],
  })
})

test('an interrupted run publishes nothing in either mode', () => {
  for (const mode of ['all', 'passing'] as const) {
    expect(decide(mode, {}, { interrupted: true })).toMatchObject({ publish: [], reason: 'the run was interrupted' })
  }
})

test('a run of tests alone has nothing to publish and nothing to tell', () => {
  expect(decide('all', { orders_are_whole: 'fail' }, { nodes: [ordersTest, pairTest] })).toEqual({
    publish: [],
    withheld: {},
    reason: undefined,
  })
})

/** A graph of models, with tests of one or several of them, and how each ended. */
const run = fc
  .record({
    parents: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 }),
    statuses: fc.array(fc.constantFrom<NodeStatus>('success', 'success', 'success', 'error', 'skipped'), {
      minLength: 8,
      maxLength: 8,
    }),
    tests: fc.array(
      fc.record({
        parents: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        status: fc.constantFrom<NodeStatus>('pass', 'pass', 'warn', 'fail', 'error', 'skipped'),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ parents, statuses, tests }) => {
    const models: RunnableNode[] = []
    for (const [index, numbers] of parents.entries()) {
      const above = index === 0 ? [] : [...new Set(numbers.map((number) => models[number % index]!.id))]
      models.push(model(`model_${index}`, above))
    }
    const parentsOf = (numbers: readonly number[]) => [
      ...new Set(numbers.map((number) => models[number % models.length]!.id)),
    ]
    const testNodes = tests.map((each, index) => dataTest(`test_${index}`, parentsOf(each.parents)))
    const results = [
      ...models.map((node, index) => result(node, statuses[index]!)),
      ...testNodes.map((node, index) => result(node, tests[index]!.status)),
    ]
    return { manifest: manifestOf([...models, ...testNodes]), results }
  })

test('passing publishes exactly what is neither failed, nor tested by a failure, by nothing or with such a node, nor below one', () => {
  fc.assert(
    fc.property(run, ({ manifest, results }) => {
      const graph = graphOf(manifest)
      const { publish, withheld } = decidePublication({ mode: 'passing', manifest, graph, results, interrupted: false })
      const bad = new Set<UniqueId>()
      for (const { id, status } of results) {
        const node = manifest.nodes.get(id)!
        if (node.kind === 'test' && ['fail', 'error', 'skipped'].includes(status))
          for (const parent of node.dependsOn) bad.add(parent)
        if (node.kind !== 'test' && status === 'error') bad.add(id)
      }
      const isClean = (id: UniqueId) => !bad.has(id) && !graph.ancestors(id).some((above) => bad.has(above))
      for (let before = -1; before !== bad.size; ) {
        before = bad.size
        for (const node of manifest.nodes.values()) {
          if (node.kind !== 'test' || node.dependsOn.every(isClean)) continue
          for (const parent of node.dependsOn) bad.add(parent)
        }
      }
      const built = results.filter(({ status }) => status === 'success').map(({ id }) => id)
      expect([...publish].sort()).toEqual(built.filter(isClean).sort())
      expect([...withheld.keys()].sort()).toEqual(built.filter((id) => !isClean(id)).sort())
    }),
  )
})

test('a run that stops at its first failure publishes nothing of which the tests did not run', async () => {
  project = await TemporaryProject.make({
    'models/panel.sql': 'select * from nowhere',
    'models/ledger.sql': 'select 1 as entry',
    'models/orders.sql': 'select 1 as order_id',
    'models/shop.yml': `models: [{ name: orders, columns: [{ name: order_id, data_tests: [not_null] }] }]`,
    'tests/ledger_has_entries.sql': `{{ config(severity='warn') }} select 1 from {{ ref('ledger') }} where false`,
  })
  const { results } = await project.run({ publish: 'passing', failFast: true, threads: 1 })
  expect(results.get('not_null_orders_order_id')?.status).toBe('skipped')
  expect(await project.relations()).toEqual(['main.ledger'])
})

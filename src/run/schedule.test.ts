import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDag, type Dag, type Edge } from '../graph/dag.ts'
import { type ScheduleInput, schedule } from './schedule.ts'

//   raw_orders → stg_orders → orders → report
//   raw_customers → customers ↗
const shop = createDag(['raw_orders', 'raw_customers', 'stg_orders', 'customers', 'orders', 'report'], [
  ['raw_orders', 'stg_orders'],
  ['stg_orders', 'orders'],
  ['raw_customers', 'customers'],
  ['customers', 'orders'],
  ['orders', 'report'],
] as Edge<string>[])

type Outcome = 'built' | 'failed' | `skipped: ${string}`

/** A schedule in which the named nodes fail; each node takes a turn of the event loop. */
function running(dag: Dag<string>, failing: readonly string[], options: Partial<ScheduleInput<string, Outcome>> = {}) {
  const log: string[] = []
  const input: ScheduleInput<string, Outcome> = {
    dag,
    concurrency: 1,
    run: async (id) => {
      log.push(`start ${id}`)
      await turn()
      log.push(`end ${id}`)
      return failing.includes(id) ? 'failed' : 'built'
    },
    blocks: (outcome) => outcome === 'failed',
    onSkip: (id, because) => {
      log.push(`skip ${id}`)
      return `skipped: ${because ?? 'stopped'}`
    },
    ...options,
  }
  return { log, done: schedule(input) }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('runs one after the other in the order of the graph when the concurrency is 1', async () => {
  const { log, done } = running(shop, [])
  await done
  expect(log.filter((line) => line.startsWith('start'))).toEqual([
    'start raw_customers',
    'start raw_orders',
    'start customers',
    'start stg_orders',
    'start orders',
    'start report',
  ])
})

test('runs what does not wait for each other at the same time', async () => {
  const { log, done } = running(shop, [], { concurrency: 2 })
  await done
  expect(log.slice(0, 4)).toEqual(['start raw_customers', 'start raw_orders', 'end raw_customers', 'start customers'])
})

test('skips everything below a failed node once, and says because of which', async () => {
  const { log, done } = running(shop, ['raw_orders', 'customers'])
  expect([...(await done)]).toEqual([
    ['raw_customers', 'built'],
    ['raw_orders', 'failed'],
    ['customers', 'failed'],
    ['stg_orders', 'skipped: raw_orders'],
    ['orders', 'skipped: raw_orders'],
    ['report', 'skipped: raw_orders'],
  ])
  expect(log.filter((line) => line.startsWith('skip'))).toEqual(['skip stg_orders', 'skip orders', 'skip report'])
})

test('after an abort what runs is finished and the rest is skipped', async () => {
  const controller = new AbortController()
  const { done } = running(shop, [], {
    concurrency: 2,
    signal: controller.signal,
    run: async (id) => {
      if (id === 'raw_orders') controller.abort()
      await turn()
      return 'built'
    },
  })
  expect([...(await done)]).toEqual([
    ['raw_customers', 'built'],
    ['raw_orders', 'built'],
    ['customers', 'skipped: stopped'],
    ['stg_orders', 'skipped: stopped'],
    ['orders', 'skipped: stopped'],
    ['report', 'skipped: stopped'],
  ])
})

test('an aborted signal at the start runs nothing', async () => {
  const { log, done } = running(shop, [], { signal: AbortSignal.abort() })
  expect((await done).size).toBe(6)
  expect(log.filter((line) => line.startsWith('start'))).toEqual([])
})

test('an unexpected error is thrown after what runs has ended', async () => {
  const ended: string[] = []
  const { done } = running(shop, [], {
    concurrency: 2,
    run: async (id) => {
      if (id === 'raw_customers') throw new Error('Internal error: no disk')
      await turn()
      ended.push(id)
      return 'built'
    },
  })
  await expect(done).rejects.toThrow('Internal error: no disk')
  expect(ended).toEqual(['raw_orders'])
})

test('an empty graph is done at once', async () => {
  expect((await running(createDag<string>([], []), []).done).size).toBe(0)
})

test('a concurrency of nothing is refused', async () => {
  await expect(running(shop, [], { concurrency: 0 }).done).rejects.toThrow('Internal error: a concurrency of 0')
})

describe('any graph, any failures, any concurrency', () => {
  test('each node is run or skipped once, parents first, never more than N at a time', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, fc.uniqueArray(fc.nat(9).map(name)), fc.integer({ min: 1, max: 4 }), checkRun),
      { numRuns: 200 },
    )
  })
})

async function checkRun(dag: Dag<string>, failing: readonly string[], concurrency: number): Promise<void> {
  const { log, done } = running(dag, failing, { concurrency })
  const outcomes = await done
  const ran = log.filter((line) => line.startsWith('start')).map((line) => line.slice(6))
  const skipped = log.filter((line) => line.startsWith('skip')).map((line) => line.slice(5))
  expect([...ran, ...skipped].sort()).toEqual([...dag.topologicalOrder()].sort())
  const shouldSkip = (id: string) => dag.ancestors(id).some((above) => outcomes.get(above) === 'failed')
  expect(skipped.sort()).toEqual(dag.topologicalOrder().filter(shouldSkip).sort())
  let atATime = 0
  const ended = new Set<string>()
  for (const line of log) {
    const id = line.slice(line.indexOf(' ') + 1)
    if (line.startsWith('start')) {
      atATime += 1
      expect(atATime).toBeLessThanOrEqual(concurrency)
      for (const parent of dag.parents(id)) expect(ended).toContain(parent)
    } else if (line.startsWith('end')) {
      atATime -= 1
      ended.add(id)
    }
  }
}

const graphs = fc
  .array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 16 })
  .map((pairs) => pairs.filter(([from, to]) => from < to).map(([from, to]): Edge<string> => [name(from), name(to)]))
  .map((edges) =>
    createDag(
      Array.from({ length: 10 }, (_, index) => name(index)),
      edges,
    ),
  )

function name(number: number): string {
  return `n${number}`
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { problem } from '../diagnostics/errors.ts'
import type { NodeLabel, NodeOutcome, RunEvent } from '../events/events.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import { createReporter } from './reporter.ts'
import type { ReporterOptions } from './reporter-options.ts'

const ordersFile: SourceFile = { path: 'models/gold/orders.sql', text: 'select\n  nope\nfrom stg_orders\n' }
const binderError = problem('database', 'Binder Error: Referenced column "nope" not found in FROM clause!', {
  place: span(ordersFile, 9, 13),
  subject: 'model orders, duckdb',
})
const testFailed = problem('test-failed', '"not_null_orders_id" found 2 failing results.', { hint: 'look at the rows' })

const stgOrders: NodeLabel = label('model', 'stg_orders', 'view')
const orders: NodeLabel = label('model', 'orders', 'table')
const daily: NodeLabel = label('model', 'daily', 'incremental')
const notNull: NodeLabel = {
  id: uniqueId('test', 'shop', 'not_null_orders_id'),
  name: 'not_null_orders_id',
  resourceType: 'test',
}

function label(resourceType: string, name: string, materialization: string): NodeLabel {
  return { id: uniqueId(resourceType, 'shop', name), name, resourceType, materialization, relation: `main.${name}` }
}

const started: RunEvent = {
  kind: 'run-started',
  run: {
    runId: 'b7e5',
    version: '0.1.0',
    command: 'build',
    project: 'shop',
    target: 'dev',
    location: 'shop.duckdb',
    threads: 4,
    counts: { model: 3, test: 1 },
  },
}

function start(node: NodeLabel, index: number): RunEvent {
  return { kind: 'node-started', node, index, total: 12 }
}

function finish(node: NodeLabel, index: number, outcome: Partial<NodeOutcome> & Pick<NodeOutcome, 'status'>): RunEvent {
  return { kind: 'node-finished', node, index, total: 12, outcome: { seconds: 0.21, diagnostics: [], ...outcome } }
}

function finished(counts: Partial<Record<NodeOutcome['status'], number>>, interrupted = false): RunEvent {
  const none = { success: 0, pass: 0, warn: 0, error: 0, fail: 0, skipped: 0 }
  return { kind: 'run-finished', summary: { counts: { ...none, ...counts }, seconds: 75.3, published: 0, interrupted } }
}

const goodRun: readonly RunEvent[] = [
  started,
  { kind: 'step', name: 'build' },
  start(stgOrders, 1),
  finish(stgOrders, 1, { status: 'success' }),
  start(orders, 2),
  finish(orders, 2, { status: 'success', rows: 1234 }),
  finish(notNull, 3, { status: 'pass', failures: 0 }),
  { kind: 'publish-started', relations: 2 },
  { kind: 'published', relations: ['main.stg_orders', 'main.orders'], seconds: 0.04, staleDownstream: ['main.daily'] },
  finished({ success: 2, pass: 1 }),
]

const badRun: readonly RunEvent[] = [
  started,
  finish(stgOrders, 9, { status: 'success', rows: 1 }),
  finish(orders, 10, { status: 'error', message: 'not shown', diagnostics: [binderError] }),
  finish(daily, 11, { status: 'skipped', seconds: 0, message: '"orders" failed or was skipped' }),
  finish(notNull, 12, { status: 'fail', failures: 2, message: 'not shown', diagnostics: [testFailed] }),
  { kind: 'not-published', reason: 'not_null_orders_id failed' },
  finished({ success: 1, error: 1, fail: 1, skipped: 1 }),
]

/** What a reporter writes for these events. */
function written(events: readonly RunEvent[], options: Partial<ReporterOptions> = {}): string {
  const texts: string[] = []
  const reporter = createReporter({
    level: 'info',
    format: 'text',
    stream: { write: (text) => texts.push(text) },
    isTerminal: false,
    color: false,
    width: () => 80,
    now: () => new Date('2026-11-21T07:23:09.770Z'),
    ...options,
  })
  for (const event of events) reporter.emit(event)
  reporter.close()
  return texts.join('')
}

describe('plain lines', () => {
  test('tell a good run in a line for each node and two at the end', () => {
    expect(written(goodRun)).toBe(`\
Lavra 0.1.0 build: shop to dev (shop.duckdb), 4 threads
3 models, 1 test

 1 of 12 OK    view main.stg_orders in 0.21s
 2 of 12 OK    table main.orders (1,234 rows) in 0.21s
 3 of 12 PASS  test not_null_orders_id in 0.21s
Published 2 relations in 0.04s
1 table downstream is now older than what it reads: main.daily

Finished after 1m 15s
Done. PASS=3 WARN=0 ERROR=0 SKIP=0 TOTAL=3
`)
  })

  test('show problems where they happen, and all of them again at the end', () => {
    expect(written(badRun)).toBe(`\
Lavra 0.1.0 build: shop to dev (shop.duckdb), 4 threads
3 models, 1 test

 9 of 12 OK    view main.stg_orders (1 row) in 0.21s
10 of 12 ERROR table main.orders in 0.21s

  error[database] models/gold/orders.sql:2:3   (model orders, duckdb)
    Binder Error: Referenced column "nope" not found in FROM clause!

    1 | select
    2 |   nope
      |   ~~~~

11 of 12 SKIP  incremental main.daily: "orders" failed or was skipped
12 of 12 FAIL  test not_null_orders_id (2 failing results) in 0.21s

  error[test-failed]
    "not_null_orders_id" found 2 failing results.
    hint: look at the rows

Nothing was published: not_null_orders_id failed

2 problems:

error[database] models/gold/orders.sql:2:3   (model orders, duckdb)
  Binder Error: Referenced column "nope" not found in FROM clause!

  1 | select
  2 |   nope
    |   ~~~~

error[test-failed]
  "not_null_orders_id" found 2 failing results.
  hint: look at the rows

Nothing was published: not_null_orders_id failed
Finished with 2 errors after 1m 15s
Done. PASS=1 WARN=0 ERROR=2 SKIP=1 TOTAL=4
`)
  })

  test('say what was held back where only part was published', () => {
    const events: readonly RunEvent[] = [
      finish(notNull, 12, { status: 'fail', failures: 2, diagnostics: [testFailed] }),
      { kind: 'published', relations: ['main.stg_orders'], seconds: 0.04, staleDownstream: [] },
      { kind: 'held-back', nodes: ['orders', 'daily'], reason: 'not_null_orders_id failed' },
      finished({ success: 1, fail: 1, skipped: 2 }),
    ]
    expect(written(events).split('\n').slice(-5)).toEqual([
      'Published 1 relation in 0.04s',
      'Held back orders, daily: not_null_orders_id failed',
      'Finished with 1 error after 1m 15s',
      'Done. PASS=1 WARN=0 ERROR=1 SKIP=2 TOTAL=4',
      '',
    ])
  })

  test('tell everything else that can happen', () => {
    const events: readonly RunEvent[] = [
      { kind: 'waiting-for-lease', holder: 'process 812 on ci-1, since 07:20' },
      { kind: 'swept', relations: ['main.a', 'main.b'] },
      { kind: 'hook-started', name: 'on-run-start 1' },
      { kind: 'hook-finished', name: 'on-run-start 1', seconds: 0.01 },
      { kind: 'log', message: 'unseen', level: 'debug' },
      { kind: 'log', message: 'a message of a macro', level: 'info' },
      { kind: 'print', message: 'printed' },
      { kind: 'diagnostic', diagnostic: { ...testFailed, severity: 'warning' } },
      finish(notNull, 12, { status: 'warn', failures: 1 }),
      finished({ warn: 1 }, true),
    ]
    expect(written(events)).toBe(`\
Waiting: process 812 on ci-1, since 07:20
Removed what an interrupted run had left: 2 relations
OK    hook on-run-start 1 in 0.01s
a message of a macro
printed
warning[test-failed]
  "not_null_orders_id" found 2 failing results.
  hint: look at the rows

12 of 12 WARN  test not_null_orders_id (1 failing result) in 0.21s

Interrupted after 1m 15s
Done. PASS=0 WARN=1 ERROR=0 SKIP=0 TOTAL=1
`)
  })

  test('say more with debug', () => {
    expect(written([{ kind: 'log', message: 'asked the database', level: 'debug' }], { level: 'debug' })).toBe(
      'asked the database\n',
    )
  })

  test('are only failures and prints when quiet', () => {
    expect(written([...goodRun, { kind: 'print', message: 'printed' }], { level: 'error' })).toBe('printed\n')
    const kept = written(badRun, { level: 'error' })
      .split('\n')
      .filter((line) => /^\S/.test(line))
    expect(kept).toEqual([
      '10 of 12 ERROR table main.orders in 0.21s',
      '12 of 12 FAIL  test not_null_orders_id (2 failing results) in 0.21s',
      'Nothing was published: not_null_orders_id failed',
    ])
  })

  test('are painted when asked', () => {
    expect(written([finish(notNull, 12, { status: 'pass' })], { color: true })).toBe(
      '12 of 12 \u001b[32mPASS \u001b[39m test not_null_orders_id \u001b[90min 0.21s\u001b[39m\n',
    )
  })
})

describe('JSON lines', () => {
  const lines = (events: readonly RunEvent[], options: Partial<ReporterOptions> = {}) =>
    written(events, { format: 'json', ...options })
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

  test('hold the event as data, with places as lines and columns', () => {
    expect(lines([started, finish(orders, 10, { status: 'error', diagnostics: [binderError] })])[1]).toEqual({
      info: {
        level: 'error',
        ts: '2026-11-21T07:23:09.770Z',
        name: 'NodeFinished',
        msg: expect.stringMatching(/^10 of 12 ERROR table main\.orders in 0\.21s\n\n {2}error\[database\]/),
        invocation_id: 'b7e5',
      },
      data: {
        kind: 'node-finished',
        node: orders,
        index: 10,
        total: 12,
        outcome: {
          status: 'error',
          seconds: 0.21,
          diagnostics: [{ ...binderError, place: { path: 'models/gold/orders.sql', line: 2, column: 3 } }],
        },
      },
    })
  })

  test('have a level and words for every event', () => {
    expect(
      lines([...goodRun, ...badRun], { level: 'debug' }).map(({ info }) => `${info.level} ${info.msg.split('\n')[0]}`),
    ).toEqual([
      'info Lavra 0.1.0 build: shop to dev (shop.duckdb), 4 threads',
      'debug build',
      'info 1 of 12 START view main.stg_orders',
      'info  1 of 12 OK    view main.stg_orders in 0.21s',
      'info 2 of 12 START table main.orders',
      'info  2 of 12 OK    table main.orders (1,234 rows) in 0.21s',
      'info  3 of 12 PASS  test not_null_orders_id in 0.21s',
      'info START publish 2 relations',
      'info Published 2 relations in 0.04s',
      'info Finished after 1m 15s',
      'info Lavra 0.1.0 build: shop to dev (shop.duckdb), 4 threads',
      'info  9 of 12 OK    view main.stg_orders (1 row) in 0.21s',
      'error 10 of 12 ERROR table main.orders in 0.21s',
      'info 11 of 12 SKIP  incremental main.daily: "orders" failed or was skipped',
      'error 12 of 12 FAIL  test not_null_orders_id (2 failing results) in 0.21s',
      'error Nothing was published: not_null_orders_id failed',
      'info Finished with 2 errors after 1m 15s',
    ])
  })

  test('are only errors and prints when quiet', () => {
    const events: readonly RunEvent[] = [...badRun, { kind: 'print', message: 'printed' }]
    expect(lines(events, { level: 'error' }).map(({ info }) => info.name)).toEqual([
      'NodeFinished',
      'NodeFinished',
      'NotPublished',
      'Print',
    ])
  })
})

describe('a terminal', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: new Date('2026-11-21T07:23:00Z') })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  function terminal(width = 60) {
    const writes: string[] = []
    const reporter = createReporter({
      level: 'info',
      format: 'text',
      stream: { write: (text) => writes.push(text) },
      isTerminal: true,
      color: false,
      width: () => width,
      now: () => new Date(),
    })
    return { reporter, writes, screen: () => screenAfter(writes) }
  }

  test('shows finished lines above and what runs below', () => {
    const { reporter, screen } = terminal()
    reporter.emit(start(stgOrders, 1))
    reporter.emit(start(orders, 2))
    vi.advanceTimersByTime(1500)
    expect(screen()).toBe(`\
  ⠴ view main.stg_orders     1.5s
  ⠴ table main.orders        1.5s
  0 of 12 done, 2 running, 10 waiting
`)
    reporter.emit(finish(stgOrders, 1, { status: 'success' }))
    reporter.emit(start(notNull, 3))
    vi.advanceTimersByTime(100)
    expect(screen()).toBe(`\
 1 of 12 OK    view main.stg_orders in 0.21s
  ⠦ table main.orders           1.6s
  ⠦ test not_null_orders_id     0.1s
  1 of 12 done, 2 running, 9 waiting
`)
    reporter.close()
    expect(screen()).toBe(' 1 of 12 OK    view main.stg_orders in 0.21s\n')
  })

  test('shows eight of many and how many more there are, cut to its width', () => {
    const { reporter, screen } = terminal(30)
    for (let index = 1; index <= 10; index++)
      reporter.emit(start(label('model', `daily_report_${index}`, 'table'), index))
    vi.advanceTimersByTime(100)
    expect(screen().split('\n').slice(6)).toEqual([
      '  ⠙ table main.dail…     0.1s',
      '  ⠙ table main.dail…     0.1s',
      '    and 2 more',
      '  0 of 12 done, 10 running, 2…',
      '',
    ])
    reporter.close()
  })

  test('is drawn at most ten times a second, each time by one write', () => {
    const { reporter, writes } = terminal()
    reporter.emit(start(orders, 1))
    for (let index = 0; index < 500; index++) reporter.emit({ kind: 'log', level: 'info', message: `row ${index}` })
    expect(writes).toEqual([])
    vi.advanceTimersByTime(1000)
    expect(writes).toHaveLength(10)
    reporter.close()
  })

  test('shows hooks, waiting and publication while they last', () => {
    const { reporter, screen } = terminal()
    reporter.emit({ kind: 'waiting-for-lease', holder: 'process 812' })
    vi.advanceTimersByTime(100)
    expect(screen()).toBe('Waiting: process 812\n  ⠙ waiting\n')
    reporter.emit(started)
    reporter.emit({ kind: 'hook-started', name: 'on-run-start 1' })
    vi.advanceTimersByTime(100)
    expect(screen()).toContain('  ⠹ hook on-run-start 1     0.1s\n')
    reporter.emit({ kind: 'hook-finished', name: 'on-run-start 1', seconds: 0.1 })
    reporter.emit({ kind: 'publish-started', relations: 3 })
    vi.advanceTimersByTime(100)
    expect(screen()).toContain('OK    hook on-run-start 1 in 0.10s\n  ⠸ publish 3 relations     0.1s\n')
    reporter.close()
  })

  test('has the end of the run on it before anything else can happen', () => {
    const { reporter, screen } = terminal()
    for (const event of goodRun) reporter.emit(event)
    expect(screen()).toContain('Done. PASS=3 WARN=0 ERROR=0 SKIP=0 TOTAL=3\n')
    reporter.close()
    reporter.close()
  })
})

/** Plays what was written as a terminal would: "up N lines and clear" is the only movement. */
function screenAfter(writes: readonly string[]): string {
  let lines: string[] = ['']
  for (const part of writes.join('').split(/(\u001b\[\d+A\u001b\[0J)/)) {
    const up = /^\u001b\[(\d+)A/.exec(part)
    if (up) lines = [...lines.slice(0, lines.length - 1 - Number(up[1])), '']
    else {
      const [first = '', ...others] = part.split('\n')
      lines = [...lines.slice(0, -1), lines.at(-1) + first, ...others]
    }
  }
  return lines.join('\n')
}

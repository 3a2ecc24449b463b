import type { ChildProcess } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { holdInOtherProcess } from './hold-duckdb.ts'
import { Rig, type Shop } from './rig.ts'
import { CLI, type Running, start as startProcess } from './running.ts'

/** What happens to a run from outside, tried on processes of their own. */

/** Takes minutes unless it is interrupted. */
const ENDLESS = `select sum(hash(a.i + b.i)) as worth from {{ ref('orders') }}, range(10000000) a(i), range(10000000) b(i)`

const rig = new Rig()
const children: ChildProcess[] = []

beforeAll(() => rig.start())
afterAll(() => rig.stop())
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Starts a program in a shop's folder; it ends with the test. */
function start(shop: Shop, program: string, args: readonly string[]): Running {
  const running = startProcess(shop, program, args)
  children.push(running.child)
  return running
}

const lavra = (shop: Shop, ...args: readonly string[]) => start(shop, process.execPath, [CLI, ...args])

/** Runs a script in a namespace of its own, in which it may mount what goes away with it. */
function inNamespace(shop: Shop, script: string): Running {
  const asRoot = process.getuid?.() === 0
  return start(shop, 'unshare', [
    asRoot ? '-m' : '-rm',
    'sh',
    '-c',
    script.replaceAll('lavra', `"${process.execPath}" "${CLI}"`),
  ])
}

const writeModel = (shop: Shop, name: string, sql: string) =>
  writeFileSync(join(shop.folder, `models/${name}.sql`), sql)

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} during a query ends the run with ${exitCode} and publishes nothing`, async () => {
    const shop = rig.open()
    const before = await shop.published()
    writeModel(shop, 'customers', ENDLESS)
    const run = lavra(shop, 'build')
    await run.reached('5 of 8 PASS')
    await new Promise((resolve) => setTimeout(resolve, 200))
    run.child.kill(signal)
    expect(await run.ended()).toEqual({
      exitCode,
      output: `Lavra 0.1.0 build: shop to dev (shop.duckdb), 1 thread
1 seed, 3 models, 3 tests, 1 snapshot

1 of 8 OK    seed main.raw_orders (3 rows) in 0.00s
2 of 8 OK    view main.orders in 0.00s
3 of 8 PASS  test no_order_is_free in 0.00s
4 of 8 PASS  test not_null_orders_order_id in 0.00s
5 of 8 PASS  test unique_orders_order_id in 0.00s
6 of 8 SKIP  table main.customers: interrupted
7 of 8 SKIP  snapshot main.customers_history: "customers" failed or was skipped
8 of 8 SKIP  incremental main.ledger: the run was stopped
Nothing was published: the run was interrupted

Interrupted after 0.00s
Done. PASS=3 WARN=0 ERROR=0 SKIP=5 TOTAL=8
`,
    })
    expect(await shop.published()).toEqual(before)
    expect(await shop.leftovers()).toEqual([])
    await shop.buildGoodVersion()
  })
}

test('an interrupted test, hook or query of a template ends the run just so', async () => {
  const shop = rig.open()
  const before = await shop.published()
  const cases = {
    'tests/no_order_is_free.sql': ENDLESS,
    'models/customers.sql': `{{ config(pre_hook="create temp table worth as ${ENDLESS}") }} select * from {{ ref('orders') }}`,
    'models/ledger.sql': `{% set worth = run_query("${ENDLESS.replace("{{ ref('orders') }}", 'main.orders')}") %} select order_id from {{ ref('orders') }}`,
  }
  for (const [path, text] of Object.entries(cases)) {
    const good = readFileSync(join(shop.folder, path), 'utf8')
    writeFileSync(join(shop.folder, path), text)
    const run = lavra(shop, 'build', '--threads', '4')
    await run.reached('OK    view main.orders')
    await new Promise((resolve) => setTimeout(resolve, 500))
    run.child.kill('SIGINT')
    const { exitCode, output } = await run.ended()
    expect([path, exitCode, output.includes('Nothing was published: the run was interrupted')]).toEqual([
      path,
      130,
      true,
    ])
    writeFileSync(join(shop.folder, path), good)
  }
  expect(await shop.published()).toEqual(before)
  expect(await shop.leftovers()).toEqual([])
  await shop.buildGoodVersion()
})

test('a database that another process holds is told with its pid, waited for, and had when it is free', async () => {
  const shop = rig.open()
  const path = join(shop.folder, 'shop.duckdb')
  const holder = await holdInOtherProcess({ path, projectRoot: shop.folder })
  try {
    expect(await lavra(shop, 'build', '--wait', '0').ended()).toEqual({
      exitCode: 2,
      output: `error[database-locked]
  The database "/home/ana/shop/shop.duckdb" is in use by process ${holder.pid} (which is running), run other-run since <now>.
  hint: wait for it with --wait, or end that process; a DuckDB file has one writer, and nobody reads it meanwhile
`,
    })
    const shown = await lavra(shop, 'show', '--select', 'customers').ended()
    expect([shown.exitCode, shown.output.includes(`process ${holder.pid}`)]).toEqual([2, true])
    const waiting = lavra(shop, 'build', '--wait', '60')
    await waiting.reached('Waiting')
    await holder.stop()
    const { exitCode, output } = await waiting.ended()
    expect([exitCode, output.split('\n')[0]]).toEqual([
      0,
      `Waiting: The database "/home/ana/shop/shop.duckdb" is in use by process ${holder.pid} (which is running), run other-run since <now>.`,
    ])
  } finally {
    await holder.stop()
  }
})

test('a program that knows nothing of Lavra and holds the database is told with its pid, too', async () => {
  const shop = rig.open()
  const script = `
    const { DuckDBInstance } = await import('${import.meta.resolve('@duckdb/node-api')}')
    await DuckDBInstance.create('shop.duckdb')
    console.log('held')
    setInterval(() => {}, 1000)`
  const holder = start(shop, process.execPath, ['--input-type=module', '--eval', script])
  await holder.reached('held')
  const { exitCode, output } = await lavra(shop, 'build', '--wait', '0').ended()
  holder.child.kill('SIGKILL')
  await holder.ended()
  expect([exitCode, output.split('\n').slice(0, 2)]).toEqual([
    2,
    [
      'error[database-locked]',
      `  The database "/home/ana/shop/shop.duckdb" is in use by process ${holder.child.pid} (which is running).`,
    ],
  ])
})

test('whoever waits for another process can be interrupted', async () => {
  const shop = rig.open()
  const holder = await holdInOtherProcess({ path: join(shop.folder, 'shop.duckdb'), projectRoot: shop.folder })
  const run = lavra(shop, 'build', '--wait', '600')
  await run.reached('Waiting')
  run.child.kill('SIGTERM')
  const { exitCode } = await run.ended()
  await holder.stop()
  expect(exitCode).toBe(143)
  await shop.buildGoodVersion()
})

test('a full disk is told, nothing is published, and with free space the next build works', async () => {
  const shop = rig.open()
  writeModel(shop, 'big', 'select i, md5(cast(i as varchar)) as a from range(2000000) numbers(i)')
  const run = inNamespace(
    shop,
    `mkdir small && mount -t tmpfs -o size=12m tmpfs small && cp -r *.yml *.duckdb macros models seeds snapshots tests small && cd small
     lavra build; echo "exit $?"
     rm models/big.sql && mount -o remount,size=100m .
     lavra show --inline 'select * from main.customers order by customer'
     lavra build --quiet; echo "exit $?"`,
  )
  const { output } = await run.ended()
  expect(output).toContain(`1 of 9 ERROR table main.big in 0.00s

  error[database] models/big.sql:1:1   (model big, duckdb)
    IO Error: Could not write file "/home/ana/shop/small/shop.duckdb": No space left on device

    1 | select i, md5(cast(i as varchar)) as a from range(2000000) numbers(i)
      | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
    hint: free some space; nothing was published and the next run starts clean
`)
  expect(output).toContain('Nothing was published: big')
  expect(output).not.toContain('defect')
  expect(output.split('\n').filter((line) => line.startsWith('exit'))).toEqual(['exit 2', 'exit 0'])
  expect(output).toContain(`| customer | orders | amount |
| -------- | ------ | ------ |
| Ana      |      2 | 155.75 |
| Bruno    |      1 |  80.00 |`)
})

test('a database in a folder that cannot be written is told, and can be looked at', async () => {
  const shop = rig.open()
  const before = await shop.published()
  const run = inNamespace(
    shop,
    `mount --bind . . && mount -o remount,ro,bind . && cd "$PWD"
     lavra build --target-path ../target; echo "exit $?"
     lavra show --inline 'select * from main.customers order by customer'; echo "exit $?"`,
  )
  expect((await run.ended()).output).toBe(`error[database-read-only]
  The database "/home/ana/shop/shop.duckdb" cannot be written: the file or its folder is read-only for you.
  hint: DuckDB writes the file and a log beside it: make both writable, or name another "path" in profiles.yml
exit 2
Previewing inline node:
| customer | orders | amount |
| -------- | ------ | ------ |
| Ana      |      2 | 155.75 |
| Bruno    |      1 |  80.00 |
exit 0
`)
  expect(await shop.published()).toEqual(before)
})

test('a target folder that cannot be written is told before anything is built', async () => {
  const shop = rig.open()
  const before = await shop.published()
  rmSync(join(shop.folder, 'target'), { recursive: true })
  writeFileSync(join(shop.folder, 'target'), 'a file in the place of the folder')
  expect(await lavra(shop, 'build').ended()).toEqual({
    exitCode: 2,
    output: `error[output-not-writable]
  "/home/ana/shop/target" cannot be written: file already exists.
  hint: make it writable, free some space, or choose another place with --target-path
`,
  })
  expect(await shop.published()).toEqual(before)
})

test.each(['parse', 'compile', 'check', 'docs generate'])(
  '%s says when the target folder cannot be written',
  async (command) => {
    const shop = rig.open()
    rmSync(join(shop.folder, 'target'), { recursive: true })
    writeFileSync(join(shop.folder, 'target'), 'a file in the place of the folder')
    const { exitCode, output } = await lavra(shop, ...command.split(' ')).ended()
    expect(exitCode).toBe(2)
    expect(output).toMatch(/^error\[output-not-writable\]\n {2}"\/home\/ana\/shop\/target.*" cannot be written: /m)
  },
)

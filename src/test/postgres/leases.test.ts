import { afterEach, expect, test } from 'vitest'
import { STATE_VERSION } from '../../state/tables.ts'
import { holdTargetInOtherProcess } from '../hold-postgres.ts'
import { PostgresShop } from './shop.ts'

const shops: PostgresShop[] = []

afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.remove()
})

/** A shop with a target for each of these schemas beside `dev`, all in one database. */
async function open(files: Readonly<Record<string, string>>, schemas: readonly string[] = []): Promise<PostgresShop> {
  const shop = await PostgresShop.make(files)
  shops.push(shop)
  const { host, port, user, password, database } = shop.database.options
  const server = `type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${JSON.stringify(password)}, dbname: ${database}`
  const outputs = ['main', ...schemas].map((schema) => `    ${schema}: { ${server}, schema: ${schema}, threads: 2 }\n`)
  await shop.write({ 'profiles.yml': `shop:\n  target: main\n  outputs:\n${outputs.join('')}` })
  return shop
}

const ORDERS = { 'models/orders.sql': 'select 1 as order_id' }
/** Takes hours unless it is ended. */
const ENDLESS =
  'select count(*) as n from generate_series(1, 1000000) a(i), generate_series(1, 1000000) b(j) where (i * j) % 7 = 3'

const until = async (condition: () => Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** How many backends run the endless query. */
const endless = async (shop: PostgresShop) =>
  Number(
    (
      await shop.query(
        `select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%generate_series(1, 1000000) b%' and pid <> pg_backend_pid()`,
      )
    )[0]?.[0],
  )

test('runs of several targets that start at once on an empty database all make it', async () => {
  const people = ['ana', 'bruno', 'clara', 'davi', 'eva']
  for (let round = 0; round < 3; round++) {
    const shop = await open(ORDERS, people)
    const runs = await Promise.all(
      people.map((target) => shop.lavra(`run --quiet --target ${target} --target-path ${target}`)),
    )
    expect(runs).toEqual(people.map(() => ({ exitCode: 0, output: '' })))
    expect(await shop.relations()).toEqual(people.map((schema) => `${schema}.orders`))
    expect(await shop.query('select count(*)::int, min(version) from _lavra.meta')).toEqual([[1, STATE_VERSION]])
    expect(await shop.query('select count(*)::int from _lavra.relations')).toEqual([[5]])
  }
})

test('a run on one target neither waits for a run on another nor sweeps what that builds', async () => {
  const shop = await open(
    {
      ...ORDERS,
      'models/later.sql': `{{ config(pre_hook="select pg_advisory_lock_shared(7)" if target.name == 'main' else []) }} select * from {{ ref('orders') }}`,
    },
    ['ana'],
  )
  await shop.connected(async (client) => {
    await client.query('select pg_advisory_lock(7)')
    const waiting = shop.start('run --target main')
    await waiting.reached('OK    table main.orders')
    expect(await shop.lavra('run --quiet --target ana --target-path ana')).toEqual({ exitCode: 0, output: '' })
    await client.query('select pg_advisory_unlock(7)')
    expect((await waiting.ended()).exitCode).toBe(0)
  })
  expect(await shop.relations()).toEqual(['ana.later', 'ana.orders', 'main.later', 'main.orders'])
})

test('a run whose session is ended while it waits for the target says so', async () => {
  const shop = await open(ORDERS)
  const holder = await holdTargetInOtherProcess(shop.database.options)
  try {
    const waiting = shop.start('run --wait 60')
    await waiting.reached('Waiting')
    await shop.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name like 'lavra %' and application_name not like 'lavra other-run%'`,
    )
    const { exitCode, output } = await waiting.ended()
    expect([exitCode, /^error\[database-connect\]/m.test(output), output.includes('defect')]).toEqual([2, true, false])
  } finally {
    await holder.stop()
  }
})

test.each(['build', 'run', 'seed', 'snapshot', 'test', 'rollback', 'retry'])(
  'lavra %s waits as long as --wait says, and then names who has the target',
  async (command) => {
    const shop = await open({
      ...ORDERS,
      'seeds/customers.csv': 'id\n1\n',
      'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='order_id', strategy='check', check_cols='all') }} select 1 as order_id{% endsnapshot %}`,
      'tests/nothing.sql': 'select 1 as one where false',
    })
    if (command === 'retry') {
      await shop.write({ 'models/orders.sql': 'select 1 / 0 as order_id' })
      await shop.lavra('build --quiet')
    }
    const holder = await holdTargetInOtherProcess(shop.database.options)
    try {
      const { exitCode, output } = await shop.lavra(`${command} --wait 1`)
      const lines = output
        .replace(/since \S+/g, 'since <now>')
        .replace(/ on \S+,/g, ' on this-machine,')
        .replace(/backend \d+/g, 'backend 1')
        .split('\n')
      const who = `process ${holder.pid} on this-machine, run other-run since <now> (role postgres, backend 1)`
      expect([exitCode, lines]).toEqual([
        2,
        [
          `Waiting: The schema "main" is being built by ${who}.`,
          'error[database-locked]',
          `  The schema "main" of 127.0.0.1:54321/shop_in_tests is being built by ${who} after 1 second of waiting.`,
          '  hint: wait for it with --wait, or end that process',
          '',
        ],
      ])
    } finally {
      await holder.stop()
    }
  },
)

test('commands that only read do not ask for the lease', async () => {
  const shop = await open(ORDERS)
  await shop.lavra('run --quiet')
  const holder = await holdTargetInOtherProcess(shop.database.options)
  try {
    const outcomes = []
    for (const command of ['show --select orders', 'compile --quiet', 'docs generate --quiet', 'ls', 'debug']) {
      outcomes.push((await shop.lavra(command)).exitCode)
    }
    expect(outcomes).toEqual([0, 0, 0, 0, 0])
  } finally {
    await holder.stop()
  }
})

test('whoever waits for another run can be interrupted', async () => {
  const shop = await open(ORDERS)
  const holder = await holdTargetInOtherProcess(shop.database.options)
  try {
    const waiting = shop.start('build --wait 600')
    await waiting.reached('Waiting')
    waiting.child.kill('SIGTERM')
    expect((await waiting.ended()).exitCode).toBe(143)
  } finally {
    await holder.stop()
  }
})

test('what a killed client left running is ended before the next run builds, and nothing of it appears afterwards', async () => {
  const shop = await open({ 'models/orders.sql': ENDLESS, 'models/customers.sql': 'select 1 as id' })
  const doomed = shop.start('run --threads 2')
  await until(async () => (await endless(shop)) === 1)
  await doomed.reached('OK    table main.customers')
  doomed.child.kill('SIGKILL')
  await doomed.ended()
  await shop.write(ORDERS)
  const { exitCode, output } = await shop.lavra('run')
  expect([exitCode, await endless(shop)]).toEqual([0, 0])
  expect(output).toContain('Removed what an interrupted run had left: 1 relation')
  expect(await shop.relations()).toEqual(['main.customers', 'main.orders'])
  expect(await shop.query('select count(*)::int from _lavra.candidates')).toEqual([[0]])
})

test('Ctrl-C during a long query ends the query and the run, which publishes nothing', async () => {
  const shop = await open({ 'models/orders.sql': ENDLESS, 'models/customers.sql': 'select 1 as id' })
  const run = shop.start('run --threads 2')
  await until(async () => (await endless(shop)) === 1)
  await run.reached('OK    table main.customers')
  run.child.kill('SIGINT')
  const { exitCode, output } = await run.ended()
  expect([exitCode, await endless(shop), await shop.relations()]).toEqual([130, 0, []])
  expect(output).toContain('Nothing was published: the run was interrupted')
})

test('a run that lost its lease while it builds leaves nothing behind that the next ones do not sweep', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `model_${String(index).padStart(2, '0')}`)
  const slow = Object.fromEntries(
    names.map((name) => [
      `models/${name}.sql`,
      `{{ config(materialized='table') }} select pg_sleep({{ var('pause', 0) }})::text as slept`,
    ]),
  )
  const shop = await open(slow)
  const losing = shop.start('run --target-path losing --vars {"pause":0.4}')
  await losing.reached('OK    table')
  const next = shop.start('run --wait 60')
  await next.reached('Waiting')
  await shop.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = ${0x4c415652} and granted`,
  )
  const [lost, taken] = await Promise.all([losing.ended(), next.ended()])
  expect([lost.exitCode, taken.exitCode], lost.output + taken.output).toEqual([1, 0])
  expect((await shop.lavra('run --quiet')).exitCode).toBe(0)
  expect(await shop.relations()).toEqual(names.map((name) => `main.${name}`))
})

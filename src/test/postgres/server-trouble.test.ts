import { afterEach, expect, test } from 'vitest'
import { onServer } from './database.ts'
import { startPostgres } from './server.ts'
import { PostgresShop } from './shop.ts'

/** A server that goes away, gives up a statement, or is full. */
const shops: PostgresShop[] = []

afterEach(async () => {
  for (const shop of shops.splice(0)) await shop.remove()
})

async function open(files: Readonly<Record<string, string>>): Promise<PostgresShop> {
  const shop = await PostgresShop.make({ 'models/orders.sql': 'select 1 as id', ...files })
  shops.push(shop)
  await shop.lavra('build --quiet --select orders')
  return shop
}

/** A model that runs until something happens to it. */
const LONG = 'select 1 as id from pg_sleep(600)'

/** Waits until a backend of the shop runs what the pattern says, and gives its number. */
async function running(shop: PostgresShop, pattern: string): Promise<number> {
  for (;;) {
    const rows = await shop.query(
      `select pid from pg_stat_activity where datname = current_database() and state = 'active' and query like '${pattern}' and pid <> pg_backend_pid()`,
    )
    if (rows.length > 0) return Number(rows[0]![0])
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a backend that is ended while it builds fails its model, and nothing is published', async () => {
  const shop = await open({ 'models/long.sql': LONG })
  const run = shop.start('build')
  await shop.query(`select pg_terminate_backend(${await running(shop, '%pg_sleep(600)%')})`)
  expect(await run.ended()).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "output": "Lavra 0.1.0 build: shop to dev (127.0.0.1:54321/shop_in_tests), 1 thread
    2 models

    1 of 2 ERROR table main.long in 0.00s

      error[database] models/long.sql:1:1   (model long, postgres)
        Connection Error: terminating connection due to administrator command

        1 | select 1 as id from pg_sleep(600)
          | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: run again when the server is there; its log says why it ended the connection

    2 of 2 OK    table main.orders (1 row) in 0.00s
    Nothing was published: long failed

    1 problem:

    error[database] models/long.sql:1:1   (model long, postgres)
      Connection Error: terminating connection due to administrator command

      1 | select 1 as id from pg_sleep(600)
        | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      hint: run again when the server is there; its log says why it ended the connection

    Nothing was published: long failed
    Finished with 1 error after 0.00s
    Done. PASS=0 WARN=0 ERROR=1 SKIP=1 TOTAL=2
    ",
    }
  `)
  expect(await shop.relations()).toEqual(['main.orders'])
  await shop.write({ 'models/long.sql': 'select 2 as id' })
  expect(await shop.lavra('build --quiet')).toEqual({ exitCode: 0, output: '' })
  expect(await shop.relations()).toEqual(['main.long', 'main.orders'])
})

test('a run whose lease is ended cannot publish, and the next one starts clean', async () => {
  const shop = await open({ 'models/long.sql': 'select 1 as id from pg_sleep(3)' })
  const run = shop.start('build')
  await running(shop, '%pg_sleep(3)%')
  await shop.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'lavra %@%'`,
  )
  const { exitCode, output } = await run.ended()
  expect([exitCode === 0, output.includes('Published')]).toEqual([false, false])
  expect(await shop.query(`select count(*)::int from _lavra.relations`)).toEqual([[1]])
  await shop.write({ 'models/long.sql': 'select 2 as id' })
  expect((await shop.lavra('build --quiet')).exitCode).toBe(0)
  expect(await shop.relations()).toEqual(['main.long', 'main.orders'])
})

test('a statement that takes longer than statement_timeout fails with what to do', async () => {
  const shop = await open({ 'models/long.sql': LONG })
  await shop.profile({ statement_timeout: 300 })
  expect(await shop.lavra('build --quiet')).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "output": "1 of 2 ERROR table main.long in 0.00s

      error[database] models/long.sql:1:1   (model long, postgres)
        Timeout: canceling statement due to statement timeout

        1 | select 1 as id from pg_sleep(600)
          | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: raise "statement_timeout" in profiles.yml, or of the role, the database or the server

    Nothing was published: long failed
    ",
    }
  `)
  expect(await shop.relations()).toEqual(['main.orders'])
})

test('a statement that somebody cancels is not called a time-out', async () => {
  const shop = await open({ 'models/long.sql': LONG })
  const run = shop.start('build --quiet')
  await shop.query(`select pg_cancel_backend(${await running(shop, '%pg_sleep(600)%')})`)
  const { exitCode, output } = await run.ended()
  expect(exitCode).toBe(1)
  expect(output).toContain('    Error 57014: canceling statement due to user request\n')
})

test('a role that may have one connection is told so', async () => {
  const shop = await open({})
  const role = await shop.role('ana', 'superuser')
  // Limits do not hold for superusers.
  await shop.query(
    `alter role ${role} nosuperuser connection limit 1; grant all on schema _lavra, main to ${role}; grant all on all tables in schema _lavra to ${role}; alter table main.orders owner to ${role}`,
  )
  await shop.profile({ user: role, password: 'hunter2', retries: 0 })
  expect(await shop.lavra('build --quiet')).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "output": "1 of 1 ERROR table main.orders in 0.00s

      error[database-busy] profiles.yml:12:16
        The server takes no more connections: too many connections for role "ana_in_tests".

        11 |       schema: main
        12 |       threads: 1
           |                ~
        hint: lower "threads" in profiles.yml, or raise the limit of the server ("max_connections"), the role or the database

    Nothing was published: orders failed
    ",
    }
  `)
})

test('a server that stops in mid-run is told by each node that wanted it, and by the record of the run', async () => {
  const server = await startPostgres()
  const shop = await open({ 'models/long.sql': LONG })
  const url = new URL(server.url)
  await shop.profile({
    host: url.hostname,
    port: url.port,
    dbname: 'postgres',
    password: JSON.stringify(decodeURIComponent(url.password)),
  })
  const run = shop.start('build --quiet')
  await onServer(url, async (client) => {
    for (;;) {
      const { rowCount } = await client.query(
        `select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`,
      )
      if (rowCount) break
    }
  })
  process.kill(server.pid, 'SIGQUIT')
  const { exitCode, output } = await run.ended()
  await server.stop()
  expect([exitCode, whileStopping(output.replaceAll(url.port, '54321'))]).toMatchInlineSnapshot(`
    [
      1,
      "1 of 2 ERROR table main.long in 0.00s

      error[database] models/long.sql:1:1   (model long, postgres)
        Connection Error: the connection to the server was lost (Connection terminated unexpectedly)

        1 | select 1 as id from pg_sleep(600)
          | ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: run again when the server is there; its log says why it ended the connection

    2 of 2 ERROR table main.orders in 0.00s

      error[database-unreachable] profiles.yml:6:13
        <what a server says that is stopping or has stopped>

        5 |       type: postgres
        6 |       host: 127.0.0.1
          |             ~~~~~~~~~

    Nothing was published: long, orders failed
    ",
    ]
  `)
  expect((await shop.lavra('build --quiet')).output).toContain('error[database-unreachable] profiles.yml:')
})

/** A server that stops hangs up on those who come, or does not answer any more: which of the two is a matter of time. */
function whileStopping(output: string): string {
  const told = [
    [
      'The server at 127.0.0.1:54321/postgres hung up while Lavra connected.',
      'it may be starting or stopping, and its log says which; run again when it is there',
    ],
    [
      'No server answers at 127.0.0.1:54321/postgres.',
      'start the server, or correct "host" and "port" (54321) in profiles.yml',
    ],
  ]
  return told.reduce(
    (text, [sentence = '', hint = '']) =>
      text.replace(sentence, '<what a server says that is stopping or has stopped>').replace(`    hint: ${hint}\n`, ''),
    output,
  )
}

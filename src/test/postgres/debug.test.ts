import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdTargetInOtherProcess } from '../hold-postgres.ts'
import { PostgresShop } from './shop.ts'

let shop: PostgresShop

beforeAll(async () => {
  shop = await PostgresShop.make({ 'models/orders.sql': 'select 1 as id' })
})

afterAll(() => shop.remove())

/** What `lavra debug` says from the database on. */
async function debug(variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exitCode, output } = await shop.lavra('debug', variables)
  expect(exitCode).toBe(0)
  return output
    .slice(output.indexOf('database'))
    .replace(/postgres \d+(\.\d+)?/, 'postgres 18')
    .replace(/process \d+ on \S+,/, 'process 7 on this-machine,')
    .replace(/since \S+/, 'since <now>')
    .replace(/backend \d+/, 'backend 1')
}

test('debug tells what is there before the first run', async () => {
  expect(await debug()).toBe(`database    127.0.0.1:54321/shop_in_tests, postgres 18
role        postgres
schema      main, which the first run makes
encryption  none (sslmode prefer)
lease       free
connection  works
`)
  expect(await shop.relations()).toEqual([])
})

test('debug tells as whom the session acts, where its password is from, and what it may not', async () => {
  const ana = await shop.role('ana')
  const builders = await shop.role('builders')
  await shop.query(`grant ${builders} to ${ana}`)
  await shop.profile({ user: ana, password: undefined, role: builders, sslmode: 'disable' })
  expect(await debug({ PGPASSWORD: 'hunter2' })).toBe(`database    127.0.0.1:54321/shop_in_tests, postgres 18
role        builders_in_tests, logged in as ana_in_tests, password from PGPASSWORD
schema      main, which the role may not make: grant create on database "shop_in_tests" to "builders_in_tests"
encryption  none (sslmode disable)
lease       free
connection  works
`)
})

test('debug tells who has the lease and does not wait for it', async () => {
  await shop.profile({})
  await shop.lavra('build --quiet')
  const holder = await holdTargetInOtherProcess(shop.database.options)
  try {
    expect(await debug()).toBe(`database    127.0.0.1:54321/shop_in_tests, postgres 18
role        postgres
schema      main, which is there
encryption  none (sslmode prefer)
lease       held by process 7 on this-machine, run other-run since <now> (role postgres, backend 1)
connection  works
`)
  } finally {
    await holder.stop()
  }
})

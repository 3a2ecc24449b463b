import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TemporaryProject } from '../temporary-project.ts'
import { area } from './engines.ts'
import { places, problems, rows, statuses } from './look.ts'

const PROJECT = `name: shop
version: '1.0'
profile: shop
models:
  +materialized: table
  +grants: { select: [lavra_reader] }
`

area('grants', ({ engine, project }) => {
  if (engine.name === 'duckdb') {
    test('an engine without roles builds, and says once that grants do nothing', async () => {
      const shop = await project({
        'project.yml': PROJECT,
        'models/customers.sql': 'select 1 as id',
        'models/orders.sql': 'select 1 as id',
      })
      const outcome = await shop.run()
      expect(statuses(outcome)).toEqual({ customers: 'success', orders: 'success' })
      expect(problems(outcome)).toEqual([
        'grants-not-supported project.yml:6:12 duckdb has no roles: the grants of "customers" and of 1 other do nothing.',
      ])
    })
    return
  }

  const onServer = async (sql: string) => {
    const shop = await project({})
    await shop.change(sql)
  }

  beforeAll(() => onServer('drop role if exists lavra_reader; drop role if exists "Lavra-Writer"'))
  beforeAll(() => onServer('create role lavra_reader; create role "Lavra-Writer"'))
  afterAll(() => onServer('drop role lavra_reader; drop role "Lavra-Writer"'))

  const granted = (shop: TemporaryProject) =>
    rows(
      shop,
      // The information schema leaves materialized views out.
      `select relname, case grantee when 0 then 'PUBLIC' else pg_get_userbyid(grantee) end collate "C" as grantee, privilege_type
       from pg_class, aclexplode(relacl) where relnamespace = 'main'::regnamespace and grantee <> grantor order by 1, 2, 3`,
    )

  for (const materialized of ['table', 'view', 'incremental', 'materialized_view']) {
    test(`a ${materialized} is granted what its config lists, and loses what it does not list`, async () => {
      const shop = await project({
        'project.yml': PROJECT.replace('table', materialized),
        'models/orders.sql': 'select 1 as id',
      })
      expect(statuses(await shop.run())).toEqual({ orders: 'success' })
      expect(await granted(shop)).toEqual(['orders | lavra_reader | SELECT'])
      await shop.run()
      expect(await granted(shop)).toEqual(['orders | lavra_reader | SELECT'])
      const more = `{{ config(grants={'+select': ['Lavra-Writer'], 'insert': 'Lavra-Writer'}) }} select 1 as id`
      await shop.write({ 'models/orders.sql': more })
      await shop.run()
      expect(await granted(shop)).toEqual([
        'orders | Lavra-Writer | INSERT',
        'orders | Lavra-Writer | SELECT',
        'orders | lavra_reader | SELECT',
      ])
      await shop.write({ 'models/orders.sql': `{{ config(grants={'select': ['Lavra-Writer']}) }} select 1 as id` })
      await shop.run()
      expect(await granted(shop)).toEqual(['orders | Lavra-Writer | SELECT'])
      await shop.write({ 'models/orders.sql': `{{ config(grants={'select': []}) }} select 1 as id` })
      await shop.run()
      expect(await granted(shop)).toEqual([])
    })
  }

  test('a seed and a snapshot are granted as models are, at the first run and at later ones', async () => {
    const grants = (role: string) =>
      `seeds:\n  +grants: { select: [${role}] }\nsnapshots:\n  +grants: { select: [${role}] }\n`
    const base = `name: shop\nversion: '1.0'\nprofile: shop\n`
    const shop = await project({
      'project.yml': base + grants('lavra_reader'),
      'seeds/prices.csv': 'product,price\nbread,1\n',
      'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='product', strategy='check', check_cols='all') }}
select * from {{ ref('prices') }}{% endsnapshot %}`,
    })
    await shop.run()
    expect(await granted(shop)).toEqual(['history | lavra_reader | SELECT', 'prices | lavra_reader | SELECT'])
    await shop.write({ 'project.yml': base + grants('public') })
    await shop.run()
    expect(await granted(shop)).toEqual(['history | PUBLIC | SELECT', 'prices | PUBLIC | SELECT'])
    await shop.write({ 'project.yml': base })
    await shop.run()
    // Nothing is asked for: what others may do stays as it is.
    expect(await granted(shop)).toEqual(['history | PUBLIC | SELECT', 'prices | PUBLIC | SELECT'])
  })

  test('a role or a privilege that does not exist is told at the setting, and nothing is published', async () => {
    const shop = await project({
      'models/orders.sql': `{{ config(grants={'select': ['nobody_here']}) }} select 1 as id`,
    })
    expect(places(await shop.run())).toEqual(['database models/orders.sql:1:18'])
    await shop.write({ 'models/orders.sql': `{{ config(grants={'admire': ['lavra_reader']}) }} select 1 as id` })
    const outcome = await shop.run()
    expect(places(outcome)).toEqual(['database models/orders.sql:1:18'])
    expect(problems(outcome).join()).toContain('unrecognized privilege type "admire"')
    expect(await shop.relations()).toEqual([])
  })
})

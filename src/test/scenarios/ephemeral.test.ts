import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { places, rows, statuses } from './look.ts'

const ephemeral = (sql: string) => `{{ config(materialized='ephemeral') }}\n${sql}`

area('ephemeral', ({ project }) => {
  test('several, nested and shared ones are each inlined once, before what reads them', async () => {
    const shop = await project({
      'seeds/customers.csv': 'id,name\n1,Ana\n2,Bruno\n',
      'models/base.sql': ephemeral(`select id, name from {{ ref('customers') }}`),
      'models/named.sql': ephemeral(`select id, upper(name) as name from {{ ref('base') }}`),
      'models/counted.sql': ephemeral(
        `with inner_rows as (select * from {{ ref('base') }}) select count(*) as n from inner_rows`,
      ),
      'models/final.sql': `-- a comment with the word with
with own as (select * from {{ ref('named') }})
select own.id, own.name, counted.n from own cross join {{ ref('counted') }} as counted`,
      'models/as_view.sql': `{{ config(materialized='view') }} select * from {{ ref('named') }}`,
    })
    expect(statuses(await shop.run())).toEqual({ as_view: 'success', customers: 'success', final: 'success' })
    expect(await rows(shop, 'select * from main.final order by id')).toEqual(['1 | ANA | 2', '2 | BRUNO | 2'])
    expect(await rows(shop, 'select * from main.as_view order by id')).toEqual(['1 | ANA', '2 | BRUNO'])
    expect(await shop.relations()).toEqual(['main.as_view', 'main.customers', 'main.final'])
    await shop.lavra('compile')
    const compiled = await readFile(join(shop.root, 'target/compiled/shop/models/final.sql'), 'utf8')
    expect(compiled.match(/__dbt__cte__\w+ as \(/g)).toEqual([
      '__dbt__cte__base as (',
      '__dbt__cte__named as (',
      '__dbt__cte__counted as (',
    ])
  })

  test('an error in one is told in its own file, for every node that reads it', async () => {
    const shop = await project({
      'models/base.sql': ephemeral('select nope from (select 1 as id) as t'),
      'models/middle.sql': ephemeral(`select * from {{ ref('base') }}`),
      'models/final.sql': `select * from {{ ref('middle') }}`,
      'models/below.sql': `select * from {{ ref('final') }}`,
    })
    const outcome = await shop.run()
    expect(statuses(outcome)).toEqual({ below: 'skipped', final: 'error' })
    expect(places(outcome)).toEqual(['database models/base.sql:2:8'])
  })

  test('tests of an ephemeral model read it as its readers do', async () => {
    const shop = await project({
      'models/base.sql': ephemeral('select 1 as id union all select 1'),
      'models/schema.yml': `models: [{ name: base, columns: [{ name: id, data_tests: [not_null, unique] }] }]\n`,
    })
    expect(statuses(await shop.run())).toEqual({ not_null_base_id: 'pass', unique_base_id: 'fail' })
  })
})

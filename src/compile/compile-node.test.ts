import { expect, test } from 'vitest'
import type { Model } from '../manifest/nodes.ts'
import { type TemplateProjectInput, templateManifest, templateProject } from '../test/template-project.ts'
import { describePlace } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import type { CompileInput, EphemeralMemo } from './compile-input.ts'
import { compileNode } from './compile-node.ts'

const MODELS = {
  stg_orders: `{{ config(materialized='ephemeral') }}

select id as order_id, customer_id, amount
from {{ ref('raw_orders') }}`,
  big_orders: `{{ config(materialized='ephemeral') }}
-- with love
select * from {{ ref('stg_orders') }} where amount > 5`,
  orders: `select * from {{ ref('stg_orders') }} join {{ ref('big_orders') }} using (order_id)`,
  orders_of_week: `-- with a comment
WITH  o as (select * from {{ ref('big_orders') }}), p as (select 'with' as w)
select o.* from o`,
  latest: `{{ config(materialized='incremental', unique_key='id') }}
select * from {{ ref('raw_orders') }}
{% if is_incremental() %}
where ordered_at > (select max(ordered_at) from {{ this }})
{% endif %}`,
}

function compile(name: string, changes: Partial<CompileInput> = {}, input: TemplateProjectInput = {}) {
  const project = templateProject(input)
  const manifest = templateManifest(project, MODELS, ['raw_orders'])
  const node = manifest.nodes.get(uniqueId('model', 'shop', name)) as Model
  return compileNode({
    project,
    manifest,
    node,
    relationOf: (id) => (manifest.nodes.get(id) as Model).relation!,
    isIncremental: false,
    fullRefresh: false,
    ephemerals: new Map(),
    ...changes,
  })
}

// The expected texts of the next three tests are those of dbt 1.11 on the same models.
test('ephemeral models go in front, each after what it reads', async () => {
  expect((await compile('orders')).sql).toBe(`with __dbt__cte__stg_orders as (


select id as order_id, customer_id, amount
from "shop"."main"."raw_orders"
),  __dbt__cte__big_orders as (

-- with love
select * from __dbt__cte__stg_orders where amount > 5
) select * from __dbt__cte__stg_orders join __dbt__cte__big_orders using (order_id)`)
})

test('they go into the with that a model has', async () => {
  expect((await compile('orders_of_week')).sql).toBe(`-- with a comment
WITH   __dbt__cte__stg_orders as (


select id as order_id, customer_id, amount
from "shop"."main"."raw_orders"
),  __dbt__cte__big_orders as (

-- with love
select * from __dbt__cte__stg_orders where amount > 5
), o as (select * from __dbt__cte__big_orders), p as (select 'with' as w)
select o.* from o`)
})

test('an ephemeral model that reads another is compiled the same way', async () => {
  expect((await compile('big_orders')).sql).toBe(`
with __dbt__cte__stg_orders as (


select id as order_id, customer_id, amount
from "shop"."main"."raw_orders"
) -- with love
select * from __dbt__cte__stg_orders where amount > 5`)
})

test('the text of an ephemeral model leads into its own file', async () => {
  const { sql, map } = await compile('orders')
  const placeOf = (text: string) => describePlace(map.locate(sql.indexOf(text))!.place)
  expect(placeOf('customer_id, amount')).toBe('models/stg_orders.sql:3:24')
  expect(placeOf('where amount')).toBe('models/big_orders.sql:3:39')
  expect(placeOf('using (order_id)')).toBe('models/orders.sql:1:68')
})

test('is_incremental adds what is new, in the published relation', async () => {
  const { sql, publishedSql } = await compile('latest', { isIncremental: true })
  expect(sql).toBe(`
select * from "shop"."main"."raw_orders"

where ordered_at > (select max(ordered_at) from "shop"."main"."latest")
`)
  expect(publishedSql).toBe(sql)
})

test('candidates are sent under their physical names and published under their own', async () => {
  const candidate = {
    database: 'shop',
    schema: 'main',
    identifier: 'raw_orders',
    physical: 'raw_orders__lavra_3f9a1c2b',
  }
  const { sql, publishedSql } = await compile('big_orders', { relationOf: () => candidate })
  expect(sql).toContain('from "shop"."main"."raw_orders__lavra_3f9a1c2b"\n)')
  expect(publishedSql).toBe((await compile('big_orders')).sql)
})

test('a name that is not quoted is published so', async () => {
  const quoting = { identifier: false }
  const relation = { database: 'shop', schema: 'main', identifier: 'raw_orders', quoting }
  const { sql, publishedSql } = await compile('latest', {
    relationOf: () => ({ ...relation, physical: 'raw_orders__lavra_3f9a1c2b' }),
  })
  expect(sql).toContain('"main"."raw_orders__lavra_3f9a1c2b"')
  expect(publishedSql).toContain('"main".raw_orders\n')
})

test('an ephemeral model is rendered once a run', async () => {
  const ephemerals: EphemeralMemo = new Map()
  await compile('orders', { ephemerals })
  const known = ephemerals.get(uniqueId('model', 'shop', 'stg_orders'))
  expect(known).toBeDefined()
  await compile('orders_of_week', { ephemerals })
  expect(ephemerals.get(uniqueId('model', 'shop', 'stg_orders'))).toBe(known)
  expect([...ephemerals.keys()]).toEqual(['model.shop.stg_orders', 'model.shop.big_orders'])
})

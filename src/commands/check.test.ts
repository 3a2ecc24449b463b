import { afterEach, describe, expect, test } from 'vitest'
import { TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

describe.each(TEST_ENGINES)('on $name', (engine) => {
  const files = {
    'seeds/items.csv': 'item_id,price\n1,2.50\n',
    'models/sources.yml': 'sources: [{name: raw, schema: raw, tables: [{name: orders}]}]',
    'models/orders.sql': `select o.order_id, i.price from {{ source('raw', 'orders') }} as o join {{ ref('items') }} as i on i.item_id = o.item_id`,
    'models/small.sql': `{{ config(materialized='ephemeral') }} select order_id from {{ ref('orders') }} where price < 10`,
    'models/panel.sql': `{{ config(materialized='view') }} select count(*) as orders from {{ ref('small') }}`,
    'models/ledger.sql': `{{ config(materialized='incremental', unique_key='order_id') }} select order_id, price from {{ ref('orders') }}`,
    'snapshots/history.sql': `{% snapshot history %}{{ config(unique_key='order_id', strategy='check', check_cols='all') }} select * from {{ ref('ledger') }}{% endsnapshot %}`,
    'models/models.yml': 'models: [{name: panel, columns: [{name: orders, data_tests: [not_null]}]}]',
  }
  const SOURCE = 'create schema raw; create table raw.orders as select 1 as order_id, 1 as item_id'

  test('a project that was never built is checked over the columns of its sources', async () => {
    project = await TemporaryProject.make(files, engine)
    await project.change(SOURCE)
    expect(await project.check()).toEqual([])
    expect(await project.relations()).toEqual(['raw.orders'])
  })

  test('a mistake is found although what is published would do, and nothing of it is touched', async () => {
    project = await TemporaryProject.make(files, engine)
    await project.change(SOURCE)
    await project.run()
    const before = await project.relations()
    await project.write({ 'models/orders.sql': `select order_id, 1 as cost from {{ source('raw', 'orders') }}` })
    expect(await project.check()).toEqual(['models/ledger.sql:price', 'models/small.sql:price'])
    expect(await project.relations()).toEqual(before)
    expect(await project.query('select price from orders')).toHaveLength(1)
  })

  test('a source that is not there is not guessed at', async () => {
    project = await TemporaryProject.make(files, engine)
    expect(await project.check()).toEqual([])
  })
})

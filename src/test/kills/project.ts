import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * A project whose whole content is one number: every relation holds the `version` it was built with, so that the versions
 * which a reader finds in all of them are equal exactly when it saw one publication whole.
 */
const FILES: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
version: '1.0'
profile: shop
vars:
  version: 0
models:
  +materialized: table
`,
  'profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: shop.duckdb
      threads: 2
`,
  'models/orders.sql': `select i as order_id, {{ var('version') }} as version from range(200) as numbers(i)`,
  'models/customers.sql': `select order_id % 10 as customer_id, max(version) as version from {{ ref('orders') }} group by all`,
  // Every run changes half of the rows and adds one, so that the whole table has one version only when the merge is whole.
  'models/ledger.sql': `{{ config(materialized='incremental', unique_key='order_id') }}
select order_id, version from {{ ref('orders') }}
union all
select 1000 + {{ var('version') }}, {{ var('version') }}`,
  'models/panel.sql': `{{ config(materialized='view') }}
select max(version) as version, min(version) as lowest from {{ ref('customers') }}`,
  'models/regions.sql': `{{ config(versions=1) }}
select {{ var('version') }} as version`,
  'models/shop.yml': `version: 2
models:
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique, not_null]
  - name: ledger
    columns:
      - name: order_id
        data_tests: [unique, not_null]
`,
}

/** The version of every published relation, read in one statement: one snapshot. */
export const VERSION_VECTOR = `select
  (select max(version) from orders) as orders,
  (select min(version) from orders) as orders_lowest,
  (select max(version) from customers) as customers,
  (select min(version) from ledger where order_id < 1000) as ledger_lowest,
  (select max(version) from ledger) as ledger,
  (select version from panel) as panel,
  (select lowest from panel) as panel_lowest,
  (select version from regions) as regions`

export async function writeProject(root: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

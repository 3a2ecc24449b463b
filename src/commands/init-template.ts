/** The files of a new project, by path: a shop with one seed, one model a layer and a few tests. */
export function projectTemplate(name: string): Readonly<Record<string, string>> {
  return {
    'project.yml': `name: ${name}
version: '1.0'
profile: ${name}

models:
  ${name}:
    silver:
      +materialized: view
    gold:
      +materialized: table
`,
    'profiles.yml': `${name}:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: ${name}.duckdb
      threads: 4
`,
    '.gitignore': `target/
*.duckdb
*.duckdb.wal
*.lavra-lock
`,
    'seeds/raw_orders.csv': `order_id,customer,ordered_at,amount
1,Ana,2026-01-05,120.50
2,Bruno,2026-01-05,80.00
3,Ana,2026-01-06,35.25
`,
    'models/silver/stg_orders.sql': `select
  order_id,
  customer,
  ordered_at,
  cast(amount as decimal(18, 2)) as amount
from {{ ref('raw_orders') }}
`,
    'models/gold/customers.sql': `select
  customer,
  count(*) as orders,
  sum(amount) as amount
from {{ ref('stg_orders') }}
group by customer
`,
    'models/models.yml': `version: 2

models:
  - name: stg_orders
    description: One row an order, typed.
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: amount
        data_tests:
          - accepted_range:
              arguments:
                min_value: 0

  - name: customers
    description: One row a customer, with the number and the worth of the orders.
    columns:
      - name: customer
        data_tests: [unique, not_null]
`,
    'tests/amounts_add_up.sql': `-- The customers' amounts are the orders' amounts: a row here is a failure.
select 'amounts differ' as problem
where (select sum(amount) from {{ ref('customers') }}) <> (select sum(amount) from {{ ref('stg_orders') }})
`,
  }
}

/** A shop with something of everything that a page can show; what its texts try must not happen. */
export const SHOP: Readonly<Record<string, string>> = {
  'seeds/raw_orders.csv': 'id,customer,amount\n1,Ana,10.5\n2,Bruno,0\n3,Ana,4\n',
  'models/sources.yml': `sources:
  - name: web
    schema: main
    tables: [{ name: clicks, description: What was looked at }]
`,
  'models/silver/orders.sql': `-- </script><script>window.broken = true</script>
select id, customer, amount
from {{ ref('raw_orders') }}
where amount > 0`,
  'models/silver/visits.sql': "{{ config(materialized='ephemeral') }} select * from {{ source('web', 'clicks') }}",
  'models/gold/customers.sql': `select customer, sum(amount) as worth
from {{ ref('orders') }}
group by customer`,
  'models/gold/best_customers.sql': `select customer, worth as revenue
from {{ ref('customers') }}
where worth > 5`,
  'models/shop.yml': `models:
  - name: orders
    description: |
      **Paid** orders, see [the guide](https://example.com) and [nothing](javascript:alert(1)).

      | column | meaning |
      |---|---|
      | amount | money |

      <img src=x onerror="window.broken = true">
    config: { tags: [silver] }
    columns:
      - { name: id, description: The number, data_tests: [unique, not_null] }
      - { name: amount, description: What was paid }
  - name: customers
    description: One row a customer.
    config: { tags: [gold] }
    columns:
      - name: worth
        description: All that was paid
        data_tests:
          - accepted_range: { arguments: { max_value: 10 }, config: { severity: warn } }
  - name: best_customers
    description: Notificações para os melhores clientes.
    config: { tags: [gold] }
exposures:
  - name: revenue
    type: dashboard
    description: What comes in
    owner: { name: Sales }
    url: https://example.com/revenue
    depends_on: ["ref('best_customers')"]
snapshots:
  - name: orders_history
    relation: ref('orders')
    config: { strategy: check, check_cols: all, unique_key: id }
`,
  'models/overview.md': '{% docs __overview__ %}The shop, *whole*.{% enddocs %}',
}

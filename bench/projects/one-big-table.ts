/** One table of many rows and twenty tests of it, each of which finds nothing. */
export function oneBigTableProject(rows: number): ReadonlyMap<string, string> {
  return new Map([
    ['models/orders.sql', tableText(rows)],
    ['models/orders.yml', PROPERTIES],
  ])
}

function tableText(rows: number): string {
  return `select
    i as order_id,
    i % 250000 as customer_id,
    cast(i % 90000 as decimal(12, 2)) / 100 as amount,
    case i % 4 when 0 then 'open' when 1 then 'paid' when 2 then 'sent' else 'back' end as status,
    case i % 3 when 0 then 'web' when 1 then 'shop' else 'phone' end as channel,
    case i % 2 when 0 then 'BRL' else 'EUR' end as currency,
    timestamp '2024-01-01' + interval (i % 31536000) second as ordered_at,
    timestamp '2024-01-02' + interval (i % 31536000) second as sent_at
from range(${rows}) as numbers(i)
`
}

const PROPERTIES = `version: 2
models:
  - name: orders
    data_tests:
      - expression_is_true: { arguments: { expression: "amount >= 0" } }
      - expression_is_true: { arguments: { expression: "sent_at > ordered_at" } }
      - expression_is_true: { arguments: { expression: "amount < 100000" } }
      - expression_is_true: { arguments: { expression: "customer_id < 250000" } }
      - expression_is_true: { arguments: { expression: "ordered_at >= timestamp '2024-01-01'" } }
      - expression_is_true: { arguments: { expression: "length(status) = 4" } }
      - expression_is_true: { arguments: { expression: "order_id >= customer_id" } }
      - expression_is_true: { arguments: { expression: "channel <> status" } }
    columns:
      - name: order_id
        data_tests: [not_null, unique]
      - name: customer_id
        data_tests: [not_null]
      - name: amount
        data_tests: [not_null]
      - name: status
        data_tests:
          - not_null
          - accepted_values: { arguments: { values: [open, paid, sent, back] } }
      - name: channel
        data_tests:
          - not_null
          - accepted_values: { arguments: { values: [web, shop, phone] } }
      - name: currency
        data_tests:
          - not_null
          - accepted_values: { arguments: { values: [BRL, EUR] } }
      - name: ordered_at
        data_tests: [not_null]
      - name: sent_at
        data_tests: [not_null]
`

/** A company with dashboards of every kind, and more rows than a page reads at once. */
export const SALES: Readonly<Record<string, string>> = {
  'models/messages.sql': `
select
  range as message_id,
  case when range < 120000 then 7 else 9 end as customer_id,
  case when range < 120000 then 'Acme' else 'Bruno' end as customer,
  case when range % 1000 = 5 then 'A fatura, "fechada"' else 'Olá' end as payload,
  timestamp '2020-02-03 14:00:00' + to_seconds(range) as sent_at,
  'someone' || range || '@example.com' as email
from range(120010)
`,
  'models/customers.sql': `
select customer_id, customer, count(*) as sent, max(sent_at) as last_sent_at from {{ ref('messages') }} group by all
`,
  'models/bills.sql': `
select * from (values
  (date '2020-02-03', 'Acme', cast(1000 as decimal(18, 2)), 25000),
  (date '2020-02-04', 'Acme', 1234.5, 30000),
  (date '2020-02-04', 'Bruno', 0.1, 3),
  (date '2020-02-06', 'Bruno', null, 9007199254740993)
) as bills (billed_on, customer, amount, sent)
`,
  'models/answers.sql': `
-- depends_on: {{ ref('bills') }}
select 'c' as session, '{{ value.flow }}' as flow{% if execute and value.flow == 'Acme' %}, 'yes' as happy{% endif %}
`,
  'models/sales.yml': `
models:
  - name: messages
    columns: [{ name: email, meta: { pii: email } }]
  - name: answers
    config:
      per_value: { query: "select distinct customer as flow from {{ ref('bills') }}", name: 'answers_{{ value.flow }}' }
exposures:
  - name: panel
    label: Painel
    type: dashboard
    description: The **day** of a customer.
    owner: { name: Ana }
    meta:
      panels:
        - name: today
          title: { en: Today, pt: Hoje }
          type: number
          model: ref('customers')
          columns:
            - { name: sent, label: { en: Messages, pt: Mensagens }, format: integer }
            - { name: last_sent_at, label: { en: Last one, pt: Última } }
          filter: { column: customer_id, label: { en: Customer, pt: Cliente }, shown_as: customer, required: true }
          order_by: customer
        - name: everybody
          title: { en: Everybody, pt: Todos }
          type: bar
          model: ref('customers')
          x: customer
          y: sent
          columns: [{ name: sent, format: integer }]
          order_by: sent desc
  - name: details
    label: Messages in detail
    type: dashboard
    owner: { name: Ana }
    meta:
      panels:
        - name: messages
          title: { en: Messages, pt: Mensagens }
          type: table
          model: ref('messages')
          columns: [message_id, payload, sent_at, email]
          filter:
            - { column: customer_id, label: { en: Customer, pt: Cliente }, shown_as: customer, required: true }
            - { column: payload, kind: search }
            - { column: sent_at, kind: date_range }
          order_by: message_id
          export: true
  - name: billing
    label: Cobrança
    type: dashboard
    owner: { name: Ana }
    meta:
      panels:
        - name: bills
          title: { en: Bills, pt: Cobrança }
          type: table
          model: ref('bills')
          columns:
            - { name: billed_on, label: { en: Day, pt: Dia } }
            - { name: customer, label: { en: Customer, pt: Cliente } }
            - { name: amount, label: { en: Amount, pt: Valor }, format: money, currency: BRL }
            - { name: sent, label: { en: Messages, pt: Mensagens }, format: integer }
          filter:
            - { column: customer, label: { en: Customer, pt: Cliente } }
            - { column: billed_on, kind: date_range, label: { en: Day, pt: Dia } }
          order_by: [billed_on, customer]
          export: true
        - name: by_day
          title: { en: By day, pt: Por dia }
          type: line
          model: ref('bills')
          x: billed_on
          y: amount
          series: customer
          columns: [{ name: amount, format: money, currency: BRL }]
          filter: customer
          order_by: billed_on
  - name: flows
    label: Answers
    type: dashboard
    owner: { name: Ana }
    meta:
      panels:
        - { name: answers, title: 'Flow {value}', type: table, model: ref('answers'), export: true }
`,
}

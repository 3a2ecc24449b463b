import { expect, test } from 'vitest'
import { area } from './engines.ts'
import { places, problems, refusal, rows, statuses } from './look.ts'

/** A contract of `orders` with its columns in the order id, amount, note. */
const CONTRACT = `models:
  - name: orders
    config:
      contract: { enforced: true }
    columns:
      - name: id
        data_type: integer
        constraints:
          - type: not_null
          - type: primary_key
      - name: amount
        data_type: numeric(10, 2)
        constraints:
          - { type: check, expression: amount > 0 }
      - name: note
        data_type: string
`

const COLUMNS = `select column_name from information_schema.columns
  where table_schema = 'main' and table_name = 'orders' order by ordinal_position`

const ORDERS = `select 'first' as note, 1 as id, cast(2.5 as numeric(10, 2)) as amount`

area('constraints', ({ project }) => {
  for (const materialized of ['table', 'view', 'incremental']) {
    const config = `{{ config(materialized='${materialized}', on_schema_change='fail') }}\n`

    test(`a ${materialized} whose columns are those of its contract is built, in whatever order`, async () => {
      const shop = await project({ 'models/orders.sql': config + ORDERS, 'models/schema.yml': CONTRACT })
      expect(statuses(await shop.run())).toEqual({ orders: 'success' })
      expect(await rows(shop, 'select id, amount, note from main.orders')).toEqual(['1 | 2.50 | first'])
      const order = materialized === 'view' ? ['note', 'id', 'amount'] : ['id', 'amount', 'note']
      expect(await rows(shop, COLUMNS)).toEqual(order)
    })

    test(`a ${materialized} whose columns are others is not built, and told what differs`, async () => {
      const shop = await project({
        'models/orders.sql': `${config}select cast('1' as varchar) as id, cast(2.5 as numeric(10, 2)) as amount, 7 as extra`,
        'models/schema.yml': CONTRACT,
      })
      const outcome = await shop.run()
      expect(statuses(outcome)).toEqual({ orders: 'error' })
      expect(places(outcome).filter((place) => !place.startsWith('constraint-on-view'))).toEqual([
        'contract-broken models/schema.yml:7:20',
      ])
      const told = problems(outcome)
        .find((line) => line.startsWith('contract-broken'))
        ?.split('\n')
      expect(told?.[0]).toContain('The query of "orders" does not give what its contract promises.')
      expect(told?.slice(1).map((line) => line.trim().split(/ {2,}/))).toEqual([
        ['column', 'contract', 'query'],
        ['id', expect.stringMatching(/^integer$/i), expect.stringMatching(/varchar|varying/i), 'another type'],
        ['note', expect.stringMatching(/varchar|text/i), '-', 'not in the query'],
        ['extra', '-', expect.stringMatching(/^integer$/i), 'not in the contract'],
      ])
      expect(await shop.relations()).toEqual([])
    })
  }

  test('every kind of constraint is enforced by the engine on the candidate, and told at its place', async () => {
    const shop = await project({ 'models/orders.sql': ORDERS, 'models/schema.yml': CONTRACT })
    await shop.run()
    const broken = {
      "select null as id, 1 as amount, 'x' as note": 'models/schema.yml:9:13',
      "select 1 as id, 1 as amount, 'x' as note union all select 1, 1, 'y'": 'models/schema.yml:10:13',
      "select 1 as id, -1 as amount, 'x' as note": 'models/schema.yml:14:13',
    }
    for (const [query, place] of Object.entries(broken)) {
      const typed = `select cast(id as integer) as id, cast(amount as numeric(10, 2)) as amount, note from (${query}) as q`
      await shop.write({ 'models/orders.sql': typed })
      const outcome = await shop.run()
      expect([query, places(outcome)]).toEqual([query, [`contract-constraint ${place}`]])
      expect(problems(outcome).join()).not.toContain('__lavra')
    }
    expect(await rows(shop, 'select id, amount, note from main.orders')).toEqual(['1 | 2.50 | first'])
    expect(await shop.relations()).toEqual(['main.orders'])
  })

  test('constraints of a whole model are enforced', async () => {
    const shop = await project({
      'models/orders.sql': `select 1 as id, 1 as line, 10 as quantity`,
      'models/schema.yml': `models:
  - name: orders
    config: { contract: { enforced: true } }
    constraints:
      - { type: primary_key, columns: [id, line] }
      - { type: check, name: enough, expression: quantity >= line }
      - { type: not_null, columns: [quantity] }
      - { type: custom, expression: check (id < 100) }
    columns:
      - { name: id, data_type: integer }
      - { name: line, data_type: integer }
      - { name: quantity, data_type: integer }
`,
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    const broken = {
      'select 1 as id, 1 as line, 10 as quantity union all select 1, 1, 11': 5,
      'select 1 as id, 2 as line, 1 as quantity': 6,
      'select 1 as id, 2 as line, cast(null as integer) as quantity': 7,
      'select 100 as id, 1 as line, 10 as quantity': 8,
    }
    for (const [query, line] of Object.entries(broken)) {
      await shop.write({ 'models/orders.sql': query })
      expect([query, places(await shop.run())]).toEqual([query, [`contract-constraint models/schema.yml:${line}:9`]])
    }
    expect(await rows(shop, 'select * from main.orders')).toEqual(['1 | 1 | 10'])
  })

  test('a unique constraint is enforced, on a column and on several', async () => {
    const contract = (ofModel: string, ofNote: string) => `models:
  - name: orders
    config: { contract: { enforced: true } }
    constraints: [${ofModel}]
    columns:
      - { name: id, data_type: integer }
      - { name: note, data_type: varchar, constraints: [${ofNote}] }
`
    const shop = await project({
      'models/orders.sql': `select 1 as id, 'x' as note union all select 2, 'x'`,
      'models/schema.yml': contract('', '{ type: unique }'),
    })
    expect(places(await shop.run())).toEqual(['contract-constraint models/schema.yml:7:57'])
    await shop.write({ 'models/schema.yml': contract('{ type: unique, columns: [id, note] }', '') })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    await shop.write({ 'models/orders.sql': `select 1 as id, 'x' as note union all select 1, 'x'` })
    expect(places(await shop.run())).toEqual(['contract-constraint models/schema.yml:4:19'])
  })

  test('an incremental model keeps its constraints, whether the new rows or all rows break them', async () => {
    const shop = await project({
      'models/orders.sql': `{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
select cast({{ var('id', 1) }} as integer) as id, cast({{ var('amount', 1) }} as numeric(10, 2)) as amount, '{{ var('id', 1) }}' as note`,
      'models/schema.yml': CONTRACT,
    })
    await shop.run()
    expect(places(await shop.run({ vars: '{id: 2, amount: -1}' }))).toEqual([
      'contract-constraint models/schema.yml:14:13',
    ])
    expect(places(await shop.run({ vars: '{id: 1}' }))).toEqual(['contract-constraint models/schema.yml:10:13'])
    expect(statuses(await shop.run({ vars: '{id: 2}' }))).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select id from main.orders order by id')).toEqual(['1', '2'])
    // The table still has its constraints after a merge.
    await expect(shop.change(`insert into main.orders values (2, 1, 'z')`)).rejects.toThrow()
    await expect(shop.change(`insert into main.orders values (null, 1, 'z')`)).rejects.toThrow()
  })

  test('an incremental model with a contract takes a new column, with its constraint', async () => {
    const contract = (more: string) => `models:
  - name: orders
    config: { contract: { enforced: true } }
    columns:
      - { name: id, data_type: integer, constraints: [{ type: primary_key }] }
${more}`
    const model = (columns: string) =>
      `{{ config(materialized='incremental', unique_key='id', on_schema_change='append_new_columns') }}\nselect ${columns}`
    const shop = await project({ 'models/orders.sql': model('1 as id'), 'models/schema.yml': contract('') })
    await shop.run()
    await shop.write({
      'models/orders.sql': model('2 as id, 5 as amount'),
      'models/schema.yml': contract(
        `      - { name: amount, data_type: integer, constraints: [{ type: check, expression: amount > 0 }] }\n`,
      ),
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    await shop.write({ 'models/orders.sql': model('2 as id, 6 as amount') })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select id, amount from main.orders order by id')).toEqual(['1 | ', '2 | 6'])
    await expect(shop.change('insert into main.orders values (3, 0)')).rejects.toThrow()
  })

  test('a foreign key is held against the parent that is published with it', async () => {
    const shop = await project({
      'models/customers.sql': 'select 1 as id',
      'models/orders.sql': 'select 7 as id, 1 as customer_id union all select 8, null',
      'models/lines.sql': 'select 7 as order_id, 1 as line',
      'models/schema.yml': `models:
  - name: orders
    config: { contract: { enforced: true } }
    columns:
      - { name: id, data_type: integer }
      - name: customer_id
        data_type: integer
        constraints:
          - { type: foreign_key, to: ref('customers'), to_columns: [id] }
  - name: lines
    config: { contract: { enforced: true } }
    constraints:
      - { type: foreign_key, columns: [order_id], to: "{{ ref('orders') }}", to_columns: [id] }
    columns:
      - { name: order_id, data_type: integer }
      - { name: line, data_type: integer }
`,
    })
    const outcome = await shop.run()
    expect(statuses(outcome)).toEqual({ customers: 'success', lines: 'success', orders: 'success' })
    // The parents come first: the foreign key is a dependency.
    expect([...outcome.results.keys()]).toEqual(['customers', 'orders', 'lines'])
    await shop.write({ 'models/customers.sql': 'select 2 as id' })
    const orphaned = await shop.run()
    expect(problems(orphaned)).toEqual([
      `contract-constraint models/schema.yml:9:13 A row of "orders" refers to a row that ref('customers') does not have: customer_id = 1.`,
    ])
    expect(await rows(shop, 'select id from main.customers')).toEqual(['1'])
    await shop.write({ 'models/customers.sql': 'select 1 as id union all select 3' })
    expect(statuses(await shop.run())).toEqual({ customers: 'success', lines: 'success', orders: 'success' })
  })

  test('the query of a contract may need its sql_header', async () => {
    const shop = await project({
      'models/orders.sql': `{{ config(sql_header="create table main.rates as select 3 as rate;") }}
select cast(2 * (select max(rate) from main.rates) as integer) as id, cast(1 as numeric(10, 2)) as amount, 'x' as note`,
      'models/schema.yml': CONTRACT,
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select id from main.orders')).toEqual(['6'])
  })

  test('a dry run shows the table with its constraints', async () => {
    const shop = await project({
      'models/orders.sql': `{{ config(sql_header='set timezone to UTC') -}}\n${ORDERS}`,
      'models/schema.yml': CONTRACT,
    })
    const { code, text } = await shop.lavra('build', '--dry-run')
    expect([code, text.replace(/"[^"]*"\."main"\."orders__lavra_[0-9a-f]{8}"/g, 'CANDIDATE')]).toEqual([
      0,
      `-- model orders
set timezone to UTC;
create table CANDIDATE (
  "id" integer not null primary key,
  "amount" numeric(10, 2) check (amount > 0),
  "note" TEXT
);
insert into CANDIDATE ("id", "amount", "note")
select "id", "amount", "note"
from (
${ORDERS}
) as model_subq;

`,
    ])
  })

  test('one relation per value keeps the contract of its model', async () => {
    const shop = await project({
      'models/seller.sql': `{{ config(per_value={'query': "select 1 as n union all select 2", 'name': 'seller_{{ value.n }}'}) }}
select {{ value.n if value is defined else 0 }} as n`,
      'models/schema.yml': `models:
  - name: seller
    config: { contract: { enforced: true } }
    columns: [{ name: n, data_type: integer, constraints: [{ type: check, expression: "n < {{ var('limit', 3) }}" }] }]
`,
    })
    expect(statuses(await shop.run())).toEqual({ seller: 'success' })
    expect(await rows(shop, 'select n from main.seller_2')).toEqual(['2'])
    expect(places(await shop.run({ vars: '{limit: 2}' }))).toEqual(['contract-constraint models/schema.yml:4:60'])
  })

  test('sizes of types are not compared, but kept', async () => {
    const shop = await project({
      'models/orders.sql': `select 1 as id, cast(1.25 as numeric(20, 5)) as amount, cast('x' as varchar(3)) as note`,
      'models/schema.yml': CONTRACT.replace('data_type: string', 'data_type: varchar(10)'),
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select amount from main.orders')).toEqual(['1.25'])
  })

  test('a size that the contract does not name is that of the query', async () => {
    const shop = await project({
      'models/orders.sql': `select 1 as id, cast(1.23456 as numeric(20, 5)) as amount, cast('x' as varchar(3)) as note`,
      'models/schema.yml': CONTRACT.replace('numeric(10, 2)', 'numeric'),
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, 'select amount from main.orders')).toEqual(['1.23456'])
  })

  test('names in quotes keep their case and blanks', async () => {
    const shop = await project({
      'models/orders.sql': `select 1 as "Order Id", 'x' as "select"`,
      'models/schema.yml': `models:
  - name: orders
    config: { contract: { enforced: true } }
    columns:
      - { name: Order Id, quote: true, data_type: integer, constraints: [{ type: not_null }] }
      - { name: select, quote: true, data_type: varchar, constraints: [{ type: check, expression: '"select" = ''x''' }] }
`,
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
    expect(await rows(shop, COLUMNS)).toEqual(['Order Id', 'select'])
  })

  test('a contract that cannot be kept is refused before anything runs', async () => {
    const shop = await project({
      'models/untyped.sql': 'select 1 as id',
      'models/nameless.sql': `{{ config(contract={'enforced': true}) }} select 1 as id`,
      'models/growing.sql': `{{ config(materialized='incremental') }} select 1 as id`,
      'models/inlined.sql': `{{ config(materialized='ephemeral') }} select 1 as id`,
      'models/schema.yml': `models:
  - name: untyped
    config: { contract: { enforced: true } }
    columns: [{ name: id, constraints: [{ type: check }, { type: unique, columns: [nope] }] }]
  - name: growing
    config: { contract: { enforced: true } }
    columns: [{ name: id, data_type: integer }]
  - name: inlined
    config: { contract: { enforced: true } }
    columns: [{ name: id, data_type: integer }]
`,
    })
    expect(await refusal(shop.run())).toEqual([
      'contract-schema-change models/schema.yml:6:25 An incremental model with a contract cannot have on_schema_change "ignore".',
      'contract-materialization models/schema.yml:9:25 A model that is materialized as "ephemeral" cannot have an enforced contract.',
      `contract-without-columns models/nameless.sql:1:20 The contract of "nameless" is enforced, but names no columns.`,
      'contract-type-missing models/schema.yml:4:23 The column "id" of a contract has no data_type.',
      'constraint-incomplete models/schema.yml:4:41 The constraint "check" needs "expression".',
      'constraint-column models/schema.yml:4:58 The constraint is about the column "nope", which the contract does not have.',
    ])
  })

  test('a type that the engine does not know is told at the column', async () => {
    const shop = await project({
      'models/orders.sql': ORDERS,
      'models/schema.yml': CONTRACT.replace('data_type: string', 'data_type: rope'),
    })
    expect(places(await shop.run())).toEqual(['contract-type models/schema.yml:16:20'])
  })

  test('without an enforced contract, types and constraints are only told', async () => {
    const shop = await project({
      'models/orders.sql': `select null as id, 'x' as other`,
      'models/schema.yml': CONTRACT.replace('enforced: true', 'enforced: false'),
    })
    expect(statuses(await shop.run())).toEqual({ orders: 'success' })
  })
})

import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject | undefined
afterEach(() => project?.remove())

const ORDERS = `select * from (values (1, 'placed'), (2, 'paid'), (2, null)) as orders(order_id, status)`

test('tests of one relation are one query, and only what fails is looked at again', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': ORDERS,
    'models/shop.yml': `models:
  - name: orders
    columns:
      - name: order_id
        data_tests: [unique, not_null]
      - name: status
        data_tests:
          - accepted_values: { arguments: { values: [placed, paid] } }
`,
  })
  const { execution, results } = await project.run()
  const sent = (name: string) => execution.sent.get(results.get(name)!.id)
  const mark = /__lavra_[0-9a-f]{8}/g
  const shared = `select
  count(case when status not in ('placed', 'paid') then 1 end) as "test_1",
  count(*) - count(order_id) as "test_2",
  count(order_id) - count(distinct order_id) as "test_3"
from "shop"."main"."orders"`
  expect(sent('not_null_orders_order_id')?.replace(mark, '')).toBe(shared)
  expect(sent('accepted_values_orders_status__placed__paid')?.replace(mark, '')).toBe(shared)
  expect(sent('unique_orders_order_id')?.replace(mark, '')).toContain(`${shared};\n\nselect`)
  expect([...results].map(([name, { status, failures }]) => [name, status, failures])).toEqual([
    ['orders', 'skipped', undefined],
    ['accepted_values_orders_status__placed__paid', 'pass', 0],
    ['not_null_orders_order_id', 'pass', 0],
    ['unique_orders_order_id', 'fail', 1],
  ])
})

test('a test whose expression is wrong fails alone', async () => {
  project = await TemporaryProject.make({
    'models/orders.sql': ORDERS,
    'models/shop.yml': `models:
  - name: orders
    data_tests:
      - expression_is_true: { arguments: { expression: "order_idd > 0" } }
    columns:
      - name: order_id
        data_tests: [not_null]
`,
  })
  const { results } = await project.run()
  const statuses = [...results.values()].map(({ status }) => status)
  expect(statuses).toEqual(['skipped', 'error', 'pass'])
})

const cell = fc.constantFrom('null', '0', '1', '2', '3')
const rows = fc.array(fc.tuple(cell, cell), { maxLength: 8 })
const settings = fc.record({
  severity: fc.constantFrom('error', 'warn'),
  warn_if: fc.constantFrom('!= 0', '> 1', '= 0'),
  error_if: fc.constantFrom('!= 0', '> 2', '>= 1'),
})
const dataTest = fc
  .tuple(
    fc.constantFrom(
      { name: 'not_null', arguments: {} },
      { name: 'unique', arguments: {} },
      { name: 'accepted_values', arguments: { values: [0, 1], quote: false } },
      { name: 'expression_is_true', arguments: { expression: '< 3' } },
      { name: 'expression_is_true', arguments: { expression: 'is distinct from 2' } },
    ),
    fc.constantFrom('a', 'b'),
    settings,
  )
  .map(([written, column, config]) => ({ ...written, column, config }))

test('status and failures are those of the test that runs alone', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.array(dataTest, { minLength: 2, maxLength: 5 }), async (table, tests) => {
      const values = [...table, ['null', 'null']].map(([a, b]) => `(${a}, ${b})`).join(', ')
      project = await TemporaryProject.make({
        'models/numbers.sql': `select cast(a as integer) as a, cast(b as integer) as b from (values ${values}) as t(a, b) limit ${table.length}`,
        'models/numbers.yml': JSON.stringify({ models: [{ name: 'numbers', columns: columnsWith(tests) }] }),
      })
      const together = (await project.run()).results
      await project.run({}, ['model'])
      for (const [name, shared] of together) {
        if (name === 'numbers') continue
        const alone = (await project.run({ select: [name] }, ['test'])).results.get(name)
        expect([name, shared.status, shared.failures]).toEqual([name, alone?.status, alone?.failures])
      }
      await project.remove()
    }),
    { numRuns: 12 },
  )
})

interface WrittenTest {
  readonly name: string
  readonly column: string
  readonly arguments: object
  readonly config: object
}

function columnsWith(tests: readonly WrittenTest[]) {
  return ['a', 'b'].map((name) => ({
    name,
    data_tests: tests
      .map((written, index) => ({ ...written, alias: `check_${index}` }))
      .filter(({ column }) => column === name)
      .map((written) => ({
        [written.name]: { name: written.alias, arguments: written.arguments, config: written.config },
      })),
  }))
}

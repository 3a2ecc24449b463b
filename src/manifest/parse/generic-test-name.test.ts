import { expect, test } from 'vitest'
import { Dict, float } from '../../template/index.ts'
import { testHash, testNames } from './generic-test-name.ts'

// Names and hashes are those of dbt 1.11.16 for the same tests.

const MODEL = "{{ get_where_subquery(ref('stg_orders')) }}"

function identify(name: string, args: Record<string, unknown>, namespace?: string) {
  return { name, namespace, kwargs: new Map(Object.entries({ ...args, model: MODEL })) }
}

function idOf(name: string, args: Record<string, unknown>, namespace?: string): string {
  const test = identify(name, args, namespace)
  const { full } = testNames(test, { kind: 'node', name: 'stg_orders' })
  return `${full}.${testHash(full, test)}`
}

test('a test is named after what it tests and its arguments in order of their names', () => {
  expect(idOf('not_null', { column_name: 'id' })).toBe('not_null_stg_orders_id.8cf5724805')
  expect(idOf('at_least', { value: -0.5, column_name: 'amount' })).toBe('at_least_stg_orders_amount___0_5.22b45bd78b')
  expect(idOf('relationships', { column_name: 'amount', to: "ref('customers')", field: 'id' })).toBe(
    'relationships_stg_orders_amount__id__ref_customers_.a9c1df9de0',
  )
})

test('values are written as Python writes them', () => {
  expect(
    idOf('accepted_values', {
      column_name: '"status"',
      values: ['placed', 'shipped', 'on the way', 1, float(1), 2.5, true, null],
    }),
  ).toBe('accepted_values_stg_orders__status___placed__shipped__on_the_way__1__1_0__2_5__True__None.71b136d062')
  const inner = new Dict([
    ['z', "it's"],
    ['a', 'say "hi"'],
  ])
  const first = new Dict([
    ['y', float(1)],
    ['x', false],
  ])
  const options = new Dict([
    ['b', [1, inner]],
    ['a', first],
  ])
  expect(idOf('at_least', { column_name: 'amount', value: '1e3', options })).toBe(
    'at_least_stg_orders_amount___1_z_it_s_a_say_hi____y_1_0_x_False___1e3.2c57746698',
  )
})

test('a package goes in front, and so does the word source', () => {
  expect(idOf('positive', { column_name: 'amount', more: float(1) }, 'shop')).toBe(
    'shop_positive_stg_orders_amount__1_0.94fd346afa',
  )
  const kwargs = new Map([
    ['column_name', 'id'],
    ['model', "{{ get_where_subquery(source('crm', 'people')) }}"],
  ])
  const unique = { name: 'unique', namespace: undefined, kwargs }
  const { full } = testNames(unique, { kind: 'source', name: 'crm_people' })
  expect(`${full}.${testHash(full, unique)}`).toBe('source_unique_crm_people_id.510703412c')
})

test('from 64 characters on, the short name is the beginning and a hash of the whole', () => {
  const values = ['placed', 'shipped', 'on the way', 1, float(1), 2.5, true, null]
  const status = identify('accepted_values', { column_name: '"status"', values })
  expect(testNames(status, { kind: 'node', name: 'stg_orders' })).toEqual({
    full: 'accepted_values_stg_orders__status___placed__shipped__on_the_way__1__1_0__2_5__True__None',
    short: 'accepted_values_stg_orders_5c91299ac42f809df963176aeb3027f5',
  })
})

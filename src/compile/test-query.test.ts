import { expect, test } from 'vitest'
import type { NodeConfig } from '../config/node-config.ts'
import { testQuery } from './test-query.ts'

const CONFIG: NodeConfig = {
  enabled: true,
  materialized: 'test',
  tags: [],
  meta: {},
  quoting: {},
  pre_hook: [],
  post_hook: [],
  persist_docs: {},
  grants: {},
  contract: { enforced: false },
  on_schema_change: 'ignore',
  column_types: {},
  severity: 'error',
  warn_if: '!= 0',
  error_if: '!= 0',
  fail_calc: 'count(*)',
}

test('counts the failing rows and says what they mean', () => {
  const { sql, mainOffset } = testQuery('select id from orders -- all', { config: CONFIG })
  expect(sql).toBe(`select
  count(*) as failures,
  count(*) != 0 as should_warn,
  count(*) != 0 as should_error
from (
select id from orders -- all
) dbt_internal_test`)
  expect(sql.slice(mainOffset)).toMatch(/^select id from orders/)
})

test('limit cuts the rows before they are counted', () => {
  const config = { ...CONFIG, limit: 5, fail_calc: 'sum(amount)', warn_if: '> 3', error_if: '> 10' }
  expect(testQuery('select amount from orders', { config }).sql).toBe(`select
  sum(amount) as failures,
  sum(amount) > 3 as should_warn,
  sum(amount) > 10 as should_error
from (
select amount from orders
limit 5
) dbt_internal_test`)
})

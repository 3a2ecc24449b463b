import type { DataTest } from '../manifest/nodes.ts'

/**
 * The query that counts a data test's failures, as dbt puts it: one row with `failures`, `should_warn` and `should_error`.
 * `limit` cuts the rows before they are counted.
 */
export function testQuery(sql: string, node: Pick<DataTest, 'config'>): string {
  const { fail_calc, warn_if, error_if, limit } = node.config
  const rows = limit === undefined ? sql : `${sql}\n    limit ${limit}`
  return `select
  ${fail_calc} as failures,
  ${fail_calc} ${warn_if} as should_warn,
  ${fail_calc} ${error_if} as should_error
from (
  ${rows}
) dbt_internal_test`
}

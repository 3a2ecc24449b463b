import type { DataTest } from '../manifest/nodes.ts'
import type { SqlStatement } from '../sql/statement.ts'

/**
 * The query that counts a data test's failures, as dbt puts it: one row with `failures`, `should_warn` and `should_error`.
 * `sql` is the compiled test, or a query on the table of its stored failures. `limit` cuts the rows before they are counted.
 */
export function testQuery(sql: string, test: Pick<DataTest, 'config'>): SqlStatement {
  const { fail_calc, warn_if, error_if, limit } = test.config
  const before = `select
  ${fail_calc} as failures,
  ${fail_calc} ${warn_if} as should_warn,
  ${fail_calc} ${error_if} as should_error
from (
`
  const after = limit === undefined ? '\n) dbt_internal_test' : `\nlimit ${limit}\n) dbt_internal_test`
  return { kind: 'sql', sql: before + sql + after, main: true, mainOffset: before.length }
}

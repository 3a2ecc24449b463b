import { describe, expect, test } from 'vitest'
import { problem } from '../diagnostics/errors.ts'
import type { NodeResult } from '../run/results.ts'
import { type SourceFile, span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'
import { githubAnnotation } from './github.ts'
import { junitXml } from './junit.ts'

const file: SourceFile = { path: 'models/gold/orders.sql', text: 'select\n  nope\nfrom stg_orders\n' }
const binderError = problem('database', 'Binder Error: "nope" < not found', {
  place: span(file, 9, 13),
  hint: 'did you mean "node"?',
})

describe('JUnit XML', () => {
  test('has a case for every node, with what went wrong', () => {
    const results: readonly NodeResult[] = [
      result('model', 'orders', { status: 'success', seconds: 0.214 }),
      result('model', 'daily', { status: 'error', diagnostics: [binderError] }),
      result('model', 'report', { status: 'skipped', message: '"daily" failed\nor was skipped' }),
      result('test', 'unique_orders_id', { status: 'pass' }),
      result('test', 'not_null_orders_id', { status: 'fail', message: '2 failing results', diagnostics: [] }),
      result('test', 'recent_orders', { status: 'warn', message: 'late & \u0000slow' }),
    ]
    const text = junitXml({ results, project: 'shop', startedAt: '2026-11-21T07:23:09.770Z', seconds: 1.5 })
    expect(text).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="shop" tests="6" failures="1" errors="1" skipped="1" time="1.500" timestamp="2026-11-21T07:23:09.770Z">
    <testcase classname="shop.model" name="orders" time="0.214"/>
    <testcase classname="shop.model" name="daily" time="0.100">
      <error message="Binder Error: &quot;nope&quot; &lt; not found">error[database] models/gold/orders.sql:2:3
  Binder Error: &quot;nope&quot; &lt; not found

  1 | select
  2 |   nope
    |   ~~~~
  hint: did you mean &quot;node&quot;?</error>
    </testcase>
    <testcase classname="shop.model" name="report" time="0.100">
      <skipped message="&quot;daily&quot; failed&#10;or was skipped"/>
    </testcase>
    <testcase classname="shop.test" name="unique_orders_id" time="0.100"/>
    <testcase classname="shop.test" name="not_null_orders_id" time="0.100">
      <failure message="2 failing results"></failure>
    </testcase>
    <testcase classname="shop.test" name="recent_orders" time="0.100">
      <system-out>late &amp; slow</system-out>
    </testcase>
  </testsuite>
</testsuites>
`)
  })
})

describe('a GitHub annotation', () => {
  test('points at the place, in the repository', () => {
    expect(githubAnnotation(binderError, 'analytics')).toBe(
      '::error file=analytics/models/gold/orders.sql,line=2,endLine=2,col=3,endColumn=6,title=database::' +
        'Binder Error: "nope" < not found%0Ahint: did you mean "node"?',
    )
  })

  test('has no columns when it spans lines, and no file when there is no place', () => {
    const warning = { ...problem('late', '100% late', { place: span(file, 0, 13) }), severity: 'warning' as const }
    expect(githubAnnotation(warning)).toBe(
      '::warning file=models/gold/orders.sql,line=1,endLine=2,title=late::100%25 late',
    )
    expect(githubAnnotation(problem('no-space', 'The disk is full.'))).toBe('::error title=no-space::The disk is full.')
  })
})

function result(type: string, name: string, details: Partial<NodeResult> & Pick<NodeResult, 'status'>): NodeResult {
  const id = uniqueId(type, 'shop', name)
  return { id, startedAt: '2026-11-21T07:23:09.770Z', seconds: 0.1, threadId: 'main', diagnostics: [], ...details }
}

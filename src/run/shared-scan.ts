import type { Connection } from '../adapters/adapter.ts'
import { BUILTIN_PACKAGE } from '../context/index.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest } from '../manifest/nodes.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Json } from '../util/json.ts'
import { relationInRun } from './compile-for-run.ts'
import type { RunEnvironment } from './environment.ts'

/**
 * Built-in tests of one relation share a scan: one pass gives a row of counts, and a count that is zero says exactly that
 * its test finds nothing. Whatever is not zero is run again alone, so status and `failures` are always those of the test's
 * own query; sharing only saves the passes of the tests that find nothing.
 *
 * A test can share when it is Lavra's own macro, looks at each row (or at one column's distinctness) of one relation, and
 * has no `where`, `limit`, stored failures, own `fail_calc` or condition that zero failures meet.
 */
export function sharedScanGroups(
  manifest: Manifest,
  selected: Iterable<UniqueId>,
  storeFailures: boolean | undefined,
): readonly (readonly UniqueId[])[] {
  const groups = new Map<UniqueId, UniqueId[]>()
  for (const id of selected) {
    const node = manifest.nodes.get(id)
    if (node?.kind !== 'test' || !node.generic || storeFailures || !canShare(manifest, node)) continue
    const group = groups.get(node.generic.attachedTo)
    if (group) group.push(id)
    else groups.set(node.generic.attachedTo, [id])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}

/** Conditions that no failures do not meet. Others (`= 0`) make a finding of nothing, and need the test's own query. */
const NOTHING_IS_GOOD = /^\s*(?:(?:!=|<>)\s*0|>\s*\d+|>=\s*[1-9]\d*)\s*$/

function canShare(manifest: Manifest, test: DataTest): boolean {
  const { config, generic } = test
  if (!generic || manifest.macros.get(generic.macro)?.package !== BUILTIN_PACKAGE) return false
  if (config.where !== undefined || config.limit !== undefined || config.fail_calc !== 'count(*)') return false
  if (!NOTHING_IS_GOOD.test(config.warn_if) || !NOTHING_IS_GOOD.test(config.error_if)) return false
  if (config.store_failures || config.store_failures_as !== undefined) return false
  const parent = manifest.nodes.get(generic.attachedTo) ?? manifest.sources.get(generic.attachedTo)
  const isOneRelation =
    parent?.kind !== 'model' || (!parent.config.per_value && parent.config.materialized !== 'ephemeral')
  return parent !== undefined && isOneRelation && test.dependsOn.length === 1 && zeroWhenPassing(test) !== undefined
}

/**
 * The tests of a group that found nothing, known by one query. Tests that are not in the answer have to run alone; when
 * the shared query itself fails, that is all of them.
 */
export async function testsThatFindNothing(
  environment: RunEnvironment,
  connection: Connection,
  tests: readonly DataTest[],
): Promise<ReadonlySet<UniqueId>> {
  const first = tests[0]
  if (!first?.generic) return new Set()
  const query = sharedQuery(environment, first.generic.attachedTo, tests)
  if (environment.signal.aborted) return new Set()
  try {
    await environment.sourceFiles.load(connection, first)
    const { rows } = await connection.query(query)
    for (const test of tests) environment.recordSent(test.id, query)
    return new Set(tests.filter((_, index) => Number(rows[0]?.[index] ?? 0) === 0).map((test) => test.id))
  } catch {
    // One test's expression may be wrong, or the files of a source: each then runs alone and says for itself what is wrong with it, or that the run
    // was interrupted.
    return new Set()
  }
}

function sharedQuery(environment: RunEnvironment, relation: UniqueId, tests: readonly DataTest[]): string {
  const { dialect } = environment.adapter
  const counts = tests.map(
    (test, index) => `  ${zeroWhenPassing(test)?.(dialect)} as ${dialect.quote(`test_${index + 1}`)}`,
  )
  return `select\n${counts.join(',\n')}\nfrom ${dialect.render(relationInRun(environment, relation))}`
}

/** An aggregate over the relation that is zero exactly when the test finds nothing; undefined when there is none. */
function zeroWhenPassing(test: DataTest): ((dialect: Dialect) => string) | undefined {
  const kwargs = test.generic?.kwargs ?? {}
  const column = typeof kwargs.column_name === 'string' ? kwargs.column_name : undefined
  const failing = (predicate: string) => () => `count(case when ${predicate} then 1 end)`
  switch (test.generic?.name) {
    case 'not_null':
      // Engines know how many nulls a column has: this is cheaper than to look at each row.
      return column ? () => `count(*) - count(${column})` : undefined
    case 'unique':
      return column ? () => `count(${column}) - count(distinct ${column})` : undefined
    case 'accepted_values': {
      const values = kwargs.values
      if (!column || !isTextList(values) || values.length === 0) return undefined
      const quoted = kwargs.quote !== false
      const list = (dialect: Dialect) =>
        values.map((value) => (quoted ? dialect.stringLiteral(pythonText(value)) : pythonText(value)))
      return (dialect) => `count(case when ${column} not in (${list(dialect).join(', ')}) then 1 end)`
    }
    case 'expression_is_true':
      return typeof kwargs.expression === 'string' && !kwargs.expression.includes('{')
        ? failing(`not (${column ? `${column} ` : ''}${kwargs.expression})`)
        : undefined
    default:
      return undefined
  }
}

function isTextList(value: Json | undefined): value is readonly (string | number | boolean)[] {
  return (
    Array.isArray(value) &&
    value.every((item) => item !== null && typeof item !== 'object' && !String(item).includes('{'))
  )
}

/** How a value stands in the text of a test: as Jinja prints it. */
function pythonText(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)
}

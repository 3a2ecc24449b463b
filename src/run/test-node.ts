import type { Connection } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { testQuery } from '../compile/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import type { WarningPolicy } from '../diagnostics/warning-policy.ts'
import type { NodeStatus } from '../events/events.ts'
import type { DataTest } from '../manifest/nodes.ts'
import { candidateOf } from '../sql/candidate-name.ts'
import type { Relation } from '../sql/relation.ts'
import type { QueryResult } from '../sql/value.ts'
import type { Span } from '../text/source-file.ts'
import type { RunEnvironment } from './environment.ts'
import { describeRows, personalColumns } from './failing-rows.ts'
import { located, type Sender, send } from './send.ts'

/** How a data test ended. `failures` is what its `fail_calc` gave. */
export interface TestOutcome {
  readonly status: Extract<NodeStatus, 'pass' | 'fail' | 'warn'>
  readonly failures: number
  readonly message?: string
  readonly diagnostics: readonly Diagnostic[]
  readonly compiled?: CompiledNode
}

const SAMPLE_ROWS = 3

/**
 * Runs one data test. A test of a node that is one relation per value runs on each of its relations: its failures are
 * added up and the worst status counts. Throws `UserError` when the test itself cannot run.
 */
export async function testNode(
  environment: RunEnvironment,
  connection: Connection,
  test: DataTest,
): Promise<TestOutcome> {
  const outcomes: TestOutcome[] = []
  for (const readAs of relationsTested(environment, test)) {
    outcomes.push(await testOnce(environment, connection, test, readAs, outcomes.length))
  }
  return outcomes.reduce(worseOf, { status: 'pass', failures: 0, diagnostics: [] })
}

/** For a node that is one relation per value, each of them; otherwise one empty map: read what the run reads. */
function relationsTested(environment: RunEnvironment, test: DataTest): readonly ReadonlyMap<string, Relation>[] {
  const attached = test.generic && environment.manifest.nodes.get(test.generic.attachedTo)
  if (attached?.kind !== 'model' || !attached.config.per_value) return [new Map()]
  const built = environment.candidates.ofNode(attached.id).map((candidate) => candidate.candidate)
  const standing = environment.catalog
    .statesOfNode(attached.id)
    .map((state): Relation => ({ schema: state.schema, identifier: state.identifier }))
  return (environment.candidates.hasBegun(attached.id) ? built : standing).map(
    (relation) => new Map([[attached.id, relation]]),
  )
}

function worseOf(a: TestOutcome, b: TestOutcome): TestOutcome {
  const order: readonly TestOutcome['status'][] = ['pass', 'warn', 'fail']
  const worse = order.indexOf(b.status) > order.indexOf(a.status) ? b : a
  const message = worse.message ?? a.message ?? b.message
  const compiled = b.compiled ?? a.compiled
  return {
    status: worse.status,
    failures: a.failures + b.failures,
    diagnostics: [...a.diagnostics, ...b.diagnostics],
    ...(message === undefined ? {} : { message }),
    ...(compiled === undefined ? {} : { compiled }),
  }
}

async function testOnce(
  environment: RunEnvironment,
  connection: Connection,
  test: DataTest,
  readAs: ReadonlyMap<string, Relation>,
  number: number,
): Promise<TestOutcome> {
  const compiled = await environment.compiler.compile(connection, test, {
    thisRelation: undefined,
    isIncremental: false,
    fullRefresh: environment.fullRefresh,
    value: undefined,
    readAs,
  })
  const sender: Sender = {
    id: test.id,
    compiled,
    failed: { compiled, subject: `test ${test.name}`, fallback: test.place, around: thresholdPlace(test) },
  }
  const stored = await storeFailures(environment, connection, test, compiled, sender, number)
  const body = stored ?? compiled.sql
  const query = testQuery(body, test)
  environment.recordSent(test.id, query.sql)
  const statement = stored === undefined ? query : { ...query, main: false }
  const result = await located(environment, sender, statement, () => connection.query(query.sql))
  const verdict = readVerdict(result)
  if (verdict === undefined) {
    return { status: 'fail', failures: 0, diagnostics: [notOneRow(test, result)], compiled }
  }
  const status = statusOf(test, verdict, environment.warnings)
  if (status === 'pass') return { status, failures: verdict.failures, diagnostics: [], compiled }
  const sample = await sampleRows(environment, connection, body, sender)
  return {
    status,
    failures: verdict.failures,
    message: describeFailures(verdict.failures),
    diagnostics: [testFailed(environment, test, status, verdict.failures, sample)],
    compiled,
  }
}

/** The first setting that the test writes into its counting query. */
function thresholdPlace({ configPlaces }: DataTest): Span | undefined {
  return configPlaces.get('error_if') ?? configPlaces.get('warn_if') ?? configPlaces.get('fail_calc')
}

interface Verdict {
  readonly failures: number
  readonly shouldWarn: boolean
  readonly shouldError: boolean
}

function readVerdict(result: QueryResult): Verdict | undefined {
  const row = result.rows[0]
  if (result.rows.length !== 1 || row === undefined || row.length !== 3) return undefined
  // An aggregate over no rows is null (`fail_calc: sum(n)`): nothing failed.
  return { failures: Number(row[0] ?? 0), shouldWarn: row[1] === true, shouldError: row[2] === true }
}

/**
 * dbt's rule: an error needs severity `error` and `error_if`; whatever else is over `warn_if` is a warning, unless the run
 * has warnings as errors.
 */
function statusOf(test: DataTest, verdict: Verdict, warnings: WarningPolicy): TestOutcome['status'] {
  if (test.config.severity === 'error' && verdict.shouldError) return 'fail'
  if (!verdict.shouldWarn) return 'pass'
  return warnings('test-failed') === 'error' ? 'fail' : 'warn'
}

/** Whether a test's failing rows are kept: its own config beats the flag. */
export function keepsFailures(test: DataTest, flag: boolean | undefined): boolean {
  const { store_failures: own, store_failures_as: as } = test.config
  return as === undefined ? (own ?? flag ?? false) : as !== 'ephemeral'
}

/**
 * Keeps the failing rows where the test asks for it: a relation of its own beside the published ones, swapped in when the
 * run ends, published or not. Returns a query over it.
 */
async function storeFailures(
  environment: RunEnvironment,
  connection: Connection,
  test: DataTest,
  compiled: CompiledNode,
  sender: Sender,
  number: number,
): Promise<string | undefined> {
  const { dialect } = environment.adapter
  if (!keepsFailures(test, environment.storeFailures)) return undefined
  const base = environment.compiler.relationBase(test)
  const target = { ...base, identifier: number === 0 ? base.identifier : `${base.identifier}_${number + 1}` }
  const relation = candidateOf(target, environment.mark, dialect.maxIdentifierBytes)
  const limited = test.config.limit === undefined ? compiled.sql : `${compiled.sql}\nlimit ${test.config.limit}`
  const statement = dialect.createTableAs(relation, limited)
  const create = { kind: 'sql', sql: statement, main: true, mainOffset: statement.indexOf(limited) } as const
  environment.storedFailures.push({ test: test.id, target, relation })
  await send(environment, connection, [create], sender)
  return `select * from ${dialect.render(relation)}`
}

/** A few failing rows, for the message; never fails the test a second time. */
async function sampleRows(
  environment: RunEnvironment,
  connection: Connection,
  query: string,
  sender: Sender,
): Promise<QueryResult | undefined> {
  try {
    return await located(environment, sender, { kind: 'sql', sql: query }, () =>
      connection.query(`select * from (\n${query}\n) lavra_sample limit ${SAMPLE_ROWS}`),
    )
  } catch {
    // The rows only illustrate: a query that cannot be nested gives none.
    return undefined
  }
}

function testFailed(
  { manifest }: RunEnvironment,
  test: DataTest,
  status: 'fail' | 'warn',
  failures: number,
  sample: QueryResult | undefined,
): Diagnostic {
  const rows =
    sample && sample.rows.length > 0 ? `\nfor example:\n${describeRows(sample, personalColumns(manifest, test))}` : ''
  return {
    ...problem('test-failed', `"${test.name}" found ${describeFailures(failures)}.${rows}`, { place: test.place }),
    severity: status === 'fail' ? 'error' : 'warning',
  }
}

function describeFailures(failures: number): string {
  return failures === 1 ? '1 failing result' : `${failures} failing results`
}

function notOneRow(test: DataTest, result: QueryResult): Diagnostic {
  return problem(
    'test-result',
    `"${test.name}" gave ${result.rows.length} rows of ${result.columns.length} columns where one row of three was due.`,
    { place: test.place, hint: 'check its "fail_calc", "warn_if" and "error_if"' },
  )
}

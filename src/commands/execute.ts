import { setImmediate } from 'node:timers/promises'
import { type Adapter, type Connection, DatabaseError } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { scrub } from '../config/secrets.ts'
import type { ProjectContext } from '../context/project-context.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { tellWarnings, type WarningPolicy } from '../diagnostics/warning-policy.ts'
import type { Emit, RunSummary } from '../events/events.ts'
import type { Dag } from '../graph/dag.ts'
import { graphOf, testEdges } from '../graph/from-manifest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Operation, RunnableNode } from '../manifest/nodes.ts'
import { refuseMaterializedViews } from '../materialization/materialized-view.ts'
import { staleDownstream } from '../publish/bound-views.ts'
import { builtNodes, type Decision, decidePublication } from '../publish/decide.ts'
import { discard } from '../publish/discard.ts'
import { refuseNamesTaken } from '../publish/names-taken.ts'
import { refuseOtherDatabases } from '../publish/one-database.ts'
import { afterCommitHooks } from '../publish/post-hooks.ts'
import type { Publication } from '../publish/publication.ts'
import { PublicationError } from '../publish/publication-error.ts'
import { publish } from '../publish/publish.ts'
import { renewCopy } from '../publish/renew-copy.ts'
import { sweep } from '../publish/sweep.ts'
import { Candidates } from '../run/candidates.ts'
import { readCatalog } from '../run/catalog.ts'
import { compilerForRun, relationBase } from '../run/compile-for-run.ts'
import { ConnectionPool } from '../run/connection-pool.ts'
import type { PublishMode, RunEnvironment } from '../run/environment.ts'
import { runOperations } from '../run/operations.ts'
import type { NodeResult } from '../run/results.ts'
import { resultsForHooks } from '../run/results-for-hooks.ts'
import { publishedAndFailed, runNodes } from '../run/run-nodes.ts'
import { sharedScanGroups } from '../run/shared-scan.ts'
import { SourceFiles } from '../run/source-files.ts'
import { keepsFailures } from '../run/test-node.ts'
import { runMark } from '../sql/candidate-name.ts'
import { relationLabel } from '../sql/relation.ts'
import { openClock } from '../state/clock.ts'
import { ensureState, readRelations } from '../state/read.ts'
import type { RunRow } from '../state/rows.ts'
import { recordCandidates, recordResults, recordRun } from '../state/write.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { locationName } from './location-name.ts'

export interface ExecuteInput {
  readonly command: string
  readonly manifest: Manifest
  readonly project: ProjectContext
  readonly adapter: Adapter
  /** What to build and test; ephemeral models may be among them and are not run. */
  readonly selected: ReadonlySet<UniqueId>
  readonly threads: number
  readonly publish: PublishMode
  /** Absolute path of a copy of the database that is renewed after each publication. */
  readonly copyTo: string | undefined
  /** How many replaced versions are kept of nodes that do not say. */
  readonly versions: number
  /** How long the publication waits for others to leave what it replaces. */
  readonly lockWaitMs: number
  readonly fullRefresh: boolean
  readonly storeFailures: boolean | undefined
  readonly failFast: boolean
  /** What becomes of tests that warn; they do when absent. */
  readonly warnings?: WarningPolicy
  readonly waitMs: number
  readonly emit: Emit
  readonly signal: AbortSignal
  readonly version: string
  /** What becomes of the outcome. Done while the database closes, which takes its time after large runs. */
  readonly report?: (execution: Execution) => Promise<void>
}

export interface Execution {
  readonly results: readonly NodeResult[]
  readonly summary: RunSummary
  /** Statements as sent, by node: `target/run`. */
  readonly sent: ReadonlyMap<UniqueId, string>
  /** Nodes as they were compiled: `target/compiled`. */
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode>
  readonly startedAt: string
}

/**
 * The whole promise, from the lease to the record: builds and tests candidates and publishes them in one transaction, or
 * leaves everything as it was. Throws `UserError` when the run could not start.
 */
export async function execute(input: ExecuteInput): Promise<Execution> {
  const start = performance.now()
  const startedAt = new Date().toISOString()
  const sent = new Map<UniqueId, string>()
  const runnable = runnableDag(input)
  const nodes = nodesOf(input.manifest, runnable)
  refuseOtherDatabases(nodes, input.adapter.database)
  refuseMaterializedViews(nodes, input.adapter.dialect)
  input.emit({ kind: 'step', name: 'connect' })
  await input.adapter.open({
    mode: 'write',
    runId: input.project.invocationId,
    waitMs: input.waitMs,
    onWait: (holder) => input.emit({ kind: 'waiting-for-lease', holder }),
    signal: input.signal,
  })
  const stopQueries = () => input.adapter.interrupt()
  input.signal.addEventListener('abort', stopQueries)
  const connections = new ConnectionPool(input.adapter)
  const close = async () => {
    input.signal.removeEventListener('abort', stopQueries)
    await input.adapter.close()
  }
  let execution: Execution
  try {
    const environment = await connections.publishing((connection) =>
      prepare(input, connection, connections, runnable, (id, sql) => {
        const before = sent.get(id)
        sent.set(id, before === undefined ? sql : `${before};\n\n${sql}`)
      }),
    )
    input.emit({ kind: 'run-started', run: headerOf(input, runnable) })
    const finished = await cleaningUp(environment, () => runAndPublish(input, environment, runnable, startedAt))
    const summary = summarize(
      finished.results,
      finished.published,
      input.signal.aborted,
      (performance.now() - start) / 1000,
    )
    input.emit({ kind: 'run-finished', summary })
    execution = { results: finished.results, summary, sent, compiled: environment.compiled, startedAt }
  } catch (error) {
    await close()
    throw error
  }
  // The database first: it works in a thread of its own once it was asked.
  await settleAll([close(), setImmediate().then(() => input.report?.(execution))])
  return execution
}

/** Waits for all and fails as the first of them that failed. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(promises)) if (outcome.status === 'rejected') throw outcome.reason
}

/** The nodes that run, in the order of the graph; in a build also behind the tests of what they read. */
function runnableDag(input: ExecuteInput): Dag<UniqueId> {
  const whole = graphOf(input.manifest)
  // Only a build waits for tests before it goes on; `test` alone tests what is published, each test for itself.
  const ordered = input.command === 'build' ? whole.withEdges(testEdges(whole, input.manifest)) : whole
  const runs = [...input.selected].filter((id) => {
    const node = input.manifest.nodes.get(id)
    return node !== undefined && node.config.materialized !== 'ephemeral'
  })
  return ordered.contract(new Set(runs))
}

/** Everything between the lease and the first node: state, sweep, what exists, schemas. */
async function prepare(
  input: ExecuteInput,
  connection: Connection,
  connections: ConnectionPool,
  dag: Dag<UniqueId>,
  recordSent: RunEnvironment['recordSent'],
): Promise<RunEnvironment> {
  const { adapter, project, manifest } = input
  const { dialect, database } = adapter
  await ensureState(connection, dialect)
  input.emit({ kind: 'step', name: 'sweep' })
  const swept = await sweep(connection, dialect, database, project.target.schema)
  if (swept.length > 0) input.emit({ kind: 'swept', relations: swept })
  const states = await readRelations(connection, dialect)
  const candidates = new Candidates()
  const schemas = schemasOf(input, dag.topologicalOrder())
  const catalog = await readCatalog(connection, database, schemas, states, project.target.schema)
  if (input.command !== 'test') await refuseNamesTaken(connection, nodesOf(manifest, dag))
  const mark = runMark(project.invocationId)
  const sourceFiles = new SourceFiles({ manifest, dialect, mark, candidates, signal: input.signal })
  const base = { manifest, project, adapter, catalog, candidates, sourceFiles, compiled: new Map() }
  const environment: RunEnvironment = {
    ...base,
    runId: project.invocationId,
    mark,
    graph: graphOf(manifest),
    connections,
    compiler: compilerForRun(base),
    selected: new Set(dag.topologicalOrder()),
    fullRefresh: input.fullRefresh,
    storeFailures: input.storeFailures,
    warnings: input.warnings ?? tellWarnings,
    publish: input.publish,
    versions: input.versions,
    clock: await openClock(connection, dialect, project.target.schema),
    lockWaitMs: input.lockWaitMs,
    emit: input.emit,
    signal: input.signal,
    storedFailures: [],
    hooks: { ranOutside: false },
    recordSent,
  }
  const begun = schemas.map((schema) => ({
    runId: environment.runId,
    targetSchema: project.target.schema,
    schema,
    mark: environment.mark,
  }))
  for (const schema of schemas) await createSchema(connection, dialect.createSchema({ database, schema }), schema)
  for (const statement of recordCandidates(dialect, begun)) await connection.execute(statement)
  return environment
}

function nodesOf(manifest: Manifest, dag: Dag<UniqueId>): readonly RunnableNode[] {
  return dag.topologicalOrder().flatMap((id) => manifest.nodes.get(id) ?? [])
}

async function createSchema(connection: Connection, statement: string, schema: string): Promise<void> {
  try {
    await connection.execute(statement)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== 'permission') throw error
    const { message, hint } = error
    const details = hint === undefined ? {} : { hint }
    throw new UserError(problem('schema-permission', `The schema "${schema}" cannot be made: ${message}.`, details), {
      cause: error,
    })
  }
}

/** The schemas in which this run may make something. */
function schemasOf({ manifest, project, storeFailures }: ExecuteInput, ids: readonly UniqueId[]): readonly string[] {
  const schemas = new Set<string>([project.target.schema])
  for (const id of ids) {
    const node = manifest.nodes.get(id)
    if (!node || (node.kind === 'test' && !keepsFailures(node, storeFailures))) continue
    schemas.add(relationBase(project, node).schema)
  }
  return [...schemas].sort()
}

/** What nobody expected ends the run; what the run made goes before that, as far as it can. */
async function cleaningUp<Result>(environment: RunEnvironment, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    // What cannot be dropped now is swept by the next run, and the error that led here is the one to tell.
    await environment.connections.publishing((connection) => discard(environment, connection, [])).catch(() => {})
    throw error
  }
}

interface Finished {
  readonly results: readonly NodeResult[]
  readonly published: number
}

async function runAndPublish(
  input: ExecuteInput,
  environment: RunEnvironment,
  dag: Dag<UniqueId>,
  startedAt: string,
): Promise<Finished> {
  const hooks = (when: Operation['when'], extra: Readonly<Record<string, unknown>>) =>
    runOperations(environment, when, extra)
  const started = await hooks('on-run-start', {})
  const couldStart = started.every((result) => result.status === 'success')
  input.emit({ kind: 'step', name: 'build' })
  const nodes = couldStart
    ? await runNodes(environment, {
        dag,
        groups: sharedScanGroups(environment.manifest, dag.topologicalOrder(), environment.storeFailures),
        threads: input.threads,
        failFast: input.failFast,
        afterBuild: (node) => publishAlone(environment, node.id),
      })
    : dag.topologicalOrder().map((id) => notStarted(id, input.signal))
  const finished = await environment.connections.publishing((connection) =>
    publishWhatMay(input, environment, connection, [...started, ...nodes], startedAt),
  )
  environment.candidates.areOver()
  environment.sourceFiles.areGone()
  const ended = await hooks('on-run-end', resultsForHooks(environment, finished.results))
  return { ...finished, results: [...finished.results, ...ended] }
}

function notStarted(id: UniqueId, { aborted }: AbortSignal): NodeResult {
  const now = new Date().toISOString()
  const message = aborted ? 'interrupted' : 'an on-run-start hook failed'
  return { id, status: 'skipped', startedAt: now, seconds: 0, threadId: 'main', message, diagnostics: [] }
}

/**
 * `publish: each`: a node's candidate is published as soon as it is built, in a transaction of its own. Returns what hooks
 * after the COMMIT failed with.
 */
async function publishAlone(environment: RunEnvironment, id: UniqueId): Promise<readonly Diagnostic[]> {
  if (environment.publish !== 'each') return []
  return environment.connections.publishing(async (connection) => {
    const publication = await publish(environment, connection, new Set([id]), () => [])
    environment.candidates.wasPublished(id)
    announce(environment, publication)
    return (await afterCommitHooks(environment, connection, publication.candidates)).get(id) ?? []
  })
}

async function publishWhatMay(
  input: ExecuteInput,
  environment: RunEnvironment,
  connection: Connection,
  results: readonly NodeResult[],
  startedAt: string,
): Promise<Finished> {
  const decision = decidePublication({
    mode: input.publish,
    manifest: environment.manifest,
    graph: environment.graph,
    results,
    interrupted: input.signal.aborted,
  })
  const isEach = input.publish === 'each'
  const final = isEach ? results : withhold(results, decision.withheld)
  if (!isEach) tellWithheld(environment, decision, decision.publish.size > 0)
  if (isEach || decision.publish.size === 0) {
    const published = environment.candidates.published().length
    await discard(environment, connection, record(input, environment, final, startedAt, published))
    if (published > 0) await copyForReaders(input)
    return { results: final, published }
  }
  let publication: Publication
  try {
    publication = await publish(environment, connection, decision.publish, ({ length }) =>
      record(input, environment, final, startedAt, length),
    )
  } catch (error) {
    return afterFailedPublication(input, environment, connection, final, startedAt, error)
  }
  announce(environment, publication)
  for (const id of decision.publish) environment.candidates.wasPublished(id)
  const failedHooks = await afterCommitHooks(environment, connection, publication.candidates)
  await discard(environment, connection, [])
  await copyForReaders(input)
  return { results: withFailedHooks(final, failedHooks), published: publication.relations.length }
}

async function copyForReaders({ adapter, copyTo, emit }: ExecuteInput): Promise<void> {
  for (const diagnostic of await renewCopy(adapter, copyTo)) emit({ kind: 'diagnostic', diagnostic })
}

function withFailedHooks(
  results: readonly NodeResult[],
  failed: ReadonlyMap<UniqueId, readonly Diagnostic[]>,
): readonly NodeResult[] {
  return results.map((result) => {
    const diagnostics = failed.get(result.id)
    return diagnostics ? { ...result, ...publishedAndFailed(diagnostics) } : result
  })
}

function tellWithheld(environment: RunEnvironment, decision: Decision, isPartPublished: boolean): void {
  const { reason } = decision
  if (reason === undefined) return
  const nodes = [...decision.withheld.keys()].map((id) => environment.manifest.nodes.get(id)?.name ?? id)
  if (!isPartPublished) environment.emit({ kind: 'not-published', reason, hooksRan: environment.hooks.ranOutside })
  else if (nodes.length > 0) environment.emit({ kind: 'held-back', nodes, reason })
}

/**
 * The publication failed: everything that was built is withheld, the cause is shown, the failed run is recorded. Nodes whose
 * part failed are errors; where the database took none of it, all are.
 */
async function afterFailedPublication(
  input: ExecuteInput,
  environment: RunEnvironment,
  connection: Connection,
  results: readonly NodeResult[],
  startedAt: string,
  error: unknown,
): Promise<Finished> {
  const isExpected = error instanceof UserError || input.signal.aborted
  const isUnknown = error instanceof UserError && error.diagnostics.some(({ code }) => code === 'commit-unknown')
  const failed = isUnknown ? 'its COMMIT got no answer' : 'the publication failed'
  const reason = input.signal.aborted ? 'the run was interrupted' : failed
  if (error instanceof UserError) {
    for (const diagnostic of error.diagnostics) environment.emit({ kind: 'diagnostic', diagnostic })
  }
  const built = builtNodes(environment.manifest, results)
  const owners = new Set(error instanceof PublicationError ? error.owners : input.signal.aborted ? [] : built)
  const diagnostics = error instanceof PublicationError ? error.diagnostics : []
  const withheld = withhold(results, new Map(built.map((id) => [id, reason])))
  const final = withheld.map((result): NodeResult => {
    if (!owners.has(result.id)) return result
    return { ...result, status: 'error', diagnostics: [...result.diagnostics, ...diagnostics] }
  })
  environment.emit({ kind: 'not-published', reason, hooksRan: environment.hooks.ranOutside })
  await discard(environment, connection, record(input, environment, final, startedAt, 0))
  if (!isExpected) throw error
  return { results: final, published: 0 }
}

/** What was built and is not published counts as skipped, so that `retry` does it again. */
function withhold(results: readonly NodeResult[], withheld: ReadonlyMap<UniqueId, string>): readonly NodeResult[] {
  return results.map((result) => {
    const reason = withheld.get(result.id)
    return reason === undefined ? result : { ...result, status: 'skipped', message: `built, not published: ${reason}` }
  })
}

function announce(environment: RunEnvironment, publication: Publication): void {
  environment.emit({
    kind: 'published',
    relations: publication.relations.map(relationLabel),
    seconds: publication.seconds,
    staleDownstream: staleDownstream(environment, publication),
  })
}

/** The statements that write a run's own record. */
function record(
  input: ExecuteInput,
  environment: RunEnvironment,
  results: readonly NodeResult[],
  startedAt: string,
  published: number,
): readonly string[] {
  const { dialect } = environment.adapter
  const hasFailed = results.some((result) => result.status === 'error' || result.status === 'fail')
  const run: RunRow = {
    runId: environment.runId,
    targetSchema: environment.project.target.schema,
    command: input.command,
    project: environment.project.name,
    version: input.version,
    status: input.signal.aborted ? 'interrupted' : hasFailed ? 'error' : 'success',
    published: published > 0,
    startedAt,
    finishedAt: environment.clock(),
  }
  const { secrets } = environment.project
  const told = results.map((result) =>
    result.message === undefined ? result : { ...result, message: scrub(result.message, secrets) },
  )
  return [...recordRun(dialect, run), ...recordResults(dialect, environment.runId, told)]
}

function headerOf(input: ExecuteInput, dag: Dag<UniqueId>) {
  const counts: Record<string, number> = {}
  for (const id of dag.topologicalOrder()) {
    const kind = input.manifest.nodes.get(id)?.kind ?? 'node'
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return {
    runId: input.project.invocationId,
    version: input.version,
    command: input.command,
    project: input.project.name,
    target: input.project.target.name,
    location: locationName(input.adapter.location, input.project.root),
    threads: input.threads,
    counts,
  }
}

function summarize(
  results: readonly NodeResult[],
  published: number,
  interrupted: boolean,
  seconds: number,
): RunSummary {
  const counts = { success: 0, error: 0, skipped: 0, pass: 0, fail: 0, warn: 0 }
  for (const result of results) counts[result.status] += 1
  return { counts, seconds, published, interrupted }
}

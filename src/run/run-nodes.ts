import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { NodeLabel, NodeOutcome, NodeStatus } from '../events/events.ts'
import type { Dag } from '../graph/dag.ts'
import type { DataTest, RunnableNode } from '../manifest/nodes.ts'
import { relationLabel } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { buildNode } from './build-node.ts'
import { commentedConnection } from './commented-connection.ts'
import type { RunEnvironment } from './environment.ts'
import type { NodeResult } from './results.ts'
import { schedule } from './schedule.ts'
import { wasInterrupted } from './send.ts'
import { testsThatFindNothing } from './shared-scan.ts'
import { testNode } from './test-node.ts'
import { type Unit, unitDag } from './units.ts'

export interface RunNodesInput {
  /** The nodes of the run with the edges that order them, test edges included. Ephemeral models are not among them. */
  readonly dag: Dag<UniqueId>
  /** Tests that share a scan. */
  readonly groups: readonly (readonly UniqueId[])[]
  readonly threads: number
  readonly failFast: boolean
  /**
   * Called when a node was built, before anything below it starts: `publish: each` publishes here. Returns what hooks that
   * ran after the COMMIT failed with.
   */
  readonly afterBuild: (node: RunnableNode) => Promise<readonly Diagnostic[]>
}

/**
 * Builds and tests the nodes of a run, N at a time, in the order of the graph. A failing node is a result, not an
 * exception. Everything below a failure is skipped; a failing test of severity `error` fails every selected parent.
 */
export async function runNodes(environment: RunEnvironment, input: RunNodesInput): Promise<readonly NodeResult[]> {
  const { dag, units } = unitDag(input.dag, input.groups)
  const progress = new Progress(environment, input.dag.topologicalOrder().length)
  /** Nodes that failed or whose test failed: nothing below them starts. */
  const failed = new Set<UniqueId>()
  const failure = new AbortController()
  const signal = AbortSignal.any([environment.signal, failure.signal])
  const results = await schedule<UniqueId, readonly NodeResult[]>({
    dag,
    concurrency: input.threads,
    signal,
    run: async (id) => {
      const unit = units.get(id)!
      const culprit = failedAncestor(input.dag, failed, id)
      if (culprit !== undefined && !isTest(environment, id)) return skipUnit(progress, unit, culprit)
      const outcomes = await runUnit(environment, unit, progress, input)
      for (const result of outcomes) {
        if (!hasFailed(result)) continue
        failed.add(result.id)
        for (const parent of testedParents(environment, result.id)) failed.add(parent)
        if (input.failFast) failure.abort()
      }
      return outcomes
    },
    blocks: (outcomes) => outcomes.some((result) => hasFailed(result) || result.status === 'skipped'),
    onSkip: (id, because) => skipUnit(progress, units.get(id)!, because),
  })
  return [...results.values()].flat()
}

function failedAncestor(dag: Dag<UniqueId>, failed: ReadonlySet<UniqueId>, id: UniqueId): UniqueId | undefined {
  if (failed.size === 0) return undefined
  const ancestors = new Set(dag.ancestors(id))
  return [...failed].find((candidate) => ancestors.has(candidate))
}

function hasFailed(result: NodeResult): boolean {
  return result.status === 'error' || result.status === 'fail'
}

function isTest(environment: RunEnvironment, id: UniqueId): boolean {
  return environment.manifest.nodes.get(id)?.kind === 'test'
}

/** The parents that a failing test takes with it: those of this run. */
function testedParents(environment: RunEnvironment, id: UniqueId): readonly UniqueId[] {
  const node = environment.manifest.nodes.get(id)
  return node?.kind === 'test' ? node.dependsOn.filter((parent) => environment.selected.has(parent)) : []
}

function skipUnit(progress: Progress, unit: Unit, because: UniqueId | undefined): readonly NodeResult[] {
  const reason =
    because === undefined ? 'the run was stopped' : `"${progress.label(because).name}" failed or was skipped`
  return unit.nodes.map((id) => progress.skip(id, reason))
}

async function runUnit(
  environment: RunEnvironment,
  unit: Unit,
  progress: Progress,
  input: RunNodesInput,
): Promise<readonly NodeResult[]> {
  const [only] = unit.nodes
  if (only !== undefined && isTest(environment, only)) environment.emit({ kind: 'step', name: 'test' })
  if (unit.nodes.length === 1 && only !== undefined) return [await runOne(environment, only, progress, input)]
  const tests = unit.nodes.map((id) => environment.manifest.nodes.get(id) as DataTest) // groups hold tests only
  for (const test of tests) progress.start(test.id)
  const clean = await environment.connections.use((connection) => testsThatFindNothing(environment, connection, tests))
  const results: NodeResult[] = []
  for (const test of tests) {
    if (clean.has(test.id)) results.push(progress.finish(test.id, { status: 'pass', failures: 0, diagnostics: [] }))
    else results.push(await runOne(environment, test.id, progress, input))
  }
  return results
}

async function runOne(
  environment: RunEnvironment,
  id: UniqueId,
  progress: Progress,
  input: RunNodesInput,
): Promise<NodeResult> {
  const node = environment.manifest.nodes.get(id)!
  progress.start(id)
  try {
    const outcome = await environment.connections.use(async (lent) => {
      const connection = await commentedConnection(environment, lent, node)
      await environment.sourceFiles.load(connection, node)
      if (node.kind === 'test') return testNode(environment, connection, node)
      const built = await buildNode(environment, connection, node)
      return { status: 'success' as const, diagnostics: [], ...(built.rows === undefined ? {} : { rows: built.rows }) }
    })
    const failedHooks = node.kind === 'test' ? [] : await input.afterBuild(node)
    if (failedHooks.length > 0) return progress.finish(id, { ...outcome, ...publishedAndFailed(failedHooks) })
    return progress.finish(id, outcome)
  } catch (error) {
    if (wasInterrupted(environment, error)) return progress.skip(id, 'interrupted')
    if (!(error instanceof UserError)) throw error
    const message = error.diagnostics[0]?.message ?? error.message
    return progress.finish(id, { status: 'error', message, diagnostics: error.diagnostics })
  }
}

/** A node whose hook failed after the COMMIT is published and has failed: somebody has to look. */
export function publishedAndFailed(diagnostics: readonly Diagnostic[]) {
  return { status: 'error', message: 'published, but a post-hook failed', diagnostics } as const
}

/** Tells what happens to each node as events, and keeps the times for its result. */
class Progress {
  readonly #environment: RunEnvironment
  readonly #total: number
  readonly #started = new Map<UniqueId, { readonly at: number; readonly iso: string; readonly index: number }>()
  #finished = 0

  constructor(environment: RunEnvironment, total: number) {
    this.#environment = environment
    this.#total = total
  }

  label(id: UniqueId): NodeLabel {
    const node = this.#environment.manifest.nodes.get(id)!
    const relation = node.kind === 'test' ? undefined : node.relation
    return {
      id,
      name: node.name,
      resourceType: node.kind,
      ...(node.kind === 'test' ? {} : { materialization: node.config.materialized }),
      ...(relation ? { relation: relationLabel(relation) } : {}),
    }
  }

  /** Safe to call twice: a test of a shared scan that runs again alone keeps its first start. */
  start(id: UniqueId): void {
    if (this.#started.has(id)) return
    const index = this.#started.size + 1
    this.#started.set(id, { at: performance.now(), iso: new Date().toISOString(), index })
    this.#environment.emit({ kind: 'node-started', node: this.label(id), index, total: this.#total })
  }

  finish(id: UniqueId, outcome: Omit<NodeOutcome, 'seconds'> & { readonly compiled?: unknown }): NodeResult {
    const started = this.#started.get(id)
    const seconds = started ? (performance.now() - started.at) / 1000 : 0
    const { compiled: _, ...rest } = outcome
    const node = this.label(id)
    this.#finished += 1
    const event = { node, index: this.#finished, total: this.#total, outcome: { ...rest, seconds } }
    this.#environment.emit({ kind: 'node-finished', ...event })
    const attachedTo = this.#attachedTo(id)
    return {
      id,
      startedAt: started?.iso ?? new Date().toISOString(),
      seconds,
      threadId: 'main',
      ...rest,
      ...(node.relation ? { relation: node.relation } : {}),
      ...(attachedTo ? { attachedTo } : {}),
    }
  }

  skip(id: UniqueId, reason: string): NodeResult {
    const status: NodeStatus = 'skipped'
    return this.finish(id, { status, message: reason, diagnostics: [] })
  }

  #attachedTo(id: UniqueId): UniqueId | undefined {
    const node = this.#environment.manifest.nodes.get(id)
    return node?.kind === 'test' ? node.generic?.attachedTo : undefined
  }
}

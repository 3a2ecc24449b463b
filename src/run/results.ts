import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { NodeStatus } from '../events/events.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { JsonObject } from '../util/json.ts'

/** What became of one node of a run: a row of `run_results.json` and of `_lavra.node_results`. */
export interface NodeResult {
  readonly id: UniqueId
  readonly status: NodeStatus
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  /** From its start to its end, compiling included. */
  readonly seconds: number
  readonly compileSeconds?: number
  /** Rows of the candidate, or of an incremental's delta. */
  readonly rows?: number
  /** Failing rows (or what `fail_calc` says), for tests. */
  readonly failures?: number
  /** One short phrase: why skipped, what failed. */
  readonly message?: string
  /** Under published names, as in `target/compiled`. */
  readonly compiledSql?: string
  /** `main.orders`, for what makes a relation. */
  readonly relation?: string
  /** For generic tests: the node or source that is tested. */
  readonly attachedTo?: UniqueId
  readonly adapterResponse?: JsonObject
  readonly threadId: string
  readonly diagnostics: readonly Diagnostic[]
}

/** How many results have each status, in the order of dbt's final line. */
export function countStatuses(results: Iterable<Pick<NodeResult, 'status'>>): Readonly<Record<NodeStatus, number>> {
  const counts = { success: 0, pass: 0, warn: 0, error: 0, fail: 0, skipped: 0 }
  for (const { status } of results) counts[status] += 1
  return counts
}

/** True when nothing failed and nothing was skipped: the exit code 0 of a run. */
export function isGood(results: Iterable<Pick<NodeResult, 'status'>>): boolean {
  const { error, fail, skipped } = countStatuses(results)
  return error + fail + skipped === 0
}

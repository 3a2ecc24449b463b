import type { RecordedRuns } from '../state/read-runs.ts'
import type { SiteResult, SiteRun, SiteStatus, SiteTestResult } from './site-data.ts'

/** The recorded runs, by what is asked of them. */
export interface History {
  /** The newest first. */
  readonly runs: readonly SiteRun[]
  /** The results of each node, the newest first. */
  readonly ofNode: ReadonlyMap<string, readonly SiteResult[]>
  readonly ofTest: ReadonlyMap<string, readonly SiteTestResult[]>
  /** What each run did, by its id: results by node and by test. */
  readonly inRun: ReadonlyMap<string, RunResults>
}

export interface RunResults {
  readonly nodes: readonly (SiteResult & { readonly id: string })[]
  readonly tests: readonly (SiteTestResult & { readonly id: string })[]
}

/** How many runs have a page with the results of their nodes. */
const RUNS_WITH_DETAILS = 50

/** Orders what was recorded: by run, by node and by test. */
export function orderHistory({ runs, nodes, tests }: RecordedRuns): History {
  const startOf = new Map(runs.map(({ runId, startedAt }) => [runId, startedAt]))
  const place = new Map(runs.map(({ runId }, index) => [runId, index]))
  const newestFirst = (a: { readonly run: string }, b: { readonly run: string }) =>
    place.get(a.run)! - place.get(b.run)!
  const nodeResults = nodes.map(({ runId, id, status, startedAt, seconds, rows, message }) => ({
    id,
    run: runId,
    status: status as SiteStatus, // we wrote it
    startedAt,
    seconds,
    ...(rows === undefined ? {} : { rows }),
    ...(message === undefined ? {} : { message }),
  }))
  const testResults = tests.map(({ runId, id, status, seconds, failures, message }) => ({
    id,
    run: runId,
    status: status as SiteStatus, // we wrote it
    startedAt: startOf.get(runId)!,
    seconds,
    ...(failures === undefined ? {} : { failures }),
    ...(message === undefined ? {} : { message }),
  }))
  const nodesInRun = Map.groupBy(nodeResults, ({ run }) => run)
  const testsInRun = Map.groupBy(testResults, ({ run }) => run)
  const inRun = new Map(
    runs.map(({ runId }) => [runId, { nodes: nodesInRun.get(runId) ?? [], tests: testsInRun.get(runId) ?? [] }]),
  )
  return {
    runs: runs.map((run, index): SiteRun => {
      const results = inRun.get(run.runId)!
      return {
        id: run.runId,
        command: run.command,
        status: run.status,
        published: run.published,
        startedAt: run.startedAt,
        seconds: Math.max(0, (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000),
        ...(run.message === undefined ? {} : { message: run.message }),
        lavraVersion: run.version,
        counts: countStatuses([...results.nodes, ...results.tests]),
        hasDetails: index < RUNS_WITH_DETAILS && results.nodes.length + results.tests.length > 0,
      }
    }),
    ofNode: grouped(nodeResults.toSorted(newestFirst)),
    ofTest: grouped(testResults.toSorted(newestFirst)),
    inRun,
  }
}

function grouped<Result extends { readonly id: string }>(
  results: readonly Result[],
): ReadonlyMap<string, readonly Omit<Result, 'id'>[]> {
  const byId = Map.groupBy(results, ({ id }) => id)
  return new Map([...byId].map(([id, own]) => [id, own.map(({ id: _, ...result }) => result)]))
}

function countStatuses(results: readonly { readonly status: SiteStatus }[]): SiteRun['counts'] {
  const counts: Partial<Record<SiteStatus, number>> = {}
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

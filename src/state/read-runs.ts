import type { Connection } from '../adapters/adapter.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Row, readRows } from './read-rows.ts'
import type { ResultRow, RunRow } from './rows.ts'
import { stateTable } from './tables.ts'

/** The last runs of a target, the newest first, and what became of each node and test in them. */
export interface RecordedRuns {
  readonly runs: readonly RunRow[]
  readonly nodes: readonly RecordedResult[]
  /** Their start is not recorded. */
  readonly tests: readonly Omit<RecordedResult, 'startedAt'>[]
}

export interface RecordedResult extends ResultRow {
  readonly runId: string
}

export const NO_RUNS: RecordedRuns = { runs: [], nodes: [], tests: [] }

/** Reads the last `limit` runs on the target's schema. The database must have a state. */
export async function readRuns(
  connection: Connection,
  dialect: Dialect,
  { targetSchema, limit }: { readonly targetSchema: string; readonly limit: number },
): Promise<RecordedRuns> {
  const newest = `where target_schema = ${dialect.stringLiteral(targetSchema)} order by started_at desc, run_id limit ${limit}`
  const inRuns = `where run_id in (select run_id from ${stateTable(dialect, 'runs')} ${newest})`
  const runs = await readRows(connection, dialect, 'runs', newest)
  const nodes = await readRows(connection, dialect, 'node_results', inRuns)
  const tests = await readRows(connection, dialect, 'test_results', inRuns)
  return { runs: runs.map(runOf), nodes: nodes.map(nodeResultOf), tests: tests.map(testResultOf) }
}

function runOf(row: Row): RunRow {
  return {
    runId: String(row.run_id),
    targetSchema: String(row.target_schema),
    command: String(row.command),
    project: String(row.project),
    version: String(row.lavra_version),
    status: String(row.status) as RunRow['status'], // we wrote it
    published: row.published === true,
    startedAt: String(row.started_at),
    finishedAt: String(row.finished_at),
    ...message(row),
  }
}

function nodeResultOf(row: Row): RecordedResult {
  return {
    runId: String(row.run_id),
    id: String(row.node_id),
    status: String(row.status),
    startedAt: String(row.started_at),
    seconds: Number(row.seconds),
    ...(row.row_count === null ? {} : { rows: Number(row.row_count) }),
    ...message(row),
  }
}

function testResultOf(row: Row): Omit<RecordedResult, 'startedAt'> {
  return {
    runId: String(row.run_id),
    id: String(row.test_id),
    status: String(row.status),
    seconds: Number(row.seconds),
    ...(row.failures === null ? {} : { failures: Number(row.failures) }),
    ...(row.node_id === null ? {} : { attachedTo: String(row.node_id) }),
    ...message(row),
  }
}

function message(row: Row): { readonly message?: string } {
  return row.message === null ? {} : { message: String(row.message) }
}

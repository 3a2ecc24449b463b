import type { ResultArtifact, RunResultsArtifact, TimingArtifact } from '../../artifacts/run-results-artifact.ts'
import type { CompiledNode } from '../../compile/compiled-node.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import { formatDiagnostic } from '../../diagnostics/format.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { NodeResult } from '../../run/results.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { artifactMetadata } from './metadata.ts'

export interface RunResultsInput {
  readonly manifest: Manifest
  readonly project: ProjectContext
  readonly results: readonly NodeResult[]
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode>
  readonly elapsedSeconds: number
  /** `build`, `run`, … */
  readonly command: string
  /** The flags of the command line by their names in code; written in dbt's snake case. */
  readonly args: Readonly<Record<string, unknown>>
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
}

/** How a run ended as `run_results.json`, schema version 6. */
export function runResultsArtifact(input: RunResultsInput): RunResultsArtifact {
  return {
    metadata: artifactMetadata({ name: 'run-results', version: 6 }, input.project, input.generatedAt),
    results: input.results.map((result) => artifactResult(result, input)),
    elapsed_time: input.elapsedSeconds,
    args: { which: input.command, ...artifactArguments(input.args) },
  }
}

function artifactResult(result: NodeResult, { manifest, project, compiled }: RunResultsInput): ResultArtifact {
  const node = manifest.nodes.get(result.id)
  const sql = result.compiledSql ?? compiled.get(result.id)?.publishedSql
  const relation = node && node.kind !== 'test' ? node.relation : undefined
  return {
    status: result.status,
    timing: result.status === 'skipped' ? [] : timing(result),
    thread_id: result.threadId,
    execution_time: result.seconds,
    adapter_response: result.adapterResponse ?? (result.rows === undefined ? {} : { rows_affected: result.rows }),
    message: messageOf(result),
    failures: result.failures ?? null,
    unique_id: result.id,
    compiled: node?.kind === 'seed' ? null : sql !== undefined,
    compiled_code: node?.kind === 'seed' ? null : (sql ?? null),
    relation_name: node?.kind === 'seed' || !relation ? null : project.dialect.render(relation),
    batch_results: null,
  }
}

/** For errors the whole story with its place, because CI tools show nothing but this. */
function messageOf({ status, message, diagnostics }: NodeResult): string | null {
  const isTold = status === 'error' && diagnostics.length > 0
  return isTold ? diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n') : (message ?? null)
}

function timing({ startedAt, seconds, compileSeconds = 0 }: NodeResult): readonly TimingArtifact[] {
  const start = Date.parse(startedAt)
  const at = (passed: number) => new Date(start + passed * 1000).toISOString()
  return [
    { name: 'compile', started_at: at(0), completed_at: at(compileSeconds) },
    { name: 'execute', started_at: at(compileSeconds), completed_at: at(seconds) },
  ]
}

function artifactArguments(args: Readonly<Record<string, unknown>>): JsonObject {
  const entries = Object.entries(args).filter(([, value]) => value !== undefined)
  // Flags come from the command line, so they are text, numbers, booleans and lists of text.
  return Object.fromEntries(entries.map(([key, value]) => [snakeCase(key), value as Json]))
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

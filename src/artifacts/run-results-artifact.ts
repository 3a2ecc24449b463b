import type { SourceFile } from '../text/source-file.ts'
import { isJsonObject, type JsonObject } from '../util/json.ts'
import type { ArtifactMetadata } from './metadata.ts'
import { readArtifact, requireList } from './read.ts'

/** `run_results.json`, version 6: how every node of one run ended. */
export interface RunResultsArtifact {
  readonly metadata: ArtifactMetadata
  readonly results: readonly ResultArtifact[]
  /** Seconds. */
  readonly elapsed_time: number
  /** The command and its flags: `which` is the command's name. */
  readonly args: JsonObject
}

export interface ResultArtifact {
  /** dbt's words: a seed that was loaded is `success`, a node left out is `skipped`. */
  readonly status: string
  readonly timing: readonly TimingArtifact[]
  readonly thread_id: string
  /** Seconds. */
  readonly execution_time: number
  readonly adapter_response: JsonObject
  readonly message: string | null
  readonly failures: number | null
  readonly unique_id: string
  readonly compiled: boolean | null
  readonly compiled_code: string | null
  readonly relation_name: string | null
  readonly batch_results: null
}

export interface TimingArtifact {
  readonly name: 'compile' | 'execute'
  readonly started_at: string | null
  readonly completed_at: string | null
}

/** The results of an earlier run, for `result:` and `retry`. */
export interface PreviousResults {
  /** The command that ran (`build`), where the file says so. */
  readonly command: string | undefined
  readonly args: JsonObject
  /** Status by unique id. */
  readonly statuses: ReadonlyMap<string, string>
}

const RUN_RESULTS = { name: 'run-results', oldest: 4, newest: 6 } as const

/** Reads the results of an earlier run; throws a `UserError` located in the file when it is not that. */
export function readRunResults(file: SourceFile): PreviousResults {
  const content = readArtifact(file, RUN_RESULTS)
  const statuses = new Map<string, string>()
  for (const result of requireList(file, content, 'results')) {
    if (isJsonObject(result)) statuses.set(String(result.unique_id), String(result.status))
  }
  const args = isJsonObject(content.args) ? content.args : {}
  return { command: typeof args.which === 'string' ? args.which : undefined, args, statuses }
}

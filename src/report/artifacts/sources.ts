import type { SourcesArtifact } from '../../artifacts/sources-artifact.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import { formatDiagnostic } from '../../diagnostics/format.ts'
import type { SourceAge } from '../../run/source-age.ts'
import { artifactMetadata } from './metadata.ts'

export interface SourcesInput {
  readonly project: ProjectContext
  readonly ages: readonly SourceAge[]
  readonly elapsedSeconds: number
  /** ISO 8601 in UTC. */
  readonly generatedAt: string
}

/** The ages of sources as `sources.json`, schema version 3. */
export function sourcesArtifact({ project, ages, elapsedSeconds, generatedAt }: SourcesInput): SourcesArtifact {
  return {
    metadata: artifactMetadata({ name: 'sources', version: 3 }, project, generatedAt),
    results: ages.map(artifactAge),
    elapsed_time: elapsedSeconds,
  }
}

function artifactAge(age: SourceAge): SourcesArtifact['results'][number] {
  if (age.status === 'runtime error') {
    const error = age.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic)).join('\n\n')
    return { unique_id: age.source.id, error, status: age.status }
  }
  const start = Date.parse(age.startedAt)
  const end = new Date(start + age.seconds * 1000).toISOString()
  return {
    unique_id: age.source.id,
    max_loaded_at: age.loadedAt,
    snapshotted_at: age.askedAt,
    max_loaded_at_time_ago_in_s: age.ageSeconds,
    status: age.status,
    criteria: age.source.freshness ?? {},
    adapter_response: {},
    timing: [
      { name: 'compile', started_at: age.startedAt, completed_at: age.startedAt },
      { name: 'execute', started_at: age.startedAt, completed_at: end },
    ],
    thread_id: age.threadId,
    execution_time: age.seconds,
  }
}

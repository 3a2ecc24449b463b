import type { SourceFile } from '../text/source-file.ts'
import { isJsonObject, type JsonObject } from '../util/json.ts'
import type { ArtifactMetadata } from './metadata.ts'
import { readArtifact, requireList } from './read.ts'
import type { TimingArtifact } from './run-results-artifact.ts'

/** `sources.json`, version 3: how old the newest row of every source is. */
export interface SourcesArtifact {
  readonly metadata: ArtifactMetadata
  readonly results: readonly (SourceAgeArtifact | SourceErrorArtifact)[]
  /** Seconds. */
  readonly elapsed_time: number
}

interface SourceAgeArtifact {
  readonly unique_id: string
  /** ISO 8601; the first moment of the calendar where there is no row. */
  readonly max_loaded_at: string
  readonly snapshotted_at: string
  readonly max_loaded_at_time_ago_in_s: number
  readonly status: 'pass' | 'warn' | 'error'
  /** The limits, as in `manifest.json`. */
  readonly criteria: JsonObject
  readonly adapter_response: JsonObject
  readonly timing: readonly TimingArtifact[]
  readonly thread_id: string
  /** Seconds. */
  readonly execution_time: number
}

interface SourceErrorArtifact {
  readonly unique_id: string
  readonly error: string
  readonly status: 'runtime error'
}

const SOURCES = { name: 'sources', oldest: 3, newest: 3 } as const

/**
 * When the newest row of each source was loaded, by unique id; undefined where the source could not be asked. Throws a
 * `UserError` located in the file when it is no such artifact.
 */
export function readSources(file: SourceFile): ReadonlyMap<string, number | undefined> {
  const loadedAt = new Map<string, number | undefined>()
  for (const result of requireList(file, readArtifact(file, SOURCES), 'results')) {
    if (!isJsonObject(result)) continue
    const moment = typeof result.max_loaded_at === 'string' ? Date.parse(result.max_loaded_at) : undefined
    loadedAt.set(String(result.unique_id), moment)
  }
  return loadedAt
}

/** What `lavra source freshness` found of a source. */
export interface FoundAge {
  readonly status: 'pass' | 'warn' | 'error' | 'runtime error'
  /** ISO 8601; absent where the source could not be asked. */
  readonly loadedAt?: string
  readonly askedAt?: string
}

const STATUSES: readonly FoundAge['status'][] = ['pass', 'warn', 'error', 'runtime error']

/** How old each source was found to be, by unique id. Throws a `UserError` located in the file when it is no such artifact. */
export function readSourceAges(file: SourceFile): ReadonlyMap<string, FoundAge> {
  const ages = new Map<string, FoundAge>()
  for (const result of requireList(file, readArtifact(file, SOURCES), 'results')) {
    if (!isJsonObject(result)) continue
    const status = STATUSES.find((known) => known === result.status)
    if (status === undefined) continue
    ages.set(String(result.unique_id), {
      status,
      ...(typeof result.max_loaded_at === 'string' ? { loadedAt: result.max_loaded_at } : {}),
      ...(typeof result.snapshotted_at === 'string' ? { askedAt: result.snapshotted_at } : {}),
    })
  }
  return ages
}

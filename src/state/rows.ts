import type { RelationKind } from '../sql/relation.ts'

/** A published relation as `_lavra.relations` has it. */
export interface PublishedRelation {
  readonly schema: string
  readonly identifier: string
  /** The target's schema: one lease, one sweep and one publication each. */
  readonly targetSchema: string
  readonly nodeId: string
  readonly kind: RelationKind
  readonly materialization: string
  readonly runId: string
  /** ISO 8601 in UTC. */
  readonly publishedAt: string
  /** Hash of the compiled SQL and of the settings that shape the relation. */
  readonly fingerprint: string
  readonly rows?: number
  /** The greatest value of the node's `event_time` column, as text, read in the publishing transaction. */
  readonly watermark?: string
  /** For views and materialized views: the SQL under published names, from which a rollback makes the view again. */
  readonly definition?: string
}

/**
 * A former version that can be republished. A view needs no relation to be kept, nor does a materialized one: its definition is enough. Kind `absent`
 * says that there was no relation before, so that going back means to drop what stands there now.
 */
export interface RetainedVersion extends Omit<PublishedRelation, 'kind'> {
  readonly kind: RelationKind | 'absent'
  /** The run whose publication replaced it. */
  readonly replacedBy: string
  readonly retainedAs?: string
}

/** What stands under a name since a run or a rollback changed it. */
export interface HistoryRow {
  readonly schema: string
  readonly identifier: string
  readonly targetSchema: string
  /** The run or rollback. */
  readonly changedBy: string
  /** ISO 8601 in UTC. */
  readonly changedAt: string
  /** The run whose version stands since then; absent where nothing does. */
  readonly runId?: string
}

export interface RunRow {
  readonly runId: string
  readonly targetSchema: string
  readonly command: string
  readonly project: string
  readonly version: string
  readonly status: 'success' | 'error' | 'interrupted'
  readonly published: boolean
  readonly startedAt: string
  readonly finishedAt: string
  readonly message?: string
}

/** Says that a run makes candidates with this mark in this schema. */
export interface CandidateRow {
  readonly runId: string
  readonly targetSchema: string
  readonly schema: string
  readonly mark: string
}

/** How one node or test ended; a test has `failures` and what it is attached to. */
export interface ResultRow {
  readonly id: string
  readonly status: string
  readonly startedAt: string
  readonly seconds: number
  readonly rows?: number
  readonly failures?: number
  readonly message?: string
  readonly attachedTo?: string
}

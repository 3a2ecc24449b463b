import type { Candidate } from '../run/candidates.ts'
import type { PublishedRelation } from '../state/rows.ts'

/** What a run has published. */
export interface Publication {
  readonly relations: readonly PublishedRelation[]
  readonly seconds: number
  /** Nodes that this run did not build and that were filled again: materialized views on what it replaced. */
  readonly filledAgain: ReadonlySet<string>
  /** What was published: hooks that run after the COMMIT want it. */
  readonly candidates: readonly Candidate[]
}

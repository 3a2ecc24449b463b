import type { PublishedRelation } from '../state/rows.ts'

/** Which run published a relation, and when: `gold.orders: published by run … at 2026-01-05T10:00:00.000+00:00`. */
export function describePublication(relation: string, state: PublishedRelation | undefined): string {
  if (!state) return `${relation}: not published by Lavra`
  return `${relation}: published by run ${state.runId} at ${withMilliseconds(state.publishedAt)}`
}

/** Whole seconds come without them. */
function withMilliseconds(iso: string): string {
  return iso.replace(/(T\d\d:\d\d:\d\d)(?=\+|$)/, '$1.000')
}

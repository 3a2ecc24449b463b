import type { Rendered } from '../template/index.ts'
import { joinRendered, type Piece } from './join-rendered.ts'
import { findWithPlace } from './sql-scan.ts'

/** An ephemeral model that goes in front of a query, as a common table expression. */
export interface InlinedEphemeral {
  /** `__dbt__cte__stg_orders`. */
  readonly name: string
  readonly rendered: Rendered
}

/**
 * Puts ephemeral models in front of a query, in the order given: into its `with`, or into a new one. Byte for byte what dbt
 * makes of it.
 */
export function inlineEphemerals(query: Rendered, ephemerals: readonly InlinedEphemeral[]): Rendered {
  if (ephemerals.length === 0) return query
  const { offset, hasWith } = findWithPlace(query.text)
  const pieces: Piece[] = [{ rendered: query, end: offset }]
  if (!hasWith) pieces.push('with')
  ephemerals.forEach(({ name, rendered }, index) => {
    pieces.push(`${index > 0 ? ', ' : ''} ${name} as (\n`, { rendered }, '\n)')
  })
  pieces.push(hasWith ? ', ' : ' ', { rendered: query, start: offset })
  return joinRendered(pieces)
}

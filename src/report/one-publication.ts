import { problem, UserError } from '../diagnostics/errors.ts'
import { type Relation, relationKey } from '../sql/relation.ts'
import type { PublishedRelation } from '../state/rows.ts'

/** A publication in the middle of a reading makes it start again, as often as this. */
const MOST_TRIES = 3

/** What was read, of which relations. */
interface Reading<Result> {
  readonly result: Result
  readonly relations: readonly Pick<Relation, 'schema' | 'identifier'>[]
}

/**
 * Does a reading that takes several statements, and does it again when one of its relations was published anew meanwhile: so
 * that it is of the publications that it is said to be of. `read` starts from nothing each time. Throws `UserError`
 * (`report-changing`) when there is no end to it.
 */
export async function ofOnePublication<Result>(
  name: string,
  readStates: () => Promise<readonly PublishedRelation[]>,
  read: (states: readonly PublishedRelation[]) => Promise<Reading<Result>>,
): Promise<Result> {
  let states = await readStates()
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const { result, relations } = await read(states)
    const now = await readStates()
    if (relations.every((relation) => publicationOf(relation, states)?.runId === publicationOf(relation, now)?.runId)) {
      return result
    }
    states = now
  }
  throw new UserError(
    problem('report-changing', `"${name}" was published anew each time that it was read.`, { hint: 'try again' }),
  )
}

/** What is known of the publication of a relation; undefined where Lavra did not publish it. */
export function publicationOf(
  { schema, identifier }: Pick<Relation, 'schema' | 'identifier'>,
  states: readonly PublishedRelation[],
): PublishedRelation | undefined {
  return states.find((state) => relationKey(state) === relationKey({ schema, identifier }))
}

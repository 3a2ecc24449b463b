import { problem, UserError } from '../diagnostics/errors.ts'
import { relationLabel } from '../sql/relation.ts'
import type { PublishedRelation, RetainedVersion } from '../state/rows.ts'

/** What a target has: the relations that stand and the versions that are kept. */
export interface Kept {
  readonly relations: readonly PublishedRelation[]
  readonly versions: readonly RetainedVersion[]
  /** When each run ended; a run that was killed has no end. */
  readonly runEnds: ReadonlyMap<string, string>
}

/** One relation that has to change: what stands there, and what comes in its place. */
export interface RollbackStep {
  readonly name: { readonly schema: string; readonly identifier: string }
  readonly current: PublishedRelation | undefined
  /** Kind `absent` where nothing stood; undefined where nobody knows what stood. */
  readonly version: RetainedVersion | undefined
}

/**
 * The steps that undo the last publication: whatever it published becomes what it replaced. What an earlier rollback took
 * away was not replaced by it, and stays away.
 */
export function stepsBack({ relations, versions }: Kept): readonly RollbackStep[] {
  const last = latest(relations)
  if (last === undefined) {
    throw new UserError(problem('nothing-published', 'Nothing is published here, so there is nothing to go back from.'))
  }
  return namesOf(relations, versions).flatMap((name): RollbackStep[] => {
    const current = relations.find(isNamed(name))
    const own = versions.filter(isNamed(name))
    const replaced = own.find((version) => version.replacedBy === last.runId)
    if (current === undefined) {
      return replaced && replaced.kind !== 'absent' ? [{ name, current, version: replaced }] : []
    }
    if (current.runId !== last.runId) return []
    // What came back by a rollback was not replaced by its own run: the one before it is the next older.
    const older = own.filter((version) => version.publishedAt < current.publishedAt)
    return [{ name, current, version: replaced ?? latest(older) }]
  })
}

/**
 * The steps to what stood right after a run. A version stood from its first publication until the run or rollback that
 * replaced it had ended; of several, the one published last is the one that readers saw.
 */
export function stepsTo(kept: Kept, run: string): readonly RollbackStep[] {
  const { relations, versions } = kept
  const moment = momentAfter(kept, run)
  const isStanding = (version: RetainedVersion) => moment < (kept.runEnds.get(version.replacedBy) ?? LATER)
  return namesOf(relations, versions).flatMap((name): RollbackStep[] => {
    const current = relations.find(isNamed(name))
    const own = versions.filter(isNamed(name)).filter(isStanding)
    const stood = latest(own.filter(({ kind, publishedAt }) => kind !== 'absent' && publishedAt <= moment))
    const stands = current !== undefined && current.publishedAt <= moment
    if (stands && (stood === undefined || stood.publishedAt <= current.publishedAt)) return []
    const version = stood ?? own.find(({ kind }) => kind === 'absent')
    if (current === undefined && (version === undefined || version.kind === 'absent')) return []
    return [{ name, current, version }]
  })
}

/** After every moment that is written as ISO 8601. */
const LATER = '9999'

function momentAfter({ relations, versions, runEnds }: Kept, run: string): string {
  const published = [...relations, ...versions.filter((version) => version.kind !== 'absent')]
  const found = latest(published.filter(({ runId }) => runId.startsWith(run)))
  if (found) return runEnds.get(found.runId) ?? found.publishedAt
  throw new UserError(
    problem('run-not-found', `No published or retained relation is of the run "${run}".`, {
      hint: 'the runs that can be gone back to are those in _lavra.versions',
    }),
  )
}

function namesOf(...rows: readonly (readonly RollbackStep['name'][])[]): readonly RollbackStep['name'][] {
  const names = new Map<string, RollbackStep['name']>()
  for (const { schema, identifier } of rows.flat()) {
    names.set(relationLabel({ schema, identifier }).toLowerCase(), { schema, identifier })
  }
  return [...names.values()]
}

function isNamed(name: RollbackStep['name']): (row: RollbackStep['name']) => boolean {
  const label = relationLabel(name).toLowerCase()
  return (row) => relationLabel(row).toLowerCase() === label
}

function latest<Row extends { readonly publishedAt: string }>(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>((a, b) => (a && a.publishedAt >= b.publishedAt ? a : b), undefined)
}

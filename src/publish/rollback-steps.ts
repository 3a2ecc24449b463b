import { problem, UserError } from '../diagnostics/errors.ts'
import { relationLabel } from '../sql/relation.ts'
import type { HistoryRow, PublishedRelation, RetainedVersion } from '../state/rows.ts'

/** What a target has: the relations that stand, the versions that are kept, and what stood when, the oldest change first. */
export interface Kept {
  readonly relations: readonly PublishedRelation[]
  readonly versions: readonly RetainedVersion[]
  readonly history: readonly HistoryRow[]
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
export function stepsBack({ relations, versions, history }: Kept): readonly RollbackStep[] {
  const last = latest(relations)
  if (last === undefined) {
    throw new UserError(problem('nothing-published', 'Nothing is published here, so there is nothing to go back from.'))
  }
  return namesOf(relations, versions).flatMap((name): RollbackStep[] => {
    const current = relations.find(isNamed(name))
    const changes = history.filter(isNamed(name))
    const change = changes.findIndex(({ changedBy }) => changedBy === last.runId)
    const isGoneByLast = current === undefined && change !== -1 && changes[change]?.runId === undefined
    if (current?.runId !== last.runId && !isGoneByLast) return []
    const kept = versions.filter(isNamed(name))
    const replaced = kept.find(({ replacedBy }) => replacedBy === last.runId)
    const version = replaced ?? versionOf(kept, changes[change - 1]?.runId)
    // A value's relation that went without being kept cannot come back.
    if (isGoneByLast && (version === undefined || version.kind === 'absent')) return []
    return [{ name, current, version }]
  })
}

/** The steps to what stood right after a run or rollback. */
export function stepsTo(kept: Kept, run: string): readonly RollbackStep[] {
  const { relations, versions, history } = kept
  const last = history.findLast(({ changedBy }) => changedBy.startsWith(run))
  if (last === undefined) throw new UserError(runNotFound(run))
  const until = history.filter(({ changedAt }) => changedAt <= last.changedAt)
  return namesOf(relations, versions).flatMap((name): RollbackStep[] => {
    const current = relations.find(isNamed(name))
    const stood = until.findLast(isNamed(name))?.runId
    if (current?.runId === stood) return []
    return [{ name, current, version: versionOf(versions.filter(isNamed(name)), stood) }]
  })
}

/** The kept version that a run published, or the knowledge that there was none; undefined where neither is kept. */
function versionOf(kept: readonly RetainedVersion[], run: string | undefined): RetainedVersion | undefined {
  return kept.find(({ kind, runId }) => (run === undefined ? kind === 'absent' : kind !== 'absent' && runId === run))
}

function runNotFound(run: string) {
  return problem('run-not-found', `No published or retained relation is of the run "${run}".`, {
    hint: 'the runs that can be gone back to are those in _lavra.versions',
  })
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

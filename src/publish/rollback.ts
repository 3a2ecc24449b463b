import type { Connection } from '../adapters/adapter.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import { type SqlStatement, sql } from '../sql/statement.ts'
import type { PublishedRelation, RetainedVersion } from '../state/rows.ts'
import { forgetRelations, forgetVersions, recordRelations, recordVersions } from '../state/write.ts'
import { retainedIdentifier } from './retention.ts'

export interface RollbackInput {
  readonly dialect: Dialect
  readonly database: string
  readonly targetSchema: string
  /** The run that this rollback is: what it replaces is retained under it, so a rollback can be rolled back. */
  readonly runId: string
  /** Relations of all targets, as they stand. */
  readonly relations: readonly PublishedRelation[]
  /** Newest publication first. */
  readonly versions: readonly RetainedVersion[]
  /** Go back to what was published right after this run; absent: to what was published before the last one. */
  readonly toRun?: string
}

export interface RollbackPlan {
  readonly statements: readonly SqlStatement[]
  readonly restored: readonly { readonly name: string; readonly runId: string }[]
}

/**
 * Lists the statements of the one transaction that republishes retained versions. Throws `UserError` when a relation
 * that has to go back has no version that is kept: then nothing goes back.
 */
export function planRollback(input: RollbackInput): RollbackPlan {
  const relations = input.relations.filter((relation) => relation.targetSchema === input.targetSchema)
  const steps = stepsTo(input, relations)
  const missing = steps.filter((step) => step.version === undefined)
  if (missing.length > 0) throw new UserError(notRetained(missing.map((step) => relationLabel(step.name))))
  const statements = steps.flatMap((step) => republish(input, step))
  const restored = steps.map((step) => ({ name: relationLabel(step.name), runId: step.version?.runId ?? '' }))
  return { statements, restored }
}

interface Step {
  readonly name: { readonly schema: string; readonly identifier: string }
  readonly current: PublishedRelation | undefined
  readonly version: RetainedVersion | undefined
}

/**
 * What has to change so that every relation is the one that stood at that moment. Rows keep the moment of their first
 * publication, whatever was rolled back since, so a rollback can be rolled back: the later version is just another row.
 */
function stepsTo(input: RollbackInput, relations: readonly PublishedRelation[]): readonly Step[] {
  const names = new Map<string, Step['name']>()
  for (const { schema, identifier } of [...relations, ...input.versions]) {
    names.set(relationLabel({ schema, identifier }).toLowerCase(), { schema, identifier })
  }
  const asOf = momentOf(input, relations)
  return [...names.values()].flatMap((name): Step[] => {
    const isSame = (other: Step['name']) => relationLabel(other).toLowerCase() === relationLabel(name).toLowerCase()
    const current = relations.find(isSame)
    const versions = input.versions.filter(isSame)
    const stood = versions.filter(({ kind, publishedAt }) => kind !== 'absent' && publishedAt <= asOf)
    const latest = stood.reduce<RetainedVersion | undefined>(
      (a, b) => (a && a.publishedAt >= b.publishedAt ? a : b),
      undefined,
    )
    const isCurrent = current !== undefined && current.publishedAt <= asOf
    if (isCurrent && (latest === undefined || latest.publishedAt <= current.publishedAt)) return []
    const version = latest ?? versions.find(({ kind }) => kind === 'absent')
    if (current === undefined && (version === undefined || version.kind === 'absent')) return []
    return [{ name, current, version }]
  })
}

/** The moment to go back to: the publication of the run that was named, or the last one before the newest. */
function momentOf(input: RollbackInput, relations: readonly PublishedRelation[]): string {
  const published = [...relations, ...input.versions.filter((version) => version.kind !== 'absent')]
  if (input.toRun !== undefined) {
    const found = published.find((row) => row.runId === input.toRun || row.runId.startsWith(input.toRun ?? ''))
    if (found) return found.publishedAt
    throw new UserError(
      problem('run-not-found', `No published or retained relation is of the run "${input.toRun}".`, {
        hint: 'the runs that can be gone back to are those in _lavra.versions',
      }),
    )
  }
  const moments = [...new Set(published.map((row) => row.publishedAt))].sort()
  const newest = relations
    .map((row) => row.publishedAt)
    .sort()
    .at(-1)
  if (newest === undefined) {
    throw new UserError(problem('nothing-published', 'Nothing is published here, so there is nothing to go back from.'))
  }
  return moments.filter((moment) => moment < newest).at(-1) ?? ''
}

function republish(input: RollbackInput, step: Step): readonly SqlStatement[] {
  const { dialect, database } = input
  const { name, current, version } = step
  const target: Relation = { database, ...name }
  const statements: string[] = []
  if (current !== undefined) statements.push(...setAside(input, target, current))
  if (version !== undefined && version.kind === 'table' && version.retainedAs !== undefined) {
    const retained: Relation = { database, schema: name.schema, identifier: version.retainedAs }
    statements.push(dialect.rename(retained, 'table', name.identifier))
  }
  if (version !== undefined && version.kind === 'view') {
    statements.push(dialect.createView(target, version.definition ?? ''))
  }
  if (version !== undefined) statements.push(...forgetVersions(dialect, [version]))
  if (version === undefined || version.kind === 'absent') statements.push(...forgetRelations(dialect, [name]))
  else {
    const { replacedBy: _, retainedAs: __, kind, ...row } = version
    statements.push(...recordRelations(dialect, [{ ...row, kind, targetSchema: input.targetSchema }]))
  }
  return statements.map(sql)
}

/** Keeps what stands now as a version of its own. */
function setAside(input: RollbackInput, target: Relation, current: PublishedRelation): readonly string[] {
  const { dialect } = input
  const { targetSchema: _, ...row } = current
  if (current.kind === 'view') {
    return [dialect.drop(target, 'view'), ...recordVersions(dialect, [{ ...row, replacedBy: input.runId }])]
  }
  const retainedAs = retainedIdentifier(current.identifier, current.runId, dialect.maxIdentifierBytes)
  return [
    dialect.rename(target, 'table', retainedAs),
    ...recordVersions(dialect, [{ ...row, replacedBy: input.runId, retainedAs }]),
  ]
}

function notRetained(names: readonly string[]) {
  const list = names.map((name) => `"${name}"`).join(', ')
  return problem('version-not-retained', `No earlier version is kept of ${list}, so nothing was rolled back.`, {
    hint: 'set "versions: 1" (or more) for these models, so that the version that a run replaces is kept',
  })
}

/** Sends the plan in one transaction. */
export async function rollback(connection: Connection, plan: RollbackPlan, record: readonly string[]): Promise<void> {
  await connection.begin()
  try {
    for (const statement of plan.statements) await connection.execute(statement.sql)
    for (const statement of record) await connection.execute(statement)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    throw error
  }
}

import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Dag } from '../graph/dag.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { createIndexes, dropIndexes } from '../materialization/indexes.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import type { HistoryRow, PublishedRelation, RetainedVersion } from '../state/rows.ts'
import { forgetRelations, forgetVersions, recordHistory, recordRelations, recordVersions } from '../state/write.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { retainedIdentifier } from './retention.ts'
import { type RollbackStep, stepsBack, stepsTo } from './rollback-steps.ts'

export interface RollbackInput {
  readonly dialect: Dialect
  readonly database: string
  readonly targetSchema: string
  /** The run that this rollback is: what it replaces is retained under it, so a rollback can be rolled back. */
  readonly runId: string
  /** Relations of all targets, as they stand. */
  readonly relations: readonly PublishedRelation[]
  /** Of this target. */
  readonly versions: readonly RetainedVersion[]
  /** Of this target, the oldest first. */
  readonly history: readonly HistoryRow[]
  /** Now: ISO 8601 in UTC. */
  readonly changedAt: string
  /** The nodes of the project: their indexes have to go and come back where the engine cannot rename a table with them. */
  readonly nodes: ReadonlyMap<UniqueId, RunnableNode>
  readonly graph: Dag<UniqueId>
  /** Go back to what stood right after this run; absent: to what the last publication replaced. */
  readonly toRun?: string
}

export interface RollbackPlan {
  readonly statements: readonly string[]
  readonly restored: readonly { readonly name: string; readonly runId: string }[]
}

/**
 * Lists the statements of the one transaction that republishes retained versions. Throws `UserError` when a relation
 * that has to go back has no version that is kept: then nothing goes back.
 */
export function planRollback(input: RollbackInput): RollbackPlan {
  const relations = input.relations.filter((relation) => relation.targetSchema === input.targetSchema)
  const kept = { relations, versions: input.versions, history: input.history }
  const steps = input.toRun === undefined ? stepsBack(kept) : stepsTo(kept, input.toRun)
  const missing = steps.filter((step) => step.version === undefined)
  if (missing.length > 0) throw new UserError(notRetained(missing.map((step) => relationLabel(step.name))))
  // Everything makes room before anything comes back, and tables come before the views that read them.
  const statements = [
    ...steps.flatMap((step) => setAside(input, step)),
    ...steps.flatMap((step) => bringBackTable(input, step)),
    ...inOrderOfGraph(input, steps).flatMap((step) => bringBackView(input, step)),
    ...steps.flatMap((step) => recordStep(input, step)),
  ]
  const restored = steps.map((step) => ({ name: relationLabel(step.name), runId: step.version?.runId ?? '' }))
  return { statements, restored }
}

/** Keeps what stands now as a version of its own. */
function setAside(input: RollbackInput, { name, current }: RollbackStep): readonly string[] {
  const { dialect, database } = input
  const target: Relation = { database, ...name }
  if (current === undefined) return []
  if (current.kind === 'view') {
    return [dialect.drop(target, 'view'), ...recordVersions(dialect, [{ ...current, replacedBy: input.runId }])]
  }
  const retainedAs = retainedIdentifier(current.identifier, current.runId, dialect.maxIdentifierBytes)
  return [
    ...indexStatements(input, current, (indexed) => dropIndexes(indexed)),
    dialect.rename(target, 'table', retainedAs),
    ...recordVersions(dialect, [{ ...current, replacedBy: input.runId, retainedAs }]),
  ]
}

function bringBackTable(input: RollbackInput, { name, version }: RollbackStep): readonly string[] {
  if (version?.kind !== 'table' || version.retainedAs === undefined) return []
  const retained: Relation = { database: input.database, schema: name.schema, identifier: version.retainedAs }
  return [
    input.dialect.rename(retained, 'table', name.identifier),
    ...indexStatements(input, version, (indexed) => createIndexes({ ...indexed, when: 'after-rename' })),
  ]
}

function indexStatements(
  { dialect, database, nodes }: RollbackInput,
  { nodeId, schema, identifier }: Pick<PublishedRelation, 'nodeId' | 'schema' | 'identifier'>,
  statementsOf: (indexed: Parameters<typeof dropIndexes>[0]) => ReturnType<typeof dropIndexes>,
): readonly string[] {
  const node = nodes.get(nodeId as UniqueId) // we wrote the row
  if (!node || node.kind === 'test') return []
  const relation: Relation = { database, schema, identifier }
  return statementsOf({ compiled: { node }, dialect, relation }).flatMap((statement) =>
    statement.kind === 'sql' ? [statement.sql] : [],
  )
}

function inOrderOfGraph({ graph }: RollbackInput, steps: readonly RollbackStep[]): readonly RollbackStep[] {
  const level = ({ version }: RollbackStep) => {
    const id = version?.nodeId as UniqueId | undefined // we wrote the row
    return id !== undefined && graph.has(id) ? graph.level(id) : 0
  }
  return [...steps].sort((a, b) => level(a) - level(b))
}

function bringBackView({ dialect, database }: RollbackInput, { name, version }: RollbackStep): readonly string[] {
  if (version?.kind !== 'view') return []
  return [dialect.createView({ database, ...name }, version.definition ?? '')]
}

/** That nothing stood is known as long as it would be for a version: it can be gone back to again. */
function recordStep(input: RollbackInput, { name, version }: RollbackStep): readonly string[] {
  const { dialect, targetSchema, changedAt } = input
  if (version === undefined) return []
  const change = { ...name, targetSchema, changedBy: input.runId, changedAt }
  if (version.kind === 'absent') return [...forgetRelations(dialect, [name]), ...recordHistory(dialect, [change])]
  const { replacedBy: _, retainedAs: __, kind, ...row } = version
  return [
    ...forgetVersions(dialect, [version]),
    ...recordRelations(dialect, [{ ...row, kind }]),
    ...recordHistory(dialect, [{ ...change, runId: version.runId }]),
  ]
}

function notRetained(names: readonly string[]) {
  const list = names.map((name) => `"${name}"`).join(', ')
  return problem('version-not-retained', `No earlier version is kept of ${list}, so nothing was rolled back.`, {
    hint: 'set "versions: 1" (or more) for these models, so that the version that a run replaces is kept',
  })
}

/** Sends the plan in one transaction. Throws `UserError` (`database`) when the engine refuses it; nothing went back then. */
export async function rollback(
  connection: Connection,
  dialect: Dialect,
  plan: RollbackPlan,
  record: readonly string[],
): Promise<void> {
  await connection.begin()
  try {
    for (const statement of [...plan.statements, ...record]) await connection.execute(statement)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    if (!(error instanceof DatabaseError)) throw error
    throw new UserError(
      problem('database', `${error.title}: ${error.message}`, {
        subject: `rollback, ${dialect.name}`,
        hint: 'nothing was rolled back',
      }),
      { cause: error },
    )
  }
}

import {
  type Adapter,
  type Attachments,
  type Connection,
  DatabaseError,
  type Dependent,
  type ExistingIndex,
  type LockOptions,
  type LockTarget,
} from '../adapters/adapter.ts'
import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import type { Dag } from '../graph/dag.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { findColumn, isName, unquoted } from '../materialization/find-column.ts'
import { createIndexes } from '../materialization/indexes.ts'
import { dropIndexes, indexesOn } from '../materialization/standing-indexes.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Relation, relationKey, relationLabel } from '../sql/relation.ts'
import type { Statement } from '../sql/statement.ts'
import type { HistoryRow, PublishedRelation, RetainedVersion } from '../state/rows.ts'
import { forgetRelations, forgetVersions, recordHistory, recordRelations, recordVersions } from '../state/write.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { brokenViews, viewBroken } from './bound-views.ts'
import { dependentsOf, inOrderOfReading, keyOf, obstaclesTo } from './dependents.ts'
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
  /** The indexes of all relations that may go back. */
  readonly indexes: readonly ExistingIndex[]
  /** The names of a kept table's columns. */
  readonly columnsOf: (version: RetainedVersion) => readonly string[]
  /** Go back to what stood right after this run; absent: to what the last publication replaced. */
  readonly toRun?: string
  /** What hangs on all relations that may go back. */
  readonly attachments: Attachments
}

export interface RollbackPlan {
  /** What nobody else may use from the first statement until the COMMIT. */
  readonly locks: readonly LockTarget[]
  readonly statements: readonly string[]
  readonly restored: readonly { readonly name: string; readonly runId: string }[]
  /** Views of the target that stay as they are. */
  readonly otherViews: readonly PublishedRelation[]
}

/**
 * Lists the statements of the one transaction that republishes retained versions. Throws `UserError` when a relation
 * that has to go back has no version that is kept: then nothing goes back.
 */
export function planRollback(input: RollbackInput): RollbackPlan {
  const steps = rollbackSteps(input)
  const missing = steps.filter((step) => step.version === undefined)
  if (missing.length > 0) throw new UserError(notRetained(missing.map((step) => relationLabel(step.name))))
  const standing = steps.flatMap(({ name, current }) =>
    current === undefined ? [] : [{ relation: { database: input.database, ...name }, kind: current.kind }],
  )
  const inTheWay = viewsInTheWay(input, standing)
  // Everything makes room before anything comes back, and tables come before the views that read them.
  const statements = [
    ...inTheWay.toReversed().map(({ relation, kind }) => input.dialect.drop(relation, kind)),
    ...steps.flatMap((step) => setAside(input, step)),
    ...steps.flatMap((step) => bringBackTable(input, step)),
    ...viewsBack(input, steps, inTheWay),
    ...steps.flatMap((step) => recordStep(input, step)),
  ]
  const restored = steps.map((step) => ({ name: relationLabel(step.name), runId: step.version?.runId ?? '' }))
  const changed = new Set(restored.map(({ name }) => name))
  const otherViews = input.relations.filter(
    (relation) =>
      relation.targetSchema === input.targetSchema && relation.kind === 'view' && !changed.has(relationLabel(relation)),
  )
  return { locks: [...standing, ...inTheWay], statements, restored, otherViews }
}

/** The relations that go back or away. Throws `UserError` when nothing is published or the run is not known. */
export function rollbackSteps(
  input: Pick<RollbackInput, 'relations' | 'versions' | 'history' | 'targetSchema' | 'toRun'>,
): readonly RollbackStep[] {
  const relations = input.relations.filter((relation) => relation.targetSchema === input.targetSchema)
  const kept = { relations, versions: input.versions, history: input.history }
  return input.toRun === undefined ? stepsBack(kept) : stepsTo(kept, input.toRun)
}

/** Views that read what goes, upstream first. Throws `UserError` where something has to stay that cannot. */
function viewsInTheWay(input: RollbackInput, standing: readonly LockTarget[]): readonly Dependent[] {
  const keys = standing.map(({ relation }) => relationKey(relation))
  const obstacles = [...new Set(keys.flatMap((key) => obstaclesTo(input.attachments, key)))]
  if (obstacles.length > 0) throw new UserError(rollbackInTheWay(obstacles))
  const found = dependentsOf(input.attachments, keys).map((dependent) => ({ ...dependent, key: keyOf(dependent) }))
  return inOrderOfReading(found)
}

/** Views that come back, and those that had to go aside, each after what it reads. */
function viewsBack(
  input: RollbackInput,
  steps: readonly RollbackStep[],
  inTheWay: readonly Dependent[],
): readonly string[] {
  const back = inOrderOfGraph(input, steps)
    .filter(({ version }) => version?.kind === 'view' || version?.kind === 'materialized_view')
    .map((step) => ({
      key: relationKey({ database: input.database, ...step.name }),
      reads: readsOf(input, step),
      statements: bringBackView(input, step),
    }))
  const changed = new Set(steps.map(({ name }) => relationKey({ database: input.database, ...name })))
  const others = inTheWay
    .map((dependent) => ({ key: keyOf(dependent), reads: dependent.reads, statements: dependent.create }))
    .filter(({ key }) => !changed.has(key))
  return inOrderOfReading([...back, ...others]).flatMap(({ statements }) => statements)
}

function readsOf({ graph, nodes, database }: RollbackInput, { version }: RollbackStep): readonly string[] {
  const id = version?.nodeId as UniqueId | undefined // we wrote the row
  if (id === undefined || !graph.has(id)) return []
  return [...graph.ancestors(id)].flatMap((ancestor) => {
    const node = nodes.get(ancestor)
    return node && node.kind !== 'test' && node.relation ? [relationKey({ database, ...node.relation })] : []
  })
}

function rollbackInTheWay(obstacles: readonly string[]) {
  const list = obstacles.map((obstacle) => `  - ${obstacle}`).join('\n')
  return problem(
    'dependents-in-the-way',
    `Nothing was rolled back, because other things stand on what would go:\n${list}`,
    {
      hint: 'take these away and make them again afterwards',
    },
  )
}

/** Keeps what stands now as a version of its own. */
function setAside(input: RollbackInput, { name, current }: RollbackStep): readonly string[] {
  const { dialect, database } = input
  const target: Relation = { database, ...name }
  if (current === undefined) return []
  if (current.kind !== 'table') {
    return [dialect.drop(target, current.kind), ...recordVersions(dialect, [{ ...current, replacedBy: input.runId }])]
  }
  const retainedAs = retainedIdentifier(current.identifier, current.runId, dialect.maxIdentifierBytes)
  return [
    ...textsOf(dropIndexes(dialect, target, indexesOn(input.indexes, target))),
    dialect.rename(target, 'table', retainedAs),
    ...recordVersions(dialect, [{ ...current, replacedBy: input.runId, retainedAs }]),
  ]
}

function bringBackTable(input: RollbackInput, { name, version }: RollbackStep): readonly string[] {
  if (version?.kind !== 'table' || version.retainedAs === undefined) return []
  const retained: Relation = { database: input.database, schema: name.schema, identifier: version.retainedAs }
  return [
    input.dialect.rename(retained, 'table', name.identifier),
    ...textsOf(indexesAgain(input, version, 'after-rename')),
  ]
}

/** The indexes of the config as it is now; those on columns that the version does not have are left out. */
function indexesAgain(
  input: RollbackInput,
  version: RetainedVersion,
  when: 'before-rename' | 'after-rename',
): readonly Statement[] {
  const { dialect, database, nodes, runId } = input
  const { nodeId, schema, identifier } = version
  const node = nodes.get(nodeId as UniqueId) // we wrote the row
  if (!node || node.kind === 'test') return []
  const relation: Relation = { database, schema, identifier }
  const again = { dialect, relation, salt: runId, when }
  // A materialized view has its columns when it is made again.
  if (version.kind !== 'table') return createIndexes({ ...again, compiled: { node } })
  const columns = input.columnsOf(version).map((name) => ({ name }))
  const isThere = (written: string) => !isName(written) || findColumn(columns, unquoted(written)) !== undefined
  const indexes = (node.config.indexes ?? []).filter((index) => index.columns.every(isThere))
  return createIndexes({ ...again, compiled: { node: { ...node, config: { ...node.config, indexes } } }, columns })
}

function textsOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap((statement) => (statement.kind === 'sql' ? [statement.sql] : []))
}

function inOrderOfGraph({ graph }: RollbackInput, steps: readonly RollbackStep[]): readonly RollbackStep[] {
  const level = ({ version }: RollbackStep) => {
    const id = version?.nodeId as UniqueId | undefined // we wrote the row
    return id !== undefined && graph.has(id) ? graph.level(id) : 0
  }
  return [...steps].sort((a, b) => level(a) - level(b))
}

function bringBackView(input: RollbackInput, { name, version }: RollbackStep): readonly string[] {
  const { dialect, database } = input
  const target: Relation = { database, ...name }
  const { kind, definition = '' } = version ?? {}
  const privileges = input.attachments.relations.get(relationKey(target))?.privileges ?? []
  if (version === undefined || kind === 'view') return [dialect.createView(target, definition), ...privileges]
  invariant(dialect.materializedViews, `${dialect.name} has no materialized views`)
  const create = dialect.materializedViews.create(target, definition)
  return [create, ...textsOf(indexesAgain(input, version, 'before-rename')), ...privileges]
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

/**
 * Sends the plan in one transaction. Throws `UserError` when the engine refuses it (`database`) or another view would no
 * longer work (`view-broken`); nothing went back then.
 */
export async function rollback(
  connection: Connection,
  adapter: Pick<Adapter, 'dialect' | 'database'>,
  plan: RollbackPlan,
  record: readonly string[],
  lock: LockOptions,
): Promise<void> {
  const { dialect } = adapter
  const brokenBefore = await brokenViews(adapter, connection, plan.otherViews)
  const views = plan.otherViews.filter((view) => !brokenBefore.has(view))
  await connection.begin()
  try {
    await connection.lock(plan.locks, lock)
    for (const statement of plan.statements) await connection.execute(statement)
    const broken = [...(await brokenViews(adapter, connection, views))]
    if (broken.length > 0) throw new UserError(broken.map(([view, error]) => wouldBreak(view, error)))
    for (const statement of record) await connection.execute(statement)
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

function wouldBreak(view: PublishedRelation, error: DatabaseError) {
  return viewBroken(view, error, {
    hint: `nothing was rolled back; build "${view.identifier}" on what stands, or drop it`,
  })
}

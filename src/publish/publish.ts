import { type Connection, type Dependent, isRefusal } from '../adapters/adapter.ts'
import { databaseDiagnostic, type FailedStatement } from '../compile/database-diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import type { RunStep } from '../events/events.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { brokenConstraint } from '../materialization/contract/violation.ts'
import type { Candidate } from '../run/candidates.ts'
import { commentedConnection } from '../run/commented-connection.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { isCandidateOf } from '../sql/candidate-name.ts'
import { type Relation, relationKey } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import { readVersions } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'
import { forgetRelations, forgetVersions, recordHistory, recordRelations, recordVersions } from '../state/write.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { applyGrants } from './apply-grants.ts'
import { boundViews, brokenViews, orphanedViews, viewBroken } from './bound-views.ts'
import { commit } from './commit.ts'
import {
  type CandidateColumns,
  isPerValue,
  needsColumns,
  type OwnedStatement,
  type PlanInput,
  type PublicationPlan,
  planPublication,
  vanishedRelations,
} from './plan.ts'
import { inTransactionHooks } from './post-hooks.ts'
import type { Publication } from './publication.ts'
import { inNameOf, PublicationError } from './publication-error.ts'

/**
 * Publishes the candidates of these nodes in one transaction: whatever readers see, they see all of it or nothing of it.
 * `record` gives the statements that write the run's own record; they commit with the data.
 *
 * Throws `UserError` when a statement or the COMMIT fails; nothing is published then.
 */
export async function publish(
  environment: RunEnvironment,
  connection: Connection,
  nodes: ReadonlySet<UniqueId>,
  record: (relations: readonly PublishedRelation[]) => readonly string[],
): Promise<Publication> {
  const start = performance.now()
  const step = (name: RunStep) => environment.emit({ kind: 'step', name })
  const { dialect } = environment.adapter
  const candidates = inGraphOrder(environment, nodes)
  // Where each is published by itself, the others are still at work, and none of them stands on what is not published.
  const beside = environment.publish === 'each' ? [] : environment.candidates.viewsBeside(candidates)
  step('publish')
  environment.emit({ kind: 'publish-started', relations: candidates.length })
  let relations: readonly PublishedRelation[]
  let filledAgain: ReadonlySet<string>
  try {
    const planner = await preparePlan(environment, connection, candidates, nodes)
    let plan = planPublication(planner.input)
    const orphans = await workingOrphans(environment, connection, plan)
    await connection.begin()
    step('merge')
    await sendOwned(environment, connection, plan.merges)
    step('swap')
    plan = await lockAndPlanAgain(environment, connection, planner, plan)
    // Where views hang on each other, what goes now may not go before what stands on it.
    await sendOurs(
      environment,
      connection,
      beside.map(({ relation, kind }) => sql(dialect.drop(relation, kind))),
    )
    await sendOurs(environment, connection, plan.asides)
    await sendOwned(environment, connection, plan.swaps)
    step('views')
    await sendOwned(environment, connection, plan.views)
    await applyGrants(environment, connection, candidates)
    await inTransactionHooks(environment, connection, candidates)
    await bindUnselectedViews(environment, connection, plan, orphans)
    await sendOurs(environment, connection, plan.cleanup)
    step('state')
    filledAgain = nodesFilledAgain(environment, plan)
    relations = await withCounts(environment, connection, plan, candidates)
    await recordState(environment, connection, plan, relations, record)
    step('commit')
    await commit(environment, connection, relations)
  } catch (error) {
    await connection.rollback()
    throw inOurName(environment, error)
  }
  environment.candidates.areGone(candidates)
  environment.candidates.wereDropped(beside)
  const seconds = (performance.now() - start) / 1000
  return { relations, seconds, filledAgain, candidates }
}

function nodesFilledAgain({ catalog }: RunEnvironment, { views }: PublicationPlan): ReadonlySet<string> {
  const made = views.flatMap(({ dependent }) => (dependent?.kind === 'materialized_view' ? [dependent.relation] : []))
  return new Set(made.flatMap((relation) => catalog.stateOf(relation)?.nodeId ?? []))
}

function inGraphOrder(environment: RunEnvironment, nodes: ReadonlySet<UniqueId>): readonly Candidate[] {
  const level = (candidate: Candidate) => environment.graph.level(candidate.node.id)
  return environment.candidates
    .unpublished()
    .filter((candidate) => nodes.has(candidate.node.id))
    .sort((a, b) => level(a) - level(b) || (a.node.id < b.node.id ? -1 : a.node.id > b.node.id ? 1 : 0))
}

interface Planner {
  readonly input: PlanInput
  /** Everything that may be replaced or dropped. */
  readonly standing: readonly Relation[]
}

async function preparePlan(
  environment: RunEnvironment,
  connection: Connection,
  candidates: readonly Candidate[],
  nodes: ReadonlySet<UniqueId>,
): Promise<Planner> {
  const { dialect, database } = environment.adapter
  const base = {
    dialect,
    database,
    runId: environment.runId,
    mark: environment.mark,
    targetSchema: environment.project.target.schema,
    publishedAt: environment.clock(),
    candidates,
    perValue: [...nodes].flatMap((id) => environment.manifest.nodes.get(id) ?? []).filter(isPerValue),
    catalog: environment.catalog,
    versions: await readVersions(connection, dialect, environment.project.target.schema),
    defaultVersions: environment.versions,
    upstreamOf: (candidate: Candidate) => upstreamOf(environment, candidate),
  }
  const standing = [
    ...candidates.filter(({ existing }) => existing !== undefined).map(({ target }) => target),
    ...vanishedRelations(base).map(({ schema, identifier }) => ({ database, schema, identifier })),
  ]
  const attachments = await connection.attachments(standing, isOurs(environment))
  const columns = new Map<Candidate, CandidateColumns>()
  for (const candidate of candidates) {
    if (!needsColumns({ dialect, attachments }, candidate)) continue
    columns.set(candidate, {
      published: await connection.columnsOf(candidate.target),
      candidate: await connection.columnsOf(candidate.candidate),
    })
  }
  const indexes = await connection.listIndexes(standing)
  return { input: { ...base, attachments, columns, indexes }, standing }
}

/** Nobody else uses what is swapped from here on. What hangs on it is read again: it may have changed until now. */
async function lockAndPlanAgain(
  environment: RunEnvironment,
  connection: Connection,
  { input, standing }: Planner,
  plan: PublicationPlan,
): Promise<PublicationPlan> {
  await explained(environment, { subject: 'publishing' }, () =>
    connection.lock(plan.locks, { waitMs: environment.lockWaitMs, signal: environment.signal }),
  )
  const attachments = await connection.attachments(standing, isOurs(environment))
  return planPublication({ ...input, attachments })
}

function isOurs({ mark }: RunEnvironment): (identifier: string) => boolean {
  return (identifier) => isCandidateOf(mark, identifier)
}

function upstreamOf({ graph, manifest, adapter }: RunEnvironment, { node }: Candidate): readonly string[] {
  return [...graph.ancestors(node.id)].flatMap((id) => {
    const found = findGraphNode(manifest, id)
    if (!found || !('relation' in found) || !found.relation) return []
    return [relationKey({ database: adapter.database, ...found.relation })]
  })
}

async function sendOwned(
  environment: RunEnvironment,
  connection: Connection,
  statements: readonly OwnedStatement[],
): Promise<void> {
  for (const { owner, statement, dependent } of statements) {
    environment.signal.throwIfAborted()
    const node = environment.manifest.nodes.get(owner)
    if (dependent) {
      await inNameOf(owner, () => makeAgain(connection, statement, dependent))
      continue
    }
    if (statement.kind === 'sql') environment.recordSent(owner, statement.sql)
    const subject = node ? `publishing ${node.kind} ${node.name}` : `publishing ${owner}`
    const place = statement.kind === 'sql' ? statement.place : undefined
    const failed = { subject, fallback: place ?? node?.place, ofIndexes: node?.configPlaces.get('indexes') }
    const sender = node ? await commentedConnection(environment, connection, node) : connection
    const send = () => execute(sender, statement)
    await inNameOf(owner, () => explained(environment, failed, send, node))
  }
}

/** A view that is not of this run, and that had to go aside for it. */
async function makeAgain(connection: Connection, statement: Statement, dependent: Dependent): Promise<void> {
  try {
    await execute(connection, statement)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const hint = `change "${dependent.relation.identifier}", or undo the change that it depends on`
    throw new UserError(viewBroken(dependent.relation, error, { hint }), { cause: error })
  }
}

async function sendOurs(
  environment: RunEnvironment,
  connection: Connection,
  statements: readonly Statement[],
): Promise<void> {
  for (const statement of statements) {
    await explained(environment, { subject: 'publishing' }, () => execute(connection, statement))
  }
}

async function execute(connection: Connection, statement: Statement): Promise<void> {
  invariant(statement.kind === 'sql', 'a publication loads no files')
  await connection.execute(statement.sql)
}

/** What the engine said no with, where it is in nobody else's name. */
function inOurName({ adapter }: RunEnvironment, error: unknown): unknown {
  if (!isRefusal(error)) return error
  return new UserError(databaseDiagnostic(error, { subject: 'publishing', engine: adapter.dialect.name }), {
    cause: error,
  })
}

async function explained<Result>(
  environment: RunEnvironment,
  failed: Omit<FailedStatement, 'engine'>,
  work: () => Promise<Result>,
  node?: RunnableNode,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isRefusal(error)) throw error
    const broken = brokenConstraint(node, error)
    if (broken) throw new UserError(broken, { cause: error })
    const engine = environment.adapter.dialect.name
    throw new UserError(databaseDiagnostic(error, { ...failed, engine }), { cause: error })
  }
}

/** Orphaned views that work. One that is broken already is broken by somebody else. */
async function workingOrphans(
  environment: RunEnvironment,
  connection: Connection,
  plan: PublicationPlan,
): Promise<readonly PublishedRelation[]> {
  const orphans = orphanedViews(environment, plan)
  const broken = await brokenViews(environment.adapter, connection, orphans)
  return orphans.filter((view) => !broken.has(view))
}

/**
 * Before COMMIT every view of ours that this run did not build, and that reads what it swapped, must still bind, and so must
 * the orphans. Otherwise the publication would leave a broken view behind.
 */
async function bindUnselectedViews(
  environment: RunEnvironment,
  connection: Connection,
  plan: PublicationPlan,
  orphans: readonly PublishedRelation[],
): Promise<void> {
  const { adapter, graph } = environment
  const bound = boundViews(environment, plan.relations)
  const nodes = new Map(bound.map(({ view, node }) => [view, node]))
  const broken = await brokenViews(adapter, connection, [...nodes.keys(), ...orphans])
  if (broken.size === 0) return
  const diagnostics: Diagnostic[] = []
  const culprits = new Set<string>()
  for (const [view, error] of broken) {
    const node = nodes.get(view)
    const name = node?.name ?? view.identifier
    const hint = orphans.includes(view)
      ? 'no model of the project is this view any more: drop it, or keep what it reads'
      : `select "${name}" too, or undo the change that it depends on`
    diagnostics.push(viewBroken(view, error, { ...(node ? { place: node.place } : {}), hint }))
    const read = node ? graph.ancestors(node.id) : relationsIn(view, plan, adapter)
    for (const id of read) culprits.add(id)
  }
  const owners = plan.relations.map((relation) => relation.nodeId as UniqueId).filter((id) => culprits.has(id)) // our own rows
  throw new PublicationError(owners, diagnostics)
}

/** The nodes of the relations that an orphan names; all where it names none, and reads them by other views. */
function relationsIn(
  { definition = '' }: PublishedRelation,
  { relations }: PublicationPlan,
  { dialect, database }: RunEnvironment['adapter'],
): readonly string[] {
  const named = relations.filter(({ schema, identifier }) => {
    return definition.includes(dialect.render({ database, schema, identifier }))
  })
  return (named.length > 0 ? named : relations).map(({ nodeId }) => nodeId)
}

/** The rows as they will be published: counted and measured in this transaction, never taken from a clock. */
async function withCounts(
  environment: RunEnvironment,
  connection: Connection,
  plan: PublicationPlan,
  candidates: readonly Candidate[],
): Promise<readonly PublishedRelation[]> {
  const { dialect } = environment.adapter
  const relations: PublishedRelation[] = []
  for (const [index, relation] of plan.relations.entries()) {
    const node = candidates[index]?.node
    const eventTime = node?.config.event_time
    if (relation.kind === 'view' || (relation.rows !== undefined && eventTime === undefined)) {
      relations.push(relation)
      continue
    }
    const from = dialect.render({ database: environment.adapter.database, ...relation })
    const watermark = eventTime === undefined ? 'null' : `cast(max(${eventTime}) as varchar)`
    const place = node?.configPlaces.get('event_time') ?? node?.place
    const { rows } = await explained(environment, { subject: `publishing ${node?.name}`, fallback: place }, () =>
      connection.query(`select count(*), ${watermark} from ${from}`),
    )
    const measured = rows[0]?.[1] ?? null
    relations.push({
      ...relation,
      rows: Number(rows[0]?.[0] ?? 0),
      ...(measured === null ? {} : { watermark: String(measured) }),
    })
  }
  return relations
}

async function recordState(
  environment: RunEnvironment,
  connection: Connection,
  plan: PublicationPlan,
  relations: readonly PublishedRelation[],
  record: (relations: readonly PublishedRelation[]) => readonly string[],
): Promise<void> {
  const { dialect } = environment.adapter
  const statements = [
    ...recordRelations(dialect, relations),
    ...forgetRelations(dialect, plan.vanished),
    ...forgetVersions(dialect, plan.dropped),
    ...recordVersions(dialect, plan.retained),
    ...recordHistory(dialect, plan.history),
    ...record(relations),
  ]
  await sendOurs(environment, connection, statements.map(sql))
}

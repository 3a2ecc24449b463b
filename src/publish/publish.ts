import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import { DatabaseError } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import type { RunStep } from '../events/events.ts'
import type { Candidate } from '../run/candidates.ts'
import { databaseDiagnostic } from '../run/database-diagnostic.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import { readVersions } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'
import { forgetRelations, forgetVersions, recordHistory, recordRelations, recordVersions } from '../state/write.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { boundViews } from './bound-views.ts'
import { commit } from './commit.ts'
import { isPerValue, type OwnedStatement, type PublicationPlan, planPublication } from './plan.ts'
import { inTransactionHooks } from './post-hooks.ts'
import { inNameOf, PublicationError } from './publication-error.ts'

export interface Publication {
  readonly relations: readonly PublishedRelation[]
  readonly seconds: number
  /** What was published: hooks that run after the COMMIT want it. */
  readonly candidates: readonly Candidate[]
}

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
  const candidates = inGraphOrder(environment, nodes)
  step('publish')
  environment.emit({ kind: 'publish-started', relations: candidates.length })
  const plan = await makePlan(environment, connection, candidates, nodes)
  let relations: readonly PublishedRelation[]
  await connection.begin()
  try {
    step('merge')
    await sendOwned(environment, connection, plan.merges)
    step('swap')
    await sendOwned(environment, connection, plan.swaps)
    step('views')
    await sendOwned(environment, connection, plan.views)
    await inTransactionHooks(environment, connection, candidates)
    await bindUnselectedViews(environment, connection, plan)
    await sendOurs(environment, connection, plan.cleanup)
    step('state')
    relations = await withCounts(environment, connection, plan, candidates)
    await recordState(environment, connection, plan, relations, record)
    step('commit')
    await commit(environment, connection, relations)
  } catch (error) {
    await connection.rollback()
    throw error
  }
  environment.candidates.areGone(candidates)
  const seconds = (performance.now() - start) / 1000
  return { relations, seconds, candidates }
}

function inGraphOrder(environment: RunEnvironment, nodes: ReadonlySet<UniqueId>): readonly Candidate[] {
  const level = (candidate: Candidate) => environment.graph.level(candidate.node.id)
  return environment.candidates
    .unpublished()
    .filter((candidate) => nodes.has(candidate.node.id))
    .sort((a, b) => level(a) - level(b) || (a.node.id < b.node.id ? -1 : a.node.id > b.node.id ? 1 : 0))
}

async function makePlan(
  environment: RunEnvironment,
  connection: Connection,
  candidates: readonly Candidate[],
  nodes: ReadonlySet<UniqueId>,
): Promise<PublicationPlan> {
  const { dialect } = environment.adapter
  const columns = new Map<Candidate, readonly ColumnInfo[]>()
  for (const candidate of candidates) {
    if (candidate.build.mode === 'merge') columns.set(candidate, await connection.columnsOf(candidate.target))
  }
  return planPublication({
    dialect,
    database: environment.adapter.database,
    runId: environment.runId,
    mark: environment.mark,
    targetSchema: environment.project.target.schema,
    publishedAt: new Date().toISOString(),
    candidates,
    perValue: [...nodes].flatMap((id) => environment.manifest.nodes.get(id) ?? []).filter(isPerValue),
    catalog: environment.catalog,
    versions: await readVersions(connection, dialect, environment.project.target.schema),
    defaultVersions: environment.versions,
    publishedColumns: (candidate) => columns.get(candidate) ?? [],
  })
}

async function sendOwned(
  environment: RunEnvironment,
  connection: Connection,
  statements: readonly OwnedStatement[],
): Promise<void> {
  for (const { owner, statement } of statements) {
    environment.signal.throwIfAborted()
    const node = environment.manifest.nodes.get(owner)
    if (statement.kind === 'sql') environment.recordSent(owner, statement.sql)
    const subject = node ? `publishing ${node.kind} ${node.name}` : `publishing ${owner}`
    await inNameOf(owner, () => explained(environment, subject, node?.place, () => execute(connection, statement)))
  }
}

async function sendOurs(
  environment: RunEnvironment,
  connection: Connection,
  statements: readonly Statement[],
): Promise<void> {
  for (const statement of statements) {
    await explained(environment, 'publishing', undefined, () => execute(connection, statement))
  }
}

async function execute(connection: Connection, statement: Statement): Promise<void> {
  invariant(statement.kind === 'sql', 'a publication loads no files')
  await connection.execute(statement.sql)
}

async function explained<Result>(
  environment: RunEnvironment,
  subject: string,
  place: Parameters<typeof databaseDiagnostic>[1]['fallback'] | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code === 'interrupted') throw error
    const engine = environment.adapter.dialect.name
    const failed = { subject, engine, ...(place ? { fallback: place } : {}) }
    throw new UserError(databaseDiagnostic(error, failed), { cause: error })
  }
}

/**
 * Before COMMIT every view of ours that this run did not build, and that reads what it swapped, must still bind. Otherwise
 * the publication would leave a broken view behind.
 */
async function bindUnselectedViews(
  environment: RunEnvironment,
  connection: Connection,
  plan: PublicationPlan,
): Promise<void> {
  const broken: Diagnostic[] = []
  const culprits = new Set<UniqueId>()
  for (const { view, node } of boundViews(environment, plan.relations)) {
    const relation: Relation = { database: environment.adapter.database, ...view }
    try {
      await connection.describeQuery(`select * from ${environment.adapter.dialect.render(relation)}`)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code === 'interrupted') throw error
      broken.push(
        problem('view-broken', `The view "${relationLabel(view)}" would no longer work: ${error.message}`, {
          ...(node ? { place: node.place } : {}),
          hint: `select "${node?.name ?? view.identifier}" too, or undo the change that it depends on`,
        }),
      )
      if (node) for (const id of environment.graph.ancestors(node.id)) culprits.add(id)
    }
  }
  const owners = plan.relations.map((relation) => relation.nodeId as UniqueId).filter((id) => culprits.has(id)) // our own rows
  if (broken.length > 0) throw new PublicationError(owners, broken)
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
    const { rows } = await explained(environment, `publishing ${node?.name}`, place, () =>
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

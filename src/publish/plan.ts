import { createHash } from 'node:crypto'
import type { Attachments, ColumnInfo, Dependent, ExistingIndex, LockTarget } from '../adapters/adapter.ts'
import { invariant } from '../diagnostics/errors.ts'
import type { Model, RunnableNode } from '../manifest/nodes.ts'
import { materializationFor } from '../materialization/index.ts'
import type { PublishSteps } from '../materialization/materialization.ts'
import { dropIndexes, indexesOn } from '../materialization/standing-indexes.ts'
import type { Candidate } from '../run/candidates.ts'
import type { Catalog } from '../run/catalog.ts'
import { candidateOf } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Relation, relationKey } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import type { HistoryRow, PublishedRelation, RetainedVersion } from '../state/rows.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { dependentsOf, inOrderOfReading, keyOf, obstaclesTo } from './dependents.ts'
import { cannotReplace, hasVanished } from './in-the-way.ts'
import { PublicationError } from './publication-error.ts'
import { retainedIdentifier, retentionOf, superfluous } from './retention.ts'

/** What one publication does, as data. */
export interface PublicationPlan {
  /** Rows written while everybody else goes on: deltas merged, rows replaced, copies made. */
  readonly merges: readonly OwnedStatement[]
  /** What nobody else may use from here until the COMMIT, because it is replaced, changed or dropped. */
  readonly locks: readonly LockTarget[]
  /** Views that are in the way of a swap and made again after it, and candidates that are views, downstream first. */
  readonly asides: readonly Statement[]
  /** Tables replaced by their candidates, and relations of vanished values dropped. */
  readonly swaps: readonly OwnedStatement[]
  /** Views, upstream first: those of this run, made from published names, and those that were in the way. */
  readonly views: readonly OwnedStatement[]
  /** What is left of the candidates. */
  readonly cleanup: readonly Statement[]
  readonly relations: readonly PublishedRelation[]
  readonly vanished: readonly PublishedRelation[]
  readonly retained: readonly RetainedVersion[]
  readonly dropped: readonly RetainedVersion[]
  readonly history: readonly HistoryRow[]
}

export interface OwnedStatement {
  readonly owner: UniqueId
  readonly statement: Statement
  /** Set when it makes a view again that is not of this run. */
  readonly dependent?: Dependent
}

export interface PlanInput {
  readonly dialect: Dialect
  readonly database: string
  readonly runId: string
  readonly mark: string
  readonly targetSchema: string
  /** ISO 8601 in UTC. */
  readonly publishedAt: string
  /** In the order of the graph. */
  readonly candidates: readonly Candidate[]
  /** The nodes of this publication that are one relation per value; without candidates where no value is left. */
  readonly perValue: readonly Model[]
  readonly catalog: Catalog
  readonly versions: readonly RetainedVersion[]
  /** How many replaced versions are kept of nodes that do not say. */
  readonly defaultVersions: number
  /** What hangs on the relations that stand in the places of candidates or have vanished. */
  readonly attachments: Attachments
  /** The indexes of these relations. */
  readonly indexes: readonly ExistingIndex[]
  /** The columns of the published relation and of the candidate, as far as `needsColumns` asked for them. */
  readonly columns: ReadonlyMap<Candidate, CandidateColumns>
  /** The keys of everything that a candidate's node is below in the graph. */
  readonly upstreamOf: (candidate: Candidate) => readonly string[]
}

export interface CandidateColumns {
  readonly published: readonly ColumnInfo[]
  readonly candidate: readonly ColumnInfo[]
}

/**
 * Lists the statements that publish these candidates. Nothing is sent. Throws `PublicationError` when something that hangs
 * on a relation neither survives its replacement nor can be made again.
 */
export function planPublication(input: PlanInput): PublicationPlan {
  const parts = input.candidates.map((candidate) => planCandidate(input, candidate))
  const vanished = vanishedRelations(input)
  const gone = vanished.map((state) => ({ state, ...removeVanished(input, state) }))
  const disturbed = [
    ...parts.filter(({ steps }) => steps.effect === 'replaces').map(({ candidate }) => keyOfTarget(candidate)),
    ...gone.map(({ state }) => stateKey(input, state)),
  ]
  const inTheWay = dependentsOf(input.attachments, disturbed)
  refuse(input, parts, gone, inTheWay)
  const retained = [...parts.map(({ version }) => version), ...gone.map(({ version }) => version)]
  const dropped = parts.flatMap((part) => part.dropped)
  return {
    merges: parts.flatMap(({ candidate, steps }) => owned(candidate.node.id, steps.data)),
    locks: locksOf(input, parts, gone, inTheWay),
    asides: [...viewCandidates(input), ...dropAside(input, inTheWay)],
    swaps: [
      ...parts.filter(({ isView }) => !isView).flatMap(({ candidate, steps }) => owned(candidate.node.id, steps.swap)),
      ...gone.flatMap(({ statements }) => statements),
    ],
    views: viewStatements(input, parts, inTheWay),
    cleanup: [...cleanupOf(input, parts), ...dropped.flatMap((version) => dropVersion(input, version))],
    relations: parts.map(({ next }) => next),
    vanished,
    retained: retained.filter((version) => version !== undefined),
    dropped,
    history: [
      ...parts.map(({ next }) => ({ ...changeOf(input, next), runId: input.runId })),
      ...vanished.map((relation) => changeOf(input, relation)),
    ],
  }
}

function changeOf(
  { runId, publishedAt, targetSchema }: PlanInput,
  { schema, identifier }: PublishedRelation,
): HistoryRow {
  return { schema, identifier, targetSchema, changedBy: runId, changedAt: publishedAt }
}

/**
 * Whether the columns of a candidate and of what stands in its place decide how it is published, so that they have to be
 * read.
 */
export function needsColumns(
  { dialect, attachments }: Pick<PlanInput, 'dialect' | 'attachments'>,
  candidate: Candidate,
): boolean {
  const { build, existing, node } = candidate
  if (build.mode === 'merge') return true
  if (existing === undefined) return false
  if (build.candidateKind === 'view') return existing.kind === 'view' && dialect.viewsKeepColumns
  return existing.kind === 'table' && (node.config.swap === 'in_place' || isHeld(attachments, candidate))
}

function isHeld(attachments: Attachments, candidate: Candidate): boolean {
  return obstaclesTo(attachments, keyOfTarget(candidate)).length > 0
}

/** One candidate's part of a publication. */
interface Part {
  readonly candidate: Candidate
  readonly next: PublishedRelation
  readonly steps: PublishSteps
  /** It becomes a view, materialized or not, and is made when everything that it may read is there. */
  readonly isView: boolean
  readonly version: RetainedVersion | undefined
  readonly dropped: readonly RetainedVersion[]
}

function planCandidate(input: PlanInput, candidate: Candidate): Part {
  const next = publishedRow(input, candidate)
  const keep = candidate.node.config.versions ?? input.defaultVersions
  const retention = retentionOf({
    dialect: input.dialect,
    versions: keep,
    // What somebody took away or put there is not the version that we published.
    replaced: candidate.existing && input.catalog.stateOf(candidate.target),
    next,
  })
  return {
    candidate,
    next,
    steps: stepsOf(input, candidate, retention.retainAs),
    isView: candidate.build.becomes !== 'table',
    version: retention.version,
    dropped: superfluous(input.versions, next, Math.max(0, keep - (retention.version ? 1 : 0))),
  }
}

function stepsOf(input: PlanInput, candidate: Candidate, retainAs: string | undefined): PublishSteps {
  const materialization = materializationFor(candidate.node.config.materialized)
  invariant(materialization, `no materialization "${candidate.node.config.materialized}"`)
  const columns = input.columns.get(candidate)
  return materialization.publish({
    dialect: input.dialect,
    compiled: candidate.compiled,
    target: candidate.target,
    candidate: candidate.candidate,
    auxiliary: (purpose) => candidateOf(candidate.target, input.mark, input.dialect.maxIdentifierBytes, purpose),
    existing: candidate.existing,
    build: candidate.build,
    ...(candidate.contract ? { contract: candidate.contract } : {}),
    publishedColumns: columns?.published ?? [],
    publishedIndexes: indexesOn(input.indexes, candidate.target),
    candidateColumns: candidate.columns.length > 0 ? candidate.columns : (columns?.candidate ?? []),
    inPlace: staysInPlace(input, candidate),
    privileges: input.attachments.relations.get(keyOfTarget(candidate))?.privileges ?? [],
    ...(retainAs === undefined ? {} : { retainAs }),
  })
}

/** The published table stays where that is asked for, or where something hangs on it that has to; its columns must fit. */
function staysInPlace(input: PlanInput, candidate: Candidate): boolean {
  if (candidate.existing?.kind !== 'table') return false
  if (candidate.node.config.swap !== 'in_place' && !isHeld(input.attachments, candidate)) return false
  if (candidate.build.mode === 'merge') return true
  const columns = input.columns.get(candidate)
  return columns !== undefined && haveSameColumns(columns)
}

function haveSameColumns({ published, candidate }: CandidateColumns): boolean {
  const types = new Map(published.map(({ name, type }) => [name, type]))
  return published.length === candidate.length && candidate.every(({ name, type }) => types.get(name) === type)
}

interface Gone {
  readonly state: PublishedRelation
  readonly statements: readonly OwnedStatement[]
}

/** Whatever would have to be dropped and must stay, or would be made again over something that is gone. */
function refuse(input: PlanInput, parts: readonly Part[], gone: readonly Gone[], inTheWay: readonly Dependent[]): void {
  for (const { candidate, steps } of parts) {
    if (steps.effect !== 'replaces') continue
    const obstacles = obstaclesTo(input.attachments, keyOfTarget(candidate))
    if (obstacles.length > 0) {
      throw new PublicationError([candidate.node.id], [cannotReplace(candidate, obstacles)])
    }
  }
  const ours = new Set(parts.map(({ candidate }) => keyOfTarget(candidate)))
  for (const { state } of gone) {
    const key = stateKey(input, state)
    const readers = dependentsOf(input.attachments, [key]).filter((dependent) => !ours.has(keyOf(dependent)))
    if (readers.length > 0) throw new PublicationError([state.nodeId as UniqueId], [hasVanished(state, readers)]) // our own row
  }
  invariant(
    inTheWay.every(({ stays }) => stays === undefined),
    'a view that has to stay is in the way',
  )
}

function locksOf(
  input: PlanInput,
  parts: readonly Part[],
  gone: readonly Gone[],
  inTheWay: readonly Dependent[],
): readonly LockTarget[] {
  const targets: LockTarget[] = [
    ...parts.flatMap(({ candidate, steps }) => {
      const { target, existing } = candidate
      return existing === undefined || steps.effect === 'rows' ? [] : [{ relation: target, kind: existing.kind }]
    }),
    ...gone.map(({ state }) => ({ relation: relationOf(input, state), kind: state.kind })),
    ...inTheWay,
  ]
  return [...new Map(targets.map(({ relation, kind }) => [relationKey(relation), { relation, kind }])).values()]
}

/** Candidates that are views go before anything that they read does. */
function viewCandidates({ dialect, candidates }: PlanInput): readonly Statement[] {
  return candidates
    .filter(({ build }) => build.becomes !== 'table')
    .toReversed()
    .map(({ candidate }) => sql(dialect.drop(candidate, 'view')))
}

function dropAside({ dialect }: PlanInput, inTheWay: readonly Dependent[]): readonly Statement[] {
  const ordered = inOrderOfReading(inTheWay.map((dependent) => ({ ...dependent, key: keyOf(dependent) })))
  return ordered.toReversed().map(({ relation, kind }) => sql(dialect.drop(relation, kind)))
}

/** The views of this run and those that had to go aside, each after what it reads. */
function viewStatements(
  input: PlanInput,
  parts: readonly Part[],
  inTheWay: readonly Dependent[],
): readonly OwnedStatement[] {
  const views = parts.filter(({ isView }) => isView)
  // A view that this run replaces, be it by a table, is not made again.
  const ours = new Set(parts.map(({ candidate }) => keyOfTarget(candidate)))
  const wereAside = new Set(inTheWay.map(keyOf))
  const own = views.map(({ candidate, steps }) => {
    const key = keyOfTarget(candidate)
    const made = wereAside.has(key) ? (steps.anew ?? steps.swap) : steps.swap
    return { key, reads: input.upstreamOf(candidate), statements: owned(candidate.node.id, made) }
  })
  const others = inTheWay
    .filter((dependent) => !ours.has(keyOf(dependent)))
    .map((dependent) => ({
      key: keyOf(dependent),
      reads: dependent.reads,
      statements: dependent.create.map((text) => ({
        owner: ownerOf(input, parts, dependent),
        statement: sql(text),
        dependent,
      })),
    }))
  return inOrderOfReading([...own, ...others]).flatMap(({ statements }) => statements)
}

/** The node whose replacement made a view go aside: the first of those that it reads. */
function ownerOf(input: PlanInput, parts: readonly Part[], dependent: Dependent): UniqueId {
  const part = parts.find(
    ({ candidate, steps }) =>
      steps.effect === 'replaces' && dependentsOf(input.attachments, [keyOfTarget(candidate)]).includes(dependent),
  )
  const owner = part?.candidate.node.id ?? parts[0]?.candidate.node.id
  invariant(owner, 'a view went aside for nothing')
  return owner
}

function owned(owner: UniqueId, statements: readonly Statement[]): readonly OwnedStatement[] {
  return statements.map((statement) => ({ owner, statement }))
}

function keyOfTarget({ target }: Candidate): string {
  return relationKey(target)
}

function relationOf({ database }: PlanInput, { schema, identifier }: PublishedRelation): Relation {
  return { database, schema, identifier }
}

function stateKey(input: PlanInput, state: PublishedRelation): string {
  return relationKey(relationOf(input, state))
}

function publishedRow(input: PlanInput, candidate: Candidate): PublishedRelation {
  const { node, target, build, compiled } = candidate
  // A post-hook may have changed the candidate's rows since they were counted.
  const hasHooks = node.config.post_hook.some((hook) => hook.transaction)
  const counted = build.mode === 'replace' && candidate.rows !== undefined && !hasHooks
  return {
    schema: target.schema,
    identifier: target.identifier,
    targetSchema: input.targetSchema,
    nodeId: node.id,
    kind: build.becomes,
    materialization: node.config.materialized,
    runId: input.runId,
    publishedAt: input.publishedAt,
    fingerprint: fingerprintOf(candidate),
    ...(counted ? { rows: candidate.rows } : {}),
    ...(build.becomes === 'table' ? {} : { definition: compiled.publishedSql }),
  }
}

/** Equal for two builds exactly when the same SQL was built in the same way. */
function fingerprintOf(candidate: Candidate): string {
  const { compiled, node } = candidate
  const shape = JSON.stringify([node.config.materialized, node.checksum, compiled.publishedSql])
  return createHash('sha256').update(shape).digest('hex')
}

/** Relations of `per_value` nodes whose value is gone. */
export function vanishedRelations(
  input: Pick<PlanInput, 'perValue' | 'candidates' | 'catalog'>,
): readonly PublishedRelation[] {
  const nodes = new Set<string>(input.perValue.map((node) => node.id))
  const standing = new Set(input.candidates.map(({ target }) => nameKey(target)))
  return input.catalog.states.filter((state) => nodes.has(state.nodeId) && !standing.has(nameKey(state)))
}

export function isPerValue(node: RunnableNode): node is Model {
  return node.kind === 'model' && node.config.per_value !== undefined
}

function nameKey(name: { readonly schema: string; readonly identifier: string }): string {
  return `${name.schema}\u0000${name.identifier}`.toLowerCase()
}

/** The relation of a vanished value is dropped, or kept as a version where the node keeps versions. */
function removeVanished(
  input: PlanInput,
  state: PublishedRelation,
): { readonly statements: readonly OwnedStatement[]; readonly version?: RetainedVersion } {
  const relation = relationOf(input, state)
  const owner = state.nodeId as UniqueId // we wrote the row
  const node = input.perValue.find((candidate) => candidate.id === owner)
  const isKept = (node?.config.versions ?? input.defaultVersions) > 0 && input.catalog.kindOf(relation) === 'table'
  if (!isKept || state.kind !== 'table') {
    return { statements: [{ owner, statement: sql(input.dialect.drop(relation, state.kind)) }] }
  }
  const retainedAs = retainedIdentifier(state.identifier, state.runId, input.dialect.maxIdentifierBytes)
  const statements = [
    ...dropIndexes(input.dialect, relation, indexesOn(input.indexes, relation)),
    sql(input.dialect.rename(relation, 'table', retainedAs)),
  ]
  return {
    statements: statements.map((statement) => ({ owner, statement })),
    version: { ...state, replacedBy: input.runId, retainedAs },
  }
}

/** Whatever the candidates consisted of and is not published now. Candidates that are views are gone by then. */
function cleanupOf(input: PlanInput, parts: readonly Part[]): readonly Statement[] {
  return parts
    .flatMap(({ candidate, steps, isView }) => {
      const became = steps.becomesPublished?.physical
      return isView ? [] : candidate.build.makes.filter(({ relation }) => relation.physical !== became)
    })
    .toReversed()
    .map(({ relation, kind }) => sql(input.dialect.drop(relation, kind)))
}

function dropVersion(input: PlanInput, version: RetainedVersion): readonly Statement[] {
  if (version.retainedAs === undefined) return []
  const relation: Relation = { database: input.database, schema: version.schema, identifier: version.retainedAs }
  return [sql(input.dialect.drop(relation, 'table'))]
}

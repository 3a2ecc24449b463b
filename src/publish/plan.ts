import { createHash } from 'node:crypto'
import type { ColumnInfo } from '../adapters/adapter.ts'
import { invariant } from '../diagnostics/errors.ts'
import type { Model, RunnableNode } from '../manifest/nodes.ts'
import { materializationFor } from '../materialization/index.ts'
import type { Candidate } from '../run/candidates.ts'
import type { Catalog } from '../run/catalog.ts'
import { candidateOf } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import type { HistoryRow, PublishedRelation, RetainedVersion } from '../state/rows.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { retainedIdentifier, retentionOf, superfluous } from './retention.ts'

/** What one publication does, as data. */
export interface PublicationPlan {
  /** Deltas merged into their tables. */
  readonly merges: readonly OwnedStatement[]
  /** Tables replaced by their candidates, and relations of vanished values dropped. */
  readonly swaps: readonly OwnedStatement[]
  /** Views, upstream first, made from published names. */
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
  /** The columns of the published relation, for candidates that are merged. */
  readonly publishedColumns: (candidate: Candidate) => readonly ColumnInfo[]
}

/** Lists the statements that publish these candidates. Nothing is sent. */
export function planPublication(input: PlanInput): PublicationPlan {
  const merges: OwnedStatement[] = []
  const swaps: OwnedStatement[] = []
  const views: OwnedStatement[] = []
  const retained: RetainedVersion[] = []
  const dropped: RetainedVersion[] = []
  const relations: PublishedRelation[] = []
  for (const candidate of input.candidates) {
    const next = publishedRow(input, candidate)
    const keep = candidate.node.config.versions ?? input.defaultVersions
    const retention = retentionOf({
      dialect: input.dialect,
      versions: keep,
      // What somebody took away or put there is not the version that we published.
      replaced: candidate.existing && input.catalog.stateOf(candidate.target),
      next,
    })
    relations.push(next)
    if (retention.version) retained.push(retention.version)
    dropped.push(...superfluous(input.versions, next, Math.max(0, keep - (retention.version ? 1 : 0))))
    const owned = statementsOf(input, candidate, retention.retainAs)
    const isMerge = candidate.build.mode === 'merge' && retention.retainAs === undefined
    const group = isMerge
      ? merges
      : candidate.build.candidateKind === 'view' && candidate.build.mode === 'replace'
        ? views
        : swaps
    group.push(...owned)
  }
  const vanished = vanishedRelations(input)
  for (const state of vanished) {
    const gone = removeVanished(input, state)
    swaps.push(gone.statement)
    if (gone.version) retained.push(gone.version)
  }
  return {
    merges,
    swaps,
    views,
    cleanup: [...cleanupOf(input), ...dropped.flatMap((version) => dropVersion(input, version))],
    relations,
    vanished,
    retained,
    dropped,
    history: [
      ...relations.map((relation) => ({ ...changeOf(input, relation), runId: input.runId })),
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

function statementsOf(input: PlanInput, candidate: Candidate, retainAs: string | undefined): readonly OwnedStatement[] {
  const materialization = materializationFor(candidate.node.config.materialized)
  invariant(materialization, `no materialization "${candidate.node.config.materialized}"`)
  const auxiliary = (purpose: string) =>
    candidateOf(candidate.target, input.mark, input.dialect.maxIdentifierBytes, purpose)
  const statements = materialization.publish({
    dialect: input.dialect,
    compiled: candidate.compiled,
    target: candidate.target,
    candidate: candidate.candidate,
    auxiliary,
    existing: candidate.existing,
    build: candidate.build,
    publishedColumns: input.publishedColumns(candidate),
    candidateColumns: candidate.columns,
    ...(retainAs === undefined ? {} : { retainAs }),
  })
  return statements.map((statement) => ({ owner: candidate.node.id, statement }))
}

function publishedRow(input: PlanInput, candidate: Candidate): PublishedRelation {
  const { node, target, build, compiled } = candidate
  const isView = build.mode === 'replace' && build.candidateKind === 'view'
  // A post-hook may have changed the candidate's rows since they were counted.
  const hasHooks = node.config.post_hook.some((hook) => hook.transaction)
  const counted = build.mode === 'replace' && candidate.rows !== undefined && !hasHooks
  return {
    schema: target.schema,
    identifier: target.identifier,
    targetSchema: input.targetSchema,
    nodeId: node.id,
    kind: isView ? 'view' : 'table',
    materialization: node.config.materialized,
    runId: input.runId,
    publishedAt: input.publishedAt,
    fingerprint: fingerprintOf(candidate),
    ...(counted ? { rows: candidate.rows } : {}),
    ...(isView ? { definition: compiled.publishedSql } : {}),
  }
}

/** Equal for two builds exactly when the same SQL was built in the same way. */
function fingerprintOf(candidate: Candidate): string {
  const { compiled, node } = candidate
  const shape = JSON.stringify([node.config.materialized, node.checksum, compiled.publishedSql])
  return createHash('sha256').update(shape).digest('hex')
}

/** Relations of `per_value` nodes whose value is gone. */
function vanishedRelations(input: PlanInput): readonly PublishedRelation[] {
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
): { readonly statement: OwnedStatement; readonly version?: RetainedVersion } {
  const relation: Relation = { database: input.database, schema: state.schema, identifier: state.identifier }
  const owner = state.nodeId as UniqueId // we wrote the row
  const node = input.perValue.find((candidate) => candidate.id === owner)
  const isKept = (node?.config.versions ?? input.defaultVersions) > 0 && input.catalog.kindOf(relation) === 'table'
  if (!isKept || state.kind === 'view') {
    return { statement: { owner, statement: sql(input.dialect.drop(relation, state.kind)) } }
  }
  const retainedAs = retainedIdentifier(state.identifier, state.runId, input.dialect.maxIdentifierBytes)
  return {
    statement: { owner, statement: sql(input.dialect.rename(relation, 'table', retainedAs)) },
    version: { ...state, replacedBy: input.runId, retainedAs },
  }
}

/** Whatever the candidates consisted of and is not published now: a table that replaces was renamed and is no longer there. */
function cleanupOf(input: PlanInput): readonly Statement[] {
  return input.candidates
    .flatMap(({ build, candidate }) => {
      const isRenamed = build.mode === 'replace' && build.candidateKind === 'table'
      return build.makes.filter(({ relation }) => !(isRenamed && relation.physical === candidate.physical))
    })
    .toReversed()
    .map(({ relation, kind }) => sql(input.dialect.drop(relation, kind)))
}

function dropVersion(input: PlanInput, version: RetainedVersion): readonly Statement[] {
  if (version.retainedAs === undefined) return []
  const relation: Relation = { database: input.database, schema: version.schema, identifier: version.retainedAs }
  return [sql(input.dialect.drop(relation, 'table'))]
}

import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import { materializationFor, mergesIntoPublished } from '../materialization/index.ts'
import type { Build, Check, Existing, Materialization } from '../materialization/materialization.ts'
import { readSeed } from '../materialization/seed/read.ts'
import { candidateOf } from '../sql/candidate-name.ts'
import { type Relation, relationLabel } from '../sql/relation.ts'
import type { Span } from '../text/source-file.ts'
import type { Candidate } from './candidates.ts'
import { contractOf, foreignKeyChecks } from './contract.ts'
import type { RunEnvironment } from './environment.ts'
import { runHooks } from './hooks.ts'
import { perValueTargets } from './per-value.ts'
import { located, type Sender, send } from './send.ts'

type BuiltNode = Model | Seed | Snapshot

/** What building a node gave: the rows of its candidate (of all its candidates, for one relation per value). */
export interface BuiltNodeSummary {
  readonly rows?: number
  readonly relations: number
}

/**
 * Builds the candidate of a node: compile, materialize, send, check. Throws `UserError` when something is wrong with the
 * node; what was made by then is remembered and dropped with the run.
 */
export async function buildNode(
  environment: RunEnvironment,
  connection: Connection,
  node: BuiltNode,
): Promise<BuiltNodeSummary> {
  const materialization = materializationFor(node.config.materialized)
  invariant(materialization, `no materialization "${node.config.materialized}"`)
  const targets =
    node.kind === 'model' && node.config.per_value
      ? await perValueTargets(environment, connection, node)
      : [{ relation: relationOf(node), value: undefined }]
  environment.candidates.begin(node.id)
  let rows: number | undefined
  for (const target of targets) {
    const candidate = await buildCandidate(environment, connection, node, materialization, target)
    environment.candidates.add(candidate)
    if (candidate.rows !== undefined) rows = (rows ?? 0) + candidate.rows
  }
  return { relations: targets.length, ...(rows === undefined ? {} : { rows }) }
}

function relationOf(node: BuiltNode): Relation {
  invariant(node.relation, `${node.id} has no relation`)
  return node.relation
}

async function buildCandidate(
  environment: RunEnvironment,
  connection: Connection,
  node: BuiltNode,
  materialization: Materialization,
  target: { readonly relation: Relation; readonly value: unknown },
): Promise<Candidate> {
  const { dialect } = environment.adapter
  const relation = target.relation
  const named = (purpose?: string) => candidateOf(relation, environment.mark, dialect.maxIdentifierBytes, purpose)
  const existing = await existingOf(environment, connection, node, relation)
  const fullRefresh = node.config.full_refresh ?? environment.fullRefresh
  const isIncremental = isIncrementalBuild(environment, node, relation, existing, fullRefresh)
  if (existing?.columns.length) await refuseEmptied(environment, connection, node, relation)
  const subject = { thisRelation: relation, isIncremental, fullRefresh, value: target.value }
  await runHooks(environment, connection, node, node.config.pre_hook, 'pre-hook', subject)
  const compiled = await environment.compiler.compile(connection, node, subject)
  const sender: Sender = {
    id: node.id,
    compiled,
    failed: { compiled, subject: `${node.kind} ${node.name}`, fallback: fallbackPlace(node) },
  }
  const contract = await contractOf(environment, connection, compiled, sender)
  const build = materialization.build({
    compiled,
    dialect,
    target: relation,
    candidate: named(),
    auxiliary: named,
    existing,
    fullRefresh,
    runStartedAt: environment.project.runStartedAt,
    ...(contract ? { contract } : {}),
    ...(node.kind === 'seed' ? { seed: await readSeed(node, dialect) } : {}),
  })
  environment.candidates.willMake(build.makes)
  const filled = await send(environment, connection, build.statements, sender)
  const columns = await finish(environment, connection, build, named(), sender)
  const parents = await foreignKeyChecks(environment, connection, { node, contract, candidate: named(), subject })
  await runChecks(environment, connection, parents, sender)
  const rows = build.counts && (await countRows(environment, connection, build, filled))
  const candidate: Candidate = {
    node,
    target: relation,
    candidate: named(),
    existing,
    compiled,
    subject,
    build,
    ...(contract ? { contract } : {}),
    columns,
    ...(rows === undefined ? {} : { rows }),
  }
  if (build.mode === 'replace' && build.candidateKind === 'table') {
    const hooks = node.config.post_hook.filter((hook) => hook.transaction)
    await runHooks(environment, connection, node, hooks, 'post-hook', { ...subject, thisRelation: named() }, compiled)
  }
  return candidate
}

/** A seed has no SQL of its own: what the engine may not know are its types. */
function fallbackPlace(node: BuiltNode): Span {
  return (node.kind === 'seed' ? node.configPlaces.get('column_types') : undefined) ?? node.place
}

/** Runs what depends on the columns just built, and the checks; returns the columns. */
async function finish(
  environment: RunEnvironment,
  connection: Connection,
  build: Build,
  candidate: Relation,
  sender: Sender,
): Promise<readonly ColumnInfo[]> {
  if (!build.finish) return []
  const columns = await connection.columnsOf(build.finish.describe)
  const finished = build.finish.complete(columns)
  for (const diagnostic of finished.warnings ?? []) environment.emit({ kind: 'diagnostic', diagnostic })
  await send(environment, connection, finished.statements, sender)
  await runChecks(environment, connection, finished.checks, sender)
  invariant(candidate.physical, 'a candidate has a physical name')
  return columns
}

/** Throws `UserError` for the first row that a check finds. */
async function runChecks(
  environment: RunEnvironment,
  connection: Connection,
  checks: readonly Check[],
  sender: Sender,
): Promise<void> {
  for (const check of checks) {
    const found = await located(environment, sender, { kind: 'sql', sql: check.sql }, () => connection.query(check.sql))
    const row = found.rows[0]
    if (!row) continue
    const diagnostic = check.diagnostic(
      row,
      found.columns.map((column) => column.name),
    )
    throw new UserError({ ...(sender.failed.fallback ? { place: sender.failed.fallback } : {}), ...diagnostic })
  }
}

/**
 * The rows of what a build counts. The engine told them where that is what the main statement filled, which is the first
 * relation made; otherwise they are counted.
 */
async function countRows(
  environment: RunEnvironment,
  connection: Connection,
  { counts, makes }: Build,
  filled: number | undefined,
): Promise<number | undefined> {
  if (counts === undefined) return undefined
  if (filled !== undefined && makes[0]?.relation.physical === counts.physical) return filled
  const { rows } = await connection.query(`select count(*) from ${environment.adapter.dialect.render(counts)}`)
  return Number(rows[0]?.[0] ?? 0)
}

/** What stands under the published name; its columns are read only where the materialization merges into it. */
async function existingOf(
  environment: RunEnvironment,
  connection: Connection,
  node: BuiltNode,
  relation: Relation,
): Promise<Existing | undefined> {
  const kind = environment.catalog.kindOf(relation)
  if (kind === undefined) return undefined
  const merges = mergesIntoPublished(node.config.materialized)
  const state = environment.catalog.stateOf(relation)
  return {
    kind,
    columns: merges ? await connection.columnsOf(relation) : [],
    ...(kind === 'materialized_view' ? { indexes: await connection.listIndexes([relation]) } : {}),
    ...(state?.kind === kind && state.definition !== undefined ? { definition: state.definition } : {}),
  }
}

/** A crash of the server empties a table without a log. What was in it is not in the new rows, so nothing is added to it. */
async function refuseEmptied(
  environment: RunEnvironment,
  connection: Connection,
  node: BuiltNode,
  relation: Relation,
): Promise<void> {
  const { rows: recorded = 0 } = environment.catalog.stateOf(relation) ?? {}
  if (!node.config.unlogged || recorded === 0 || isRebuilt(environment, node)) return
  const { rows } = await connection.query(`select 1 from ${environment.adapter.dialect.render(relation)} limit 1`)
  if (rows.length > 0) return
  throw new UserError(
    problem(
      'unlogged-emptied',
      `The unlogged table "${relationLabel(relation)}" is empty; ${recorded} ${recorded === 1 ? 'row was' : 'rows were'} published.`,
      {
        place: node.configPlaces.get('unlogged') ?? node.place,
        subject: `${node.kind} ${node.name}`,
        hint:
          node.kind === 'snapshot'
            ? 'a crash of the server empties such a table: bring it back from a backup, and leave "unlogged" out'
            : 'a crash of the server empties such a table: run with --full-refresh to build it again',
      },
    ),
  )
}

function isRebuilt({ fullRefresh }: RunEnvironment, { config }: BuiltNode): boolean {
  return config.materialized === 'incremental' && (config.full_refresh ?? fullRefresh)
}

/**
 * Whether the node adds to the published table. A table that Lavra has no record of is never appended to: nobody knows
 * what it holds, and to rebuild it could lose what cannot be computed again.
 */
function isIncrementalBuild(
  environment: RunEnvironment,
  node: BuiltNode,
  relation: Relation,
  existing: Existing | undefined,
  fullRefresh: boolean,
): boolean {
  const merges = mergesIntoPublished(node.config.materialized)
  if (!merges || existing?.kind !== 'table') return false
  if (node.config.materialized === 'incremental' && fullRefresh) return false
  if (environment.catalog.stateOf(relation) === undefined) {
    throw new UserError(
      problem(
        'state-missing',
        `The table "${relationLabel(relation)}" exists, but Lavra has no record of having published it.`,
        {
          place: node.place,
          subject: `${node.kind} ${node.name}`,
          hint:
            node.kind === 'snapshot'
              ? 'rename the table away; its history cannot be computed again'
              : 'rename the table away, or run with --full-refresh to replace it',
        },
      ),
    )
  }
  return node.config.materialized === 'incremental'
}

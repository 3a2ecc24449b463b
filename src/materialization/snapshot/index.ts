import type { ColumnInfo } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { NodeBase } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { sql } from '../../sql/statement.ts'
import { describeKey } from '../describe-key.ts'
import { findColumn } from '../find-column.ts'
import { type PlannedColumn, planColumns } from '../incremental/columns.ts'
import { publishMerge } from '../incremental/publish.ts'
import { type Merge, mergedQuery, OLD } from '../incremental/strategies.ts'
import { checkIndexes } from '../indexes.ts'
import type {
  Build,
  BuildInput,
  Check,
  FinishedBuild,
  Materialization,
  PublishInput,
  PublishSteps,
} from '../materialization.ts'
import { createTableFrom, mainStatement, publishTable, SCRATCH_TABLE, tableOptions } from '../statements.ts'
import { indexesBeforeRename } from '../table.ts'
import { changesQuery, initialQuery, isCurrent } from './changes.ts'
import { duplicateKey, nullKey, snapshotOverView, unknownCheckColumn } from './problems.ts'
import { checkMetaColumns, resolveSql, type SnapshotSettings, snapshotSettings } from './settings.ts'

/**
 * The history of a query's rows, as dbt keeps it. The first run makes the table. Any other run reads the query once
 * into a table of its own, lists the changes against the published table as a delta, and shows the table as it will be
 * by a view. `--full-refresh` does not touch a snapshot: its history cannot be computed again.
 */
export const snapshot: Materialization = {
  name: 'snapshot',
  build: (input) => (input.existing === undefined ? buildFirst(input) : buildChanges(input)),
  publish: (input) => (input.build.mode === 'replace' ? publishTable(input, input.candidate) : publishChanges(input)),
}

function buildFirst(input: BuildInput): Build {
  const { compiled, dialect, candidate } = input
  const settings = snapshotSettings(compiled.node)
  const query = initialQuery({ dialect, settings, now: moment(input.runStartedAt) }, compiled.sql)
  return {
    candidateKind: 'table',
    becomes: 'table',
    mode: 'replace',
    makes: [{ relation: candidate, kind: 'table' }],
    statements: [mainStatement(input, dialect.createTableAs(candidate, query, tableOptions(compiled.node)))],
    counts: candidate,
    finish: {
      describe: candidate,
      complete: (columns) => ({
        statements: indexesBeforeRename(input, columns),
        checks: keyChecks({ node: compiled.node, settings, dialect, relation: candidate, columns }),
      }),
    },
  }
}

/** The query of a snapshot's first run: with any moment, because it is only looked at. Throws `UserError` for its settings. */
export function initialSnapshotQuery(node: NodeBase, dialect: Dialect, query: string): string {
  const settings = snapshotSettings(node)
  return initialQuery({ dialect, settings, now: moment('1970-01-01T00:00:00Z') }, query)
}

/** Throws `UserError` for a column of `check_cols` that the query does not give. */
export function checkSnapshotColumns(node: NodeBase, columns: readonly ColumnInfo[]): void {
  checkComparedColumns(node, snapshotSettings(node), columns)
}

function buildChanges(input: BuildInput): Build {
  const { compiled, candidate, existing } = input
  const settings = snapshotSettings(compiled.node)
  if (existing && existing.kind !== 'table') throw new UserError(snapshotOverView(compiled.node))
  checkMetaColumns(compiled.node, settings.names, existing?.columns ?? [])
  const source = input.auxiliary('source')
  const delta = input.auxiliary('delta')
  return {
    candidateKind: 'view',
    becomes: 'table',
    mode: 'merge',
    makes: [
      { relation: source, kind: 'table' },
      { relation: delta, kind: 'table' },
      { relation: candidate, kind: 'view' },
    ],
    statements: createTableFrom(input, source, SCRATCH_TABLE),
    counts: delta,
    finish: { describe: source, complete: (columns) => finishChanges(input, settings, columns) },
  }
}

function finishChanges(
  input: BuildInput,
  settings: SnapshotSettings,
  sourceColumns: readonly ColumnInfo[],
): FinishedBuild {
  const { compiled, dialect, target, candidate } = input
  const { node } = compiled
  checkComparedColumns(node, settings, sourceColumns)
  const source = input.auxiliary('source')
  const delta = input.auxiliary('delta')
  const columns = planned({ node, dialect, settings, published: input.existing?.columns ?? [], sourceColumns })
  checkIndexes({ compiled, dialect, columns })
  const now = moment(input.runStartedAt)
  const query = changesQuery({ dialect, settings, now, target, source, sourceColumns, columns })
  const merge = mergeOf({ dialect, settings, target, delta, columns })
  return {
    statements: [
      sql(dialect.createTableAs(delta, query, SCRATCH_TABLE)),
      sql(dialect.createView(candidate, mergedQuery(merge))),
    ],
    checks: keyChecks({ node, settings, dialect, relation: source, columns: sourceColumns }),
  }
}

function publishChanges(input: PublishInput): PublishSteps {
  const { compiled, dialect, target } = input
  const settings = snapshotSettings(compiled.node)
  const columns = planned({
    node: compiled.node,
    dialect,
    settings,
    published: input.publishedColumns,
    sourceColumns: input.candidateColumns,
  })
  return publishMerge(input, mergeOf({ dialect, settings, target, delta: input.auxiliary('delta'), columns }))
}

/** Columns of the query that are new come last; those that are gone stay, and are null in new versions. */
function planned(input: {
  readonly node: NodeBase
  readonly dialect: Dialect
  readonly settings: SnapshotSettings
  readonly published: readonly ColumnInfo[]
  readonly sourceColumns: readonly ColumnInfo[]
}): readonly PlannedColumn[] {
  const { node, dialect, settings, published, sourceColumns } = input
  const { isDeleted } = settings.names
  const needsMark = settings.hardDeletes === 'new_record' && !findColumn(published, isDeleted)
  const fresh = [...sourceColumns, ...(needsMark ? [{ name: isDeleted, type: 'varchar' }] : [])]
  return planColumns({ node, dialect, mode: 'append_new_columns', published, fresh }).columns
}

/** The delta has every column in its final type, and replaces the current versions of its `scd_id`s. */
function mergeOf(input: {
  readonly dialect: Dialect
  readonly settings: SnapshotSettings
  readonly target: Relation
  readonly delta: Relation
  readonly columns: readonly PlannedColumn[]
}): Merge {
  const { dialect, settings, target, delta } = input
  const columns = input.columns.map((column) => ({ ...column, fresh: { name: column.name, type: column.type } }))
  return {
    dialect,
    target,
    delta,
    plan: { columns, dropped: [] },
    settings: {
      strategy: 'delete+insert',
      keys: [{ kind: 'column', name: settings.names.scdId }],
      allowsDuplicateKeys: true,
      // A version that ended stays, also when its row comes back as it was: both have the same `scd_id` then.
      predicates: [isCurrent({ dialect, settings, now: '' }, OLD)],
      updateColumns: [],
    },
  }
}

function checkComparedColumns(node: NodeBase, settings: SnapshotSettings, columns: readonly ColumnInfo[]): void {
  if (settings.strategy.kind !== 'check' || settings.strategy.columns === 'all') return
  const names = columns.map((column) => column.name)
  const problems: readonly Diagnostic[] = settings.strategy.columns
    .filter((name) => !findColumn(columns, name))
    .map((name) => unknownCheckColumn(node, name, didYouMean(name, names)))
  if (problems.length > 0) throw new UserError(problems)
}

/** A key that is null or not unique would corrupt the history without a word. */
function keyChecks(input: {
  readonly node: NodeBase
  readonly settings: SnapshotSettings
  readonly dialect: Dialect
  readonly relation: Relation
  readonly columns: readonly ColumnInfo[]
}): readonly Check[] {
  const { node, settings, dialect, relation, columns } = input
  const keys = settings.keys.map((key) => resolveSql(key, columns, dialect.quote))
  const list = keys.map((key, index) => `${key} as ${dialect.quote(settings.keys[index] ?? key)}`).join(', ')
  const from = `from ${dialect.render(relation)}`
  const positions = keys.map((_, index) => index + 1).join(', ')
  return [
    {
      sql: `select ${list}\n${from}\nwhere ${keys.map((key) => `${key} is null`).join(' or ')}\nlimit 1`,
      diagnostic: (row, names) => nullKey(node, describeKey(row, names)),
    },
    {
      sql: `select ${list}, count(*)\n${from}\ngroup by ${positions}\nhaving count(*) > 1\nlimit 1`,
      diagnostic: (row, names) => duplicateKey(node, describeKey(row.slice(0, -1), names), String(row.at(-1))),
    },
  ]
}

/** A moment of ISO 8601 in UTC as a timestamp without a zone, which is what dbt's snapshots have. */
function moment(iso: string): string {
  return `cast('${iso.replace('T', ' ').replace(/(Z|\+00:00)$/, '')}' as timestamp)`
}

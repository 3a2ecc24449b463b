import type { ColumnInfo } from '../../adapters/adapter.ts'
import type { Model, Seed, Snapshot } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { sql } from '../../sql/statement.ts'
import { checkIndexes } from '../indexes.ts'
import type {
  Build,
  BuildInput,
  FinishedBuild,
  Materialization,
  PublishInput,
  PublishSteps,
} from '../materialization.ts'
import { createTableFrom, publishTable, SCRATCH_TABLE } from '../statements.ts'
import { buildTable } from '../table.ts'
import { mergeChecks } from './checks.ts'
import { planColumns } from './columns.ts'
import { publishMerge } from './publish.ts'
import { incrementalSettings } from './settings.ts'
import { type Merge, mergedQuery } from './strategies.ts'

/**
 * A table that new rows are merged into. The first run, a full refresh and a relation that is a view build it whole.
 * Any other run builds the new rows as a table, the delta, and shows the table as it will be by a view over old and new
 * rows.
 */
export const incremental: Materialization = {
  name: 'incremental',
  build: (input) => (isWhole(input) ? buildTable(input) : buildDelta(input)),
  publish: (input) => (input.build.mode === 'replace' ? publishTable(input, input.candidate) : publishDelta(input)),
}

function isWhole({ existing, fullRefresh }: BuildInput): boolean {
  return existing?.kind !== 'table' || fullRefresh
}

function buildDelta(input: BuildInput): Build {
  const { candidate } = input
  const delta = input.auxiliary('delta')
  return {
    candidateKind: 'view',
    becomes: 'table',
    mode: 'merge',
    makes: [
      { relation: delta, kind: 'table' },
      { relation: candidate, kind: 'view' },
    ],
    statements: createTableFrom(input, delta, SCRATCH_TABLE),
    counts: delta,
    finish: { describe: delta, complete: (columns) => finishDelta(input, delta, columns) },
  }
}

function finishDelta(input: BuildInput, delta: Relation, columns: readonly ColumnInfo[]): FinishedBuild {
  const merge = planMerge({
    node: input.compiled.node,
    dialect: input.dialect,
    target: input.target,
    delta,
    published: input.existing?.columns ?? [],
    fresh: columns,
  })
  checkIndexes({ compiled: input.compiled, dialect: input.dialect, columns: merge.plan.columns })
  return {
    statements: [sql(input.dialect.createView(input.candidate, mergedQuery(merge)))],
    checks: mergeChecks(merge, input.compiled.node),
  }
}

function publishDelta(input: PublishInput): PublishSteps {
  const { compiled, dialect, target } = input
  const merge = planMerge({
    node: compiled.node,
    dialect,
    target,
    delta: input.auxiliary('delta'),
    published: input.publishedColumns,
    fresh: input.candidateColumns,
  })
  return publishMerge(input, merge)
}

function planMerge(input: {
  readonly node: Model | Seed | Snapshot
  readonly dialect: Dialect
  readonly target: Relation
  readonly delta: Relation
  readonly published: readonly ColumnInfo[]
  readonly fresh: readonly ColumnInfo[]
}): Merge {
  const { node, dialect, target, delta, published, fresh } = input
  const settings = incrementalSettings(node, fresh)
  const plan = planColumns({ node, dialect, mode: node.config.on_schema_change, published, fresh })
  return { dialect, target, delta, plan, settings }
}

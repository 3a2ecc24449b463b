import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { invariant, problem, UserError } from '../diagnostics/errors.ts'
import type { NodeBase, RunnableNode } from '../manifest/nodes.ts'
import type { Dialect, MaterializedViewDialect } from '../sql/dialect.ts'
import { physicalIdentifier } from '../sql/relation.ts'
import { type Statement, sql } from '../sql/statement.ts'
import { type IndexChanges, indexChanges } from './indexes.ts'
import type { BuildInput, FinishedBuild, Materialization, PublishInput, PublishSteps } from './materialization.ts'
import { comments, indexedTarget, mainStatement, makeRoom } from './statements.ts'

/**
 * A view whose rows are stored. Its candidate is a plain view, which shows the rows that will be. The published one is
 * filled anew where its query is the same, and made again where that changed, on a full refresh, and where it had to go
 * aside for something that it reads.
 */
export const materializedView: Materialization = {
  name: 'materialized_view',
  build(input) {
    const { compiled, dialect, candidate } = input
    return {
      candidateKind: 'view',
      becomes: 'materialized_view',
      mode: stays(input) ? 'refresh' : 'replace',
      makes: [{ relation: candidate, kind: 'view' }],
      statements: [mainStatement(input, dialect.createView(candidate, compiled.sql))],
      finish: { describe: candidate, complete: (columns) => finish({ ...input, columns }) },
    }
  },
  publish: (input) => (input.build.mode === 'refresh' ? refresh(input) : replace(input)),
}

function stays({ existing, compiled, fullRefresh }: BuildInput): boolean {
  return existing?.kind === 'materialized_view' && existing.definition === compiled.publishedSql && !fullRefresh
}

type Finishing = BuildInput & { readonly columns: readonly ColumnInfo[] }

/** What `on_configuration_change` says of indexes that are not as the config has them, where the relation stays. */
function finish(input: Finishing): FinishedBuild {
  const { compiled, dialect, target, candidate, columns, existing } = input
  const nothing = { statements: [], checks: [] }
  const standing = stays(input) ? (existing?.indexes ?? []) : []
  const indexed = { compiled, dialect, relation: target, salt: physicalIdentifier(candidate), columns }
  const { description } = indexChanges(indexed, standing)
  if (!stays(input) || description === '') return nothing
  switch (compiled.node.config.on_configuration_change) {
    case 'fail':
      throw new UserError(indexesChanged(compiled.node, description))
    case 'continue':
      return { ...nothing, warnings: [indexesLeft(compiled.node, description)] }
    default:
      return nothing
  }
}

function refresh(input: PublishInput): PublishSteps {
  const { dialect, target } = input
  const { drops, creates, kept } = appliedChanges(input)
  const described = comments(input, 'materialized_view')
  const again = kept.map(({ definition }) => sql(definition))
  return {
    data: [],
    // Rows that come may break an index that goes, and must not break one that comes.
    swap: [...drops, sql(views(dialect).refresh(target)), ...creates, ...described],
    anew: [create(input), ...again, ...creates, ...described, ...input.privileges.map(sql)],
    effect: 'extends',
  }
}

function appliedChanges(input: PublishInput): Pick<IndexChanges, 'drops' | 'creates' | 'kept'> {
  const { config } = input.compiled.node
  if (config.on_configuration_change !== 'continue') return indexChanges(indexedTarget(input), input.publishedIndexes)
  return { drops: [], creates: [], kept: input.publishedIndexes }
}

function replace(input: PublishInput): PublishSteps {
  const made = [
    create(input),
    ...indexChanges(indexedTarget(input), []).creates,
    ...comments(input, 'materialized_view'),
    ...input.privileges.map(sql),
  ]
  const effect = input.existing === undefined ? 'rows' : 'replaces'
  return { data: [], swap: [...makeRoom(input), ...made], anew: made, effect }
}

function create({ compiled, dialect, target }: PublishInput): Statement {
  return sql(views(dialect).create(target, compiled.publishedSql))
}

function views({ name, materializedViews }: Dialect): MaterializedViewDialect {
  invariant(materializedViews, `${name} has no materialized views`)
  return materializedViews
}

/** Refuses materialized views before a run on an engine that has none. Throws `UserError`. */
export function refuseMaterializedViews(nodes: Iterable<RunnableNode>, dialect: Dialect): void {
  if (dialect.materializedViews) return
  const problems = [...nodes]
    .filter(({ config }) => config.materialized === materializedView.name)
    .map((node) =>
      problem(
        'materialized-view-not-supported',
        `"${node.name}" is a materialized view, which ${dialect.name} does not have.`,
        {
          place: node.configPlaces.get('materialized') ?? node.place,
          subject: `${node.kind} ${node.name}`,
          hint: `use table, or decide by the engine: materialized=('table' if target.type == '${dialect.name}' else 'materialized_view')`,
        },
      ),
    )
  if (problems.length > 0) throw new UserError(problems)
}

function indexesChanged(node: NodeBase, description: string): Diagnostic {
  return problem(
    'configuration-changed',
    `The indexes of "${node.name}" are not those of its materialized view (${description}).`,
    {
      place: node.configPlaces.get('indexes') ?? node.configPlaces.get('on_configuration_change') ?? node.place,
      hint: "set on_configuration_change to 'apply', or make the view again with --full-refresh",
    },
  )
}

function indexesLeft(node: NodeBase, description: string): Diagnostic {
  return {
    ...problem(
      'configuration-changed',
      `The indexes of "${node.name}" are left as they are, although the config changed (${description}).`,
      {
        place: node.configPlaces.get('indexes') ?? node.configPlaces.get('on_configuration_change') ?? node.place,
        hint: "set on_configuration_change to 'apply', or make the view again with --full-refresh",
      },
    ),
    severity: 'warning',
  }
}

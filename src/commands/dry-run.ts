import type { Model, RunnableNode, Seed, Snapshot } from '../manifest/nodes.ts'
import { hasContract, writtenContract } from '../materialization/contract/contract.ts'
import { materializationFor, mergesIntoPublished } from '../materialization/index.ts'
import { refuseMaterializedViews } from '../materialization/materialized-view.ts'
import { readSeed } from '../materialization/seed/read.ts'
import { terminated } from '../materialization/statements.ts'
import { candidateOf, runMark } from '../sql/candidate-name.ts'
import type { Statement } from '../sql/statement.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type Inspection, inspect, subjectOf } from './inspect.ts'
import type { LoadedProject } from './load-project.ts'

/**
 * `--dry-run`: prints the statements that would build the candidates, in their order, and does nothing. What depends on
 * answers that only the run gives is marked as such.
 */
export async function dryRun(
  project: LoadedProject,
  selected: ReadonlySet<UniqueId>,
  flags: Flags,
  world: World,
): Promise<ExitCode> {
  const nodes = [...selected].flatMap((id) => project.manifest.nodes.get(id) ?? [])
  refuseMaterializedViews(nodes, project.context.dialect)
  await inspect(project, flags, async (inspection) => {
    for (const id of selected) {
      const node = project.manifest.nodes.get(id)
      if (!node || node.config.materialized === 'ephemeral') continue
      world.stdout.write(`${(await describe(project, inspection, node, flags)).join('\n')}\n\n`)
    }
  })
  return 0
}

async function describe(
  project: LoadedProject,
  inspection: Inspection,
  node: RunnableNode,
  flags: Flags,
): Promise<readonly string[]> {
  const title = `-- ${node.kind} ${node.name}`
  if (node.kind === 'model' && node.config.per_value) return [title, '-- one relation per value: known at run time']
  const compiled = await inspection.compiler.compile(inspection.connection, node, subjectOf(inspection, node, flags))
  if (compiled.node.kind === 'test') return [title, `${compiled.publishedSql.trim()};`]
  // Not a test, so it is one of the three that are built.
  const statements = await statementsOf(project, inspection, compiled as typeof compiled & { node: Buildable }, flags)
  return [title, ...statements]
}

type Buildable = Model | Seed | Snapshot

async function statementsOf(
  project: LoadedProject,
  inspection: Inspection,
  compiled: Awaited<ReturnType<Inspection['compiler']['compile']>> & { readonly node: Buildable },
  flags: Flags,
): Promise<readonly string[]> {
  const { node } = compiled
  const { dialect } = inspection.adapter
  const target = node.relation!
  const mark = runMark(project.context.invocationId)
  const named = (purpose?: string) => candidateOf(target, mark, dialect.maxIdentifierBytes, purpose)
  const kind = inspection.catalog.kindOf(target)
  const merges = mergesIntoPublished(node.config.materialized)
  const columns = kind && merges && inspection.connection ? await inspection.connection.columnsOf(target) : []
  const contract = hasContract(node) ? writtenContract(node) : undefined
  const build = materializationFor(node.config.materialized)!.build({
    compiled,
    dialect,
    target,
    candidate: named(),
    auxiliary: named,
    existing: kind ? { kind, columns } : undefined,
    fullRefresh: node.config.full_refresh ?? flags.fullRefresh ?? false,
    runStartedAt: project.context.runStartedAt,
    ...(contract ? { contract } : {}),
    ...(node.kind === 'seed' ? { seed: await readSeed(node, dialect) } : {}),
  })
  const rest = build.finish ? ['-- then, known at run time: what depends on the columns just built'] : []
  // With a contract the header runs when the columns are compared, before anything is made.
  const header = contract && node.config.sql_header
  return [...(header === undefined ? [] : [terminated(header)]), ...build.statements.map(textOf), ...rest]
}

function textOf(statement: Statement): string {
  return statement.kind === 'sql' ? `${statement.sql.trim()};` : `-- load ${statement.path}`
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { impactOf } from '../lineage/follow.ts'
import type { NodeColumnReference } from '../lineage/node-lineage.ts'
import { type ImpactReport, impactJson, impactText } from '../report/lineage-report.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import type { LoadedProject } from './load-project.ts'
import { type Traced, traceColumns } from './trace-columns.ts'

/** `lavra impact <column>`: what a change of a column's values reaches: columns, rows, exposures, tests. Reads no rows. */
export async function impact(flags: Flags, world: World, [name = '']: readonly string[]): Promise<ExitCode> {
  const traced = await traceColumns(flags, world, name, (project, { owner }) => {
    const below = graphOf(project.manifest).descendants([owner.id])
    return new Set([owner.id, ...[...below].filter((id) => project.manifest.nodes.get(id)?.kind !== 'test')])
  })
  if (isEphemeral(traced.owner)) throw new UserError(partOfOthers(traced))
  const report = impactReport(traced)
  world.stdout.write(flags.output === 'json' ? impactJson(report) : impactText(report, traced.label))
  return traced.hasProblems ? 1 : 0
}

function impactReport({ project, lineage, asked }: Traced): ImpactReport {
  const changed: NodeColumnReference = asked.length === 1 ? asked[0]! : { node: asked[0]!.node, column: undefined }
  const impacts = impactOf(lineage, changed, graphOf(project.manifest).topologicalOrder())
  const reached = new Set<UniqueId>([changed.node, ...impacts.map(({ node }) => node)])
  return { changed, impacts, ...readersOf(project, reached) }
}

function readersOf(
  { manifest }: LoadedProject,
  reached: ReadonlySet<UniqueId>,
): Pick<ImpactReport, 'exposures' | 'tests'> {
  const isReached = (ids: readonly UniqueId[]) => ids.some((id) => reached.has(id))
  const exposures = [...manifest.exposures.values()].filter(({ dependsOn }) => isReached(dependsOn))
  const tests = [...manifest.nodes.values()].filter((node) => node.kind === 'test' && isReached(node.dependsOn))
  return { exposures: exposures.map(({ name }) => name).sort(), tests: tests.map(({ name }) => name).sort() }
}

function isEphemeral(owner: Traced['owner']): boolean {
  return owner.kind === 'model' && owner.config.materialized === 'ephemeral'
}

/** Engines see one query: what goes through an ephemeral model comes from what that reads. */
function partOfOthers({ lineage, owner, label }: Traced): Diagnostic {
  const reads = lineage.nodes.get(owner.id)?.reads ?? []
  return problem(
    'ephemeral-is-inlined',
    `"${label(owner.id)}" is ephemeral: it is part of the queries that read it, which read what it reads.`,
    { place: owner.place, hint: `ask for a column of ${reads.map(label).join(' or ')}` },
  )
}

import { graphOf } from '../graph/from-manifest.ts'
import { impactOf } from '../lineage/follow.ts'
import type { NodeColumnReference } from '../lineage/project-lineage.ts'
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

import { type CheckReport, checkReport } from '../report/check-report.ts'
import { checkSelected } from './check-selected.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { isWhole } from './is-whole.ts'
import { loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'
import { usesColor } from './uses-color.ts'
import { writeBound } from './write-bound.ts'

/**
 * `lavra check`: binds the selected nodes, and what they read, against empty relations in the engine, and tells what it
 * refuses and what the rules of `check/` find in the selected nodes. Nothing is built, no row of a table is read, and the
 * target's database is left as it is.
 */
export async function check(flags: Flags, world: World): Promise<ExitCode> {
  const start = performance.now()
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  const selected = await selectNodes(project, flags, ['model', 'seed', 'snapshot', 'test', 'exposure'])
  reporter.close()
  const { binding, lineage, problems } = await checkSelected(project, flags, selected)
  if (isWhole(flags)) await writeBound(project, lineage)
  const report: CheckReport = {
    problems,
    bound: binding.bound,
    unknown: [...binding.unknown].flatMap(([id, reason]) => {
      const node = project.manifest.nodes.get(id)
      return node && node.kind !== 'test' ? [{ node: node.name, reason }] : []
    }),
    seconds: (performance.now() - start) / 1000,
  }
  const form = flags.output ?? (flags.github ? 'github' : 'text')
  world.stdout.write(checkReport(report, form, usesColor(flags, world)))
  return report.problems.some(({ severity }) => severity === 'error') ? 1 : 0
}

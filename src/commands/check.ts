import { checkedProject, type ProjectInput } from '../check/checked-project.ts'
import { type LintSeverities, lint } from '../check/lint.ts'
import { checkPanels } from '../check/panels.ts'
import { lintSeverities } from '../check/severities.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { withFates } from '../diagnostics/warning-policy.ts'
import { personalDataOf } from '../lineage/personal-data.ts'
import { type ProjectLineage, projectLineage } from '../lineage/project-lineage.ts'
import { type CheckReport, checkReport } from '../report/check-report.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { type Bound, bindSelected } from './bind-selected.ts'
import { openSqlParser } from './create-adapter.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
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
  const severities = lintSeverities(project.file)
  const { manifest } = project
  const { binding, lineage, found } = await bindSelected(
    project,
    flags,
    selected,
    { wantsLineage: true },
    async (bound) => {
      const known = projectLineage(manifest, bound.binding)
      return {
        binding: bound.binding,
        lineage: known,
        found: [
          ...(await panelProblems(project, selected, known, bound)),
          ...(await lintSelected({ manifest, selected, lineage: known, ...bound }, severities)),
        ],
      }
    },
  )
  if (isWhole(flags)) await writeBound(project, lineage)
  const report: CheckReport = {
    problems: withFates(project.warnings, [...binding.problems, ...found]),
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

async function lintSelected(
  input: Omit<ProjectInput, 'parser'>,
  severities: LintSeverities,
): Promise<readonly Diagnostic[]> {
  const parser = await openSqlParser()
  try {
    return await lint(checkedProject({ ...input, parser }), severities)
  } finally {
    parser.close()
  }
}

async function panelProblems(
  { manifest }: LoadedProject,
  selected: ReadonlySet<UniqueId>,
  lineage: ProjectLineage,
  { binding, dialect, connection }: Bound,
): Promise<readonly Diagnostic[]> {
  const exposures = [...selected].flatMap((id) => manifest.exposures.get(id) ?? [])
  const { columns, standIns } = binding
  const personalData = personalDataOf(manifest, lineage)
  return await checkPanels({
    manifest,
    dialect,
    exposures,
    columns,
    standIns,
    connection,
    classOf: (node, column) => personalData(node, column)?.class,
  })
}

/** Whether nothing is left out: what is written of a project is written of all of it. */
function isWhole({ select, exclude, resourceType, excludeResourceType }: Flags): boolean {
  return [select, exclude, resourceType, excludeResourceType].every((flag) => flag === undefined)
}

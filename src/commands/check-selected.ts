import { checkedProject, type ProjectInput } from '../check/checked-project.ts'
import { type LintSeverities, lint } from '../check/lint.ts'
import { checkPanels } from '../check/panels.ts'
import { lintSeverities } from '../check/severities.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { withFates } from '../diagnostics/warning-policy.ts'
import type { ProjectLineage } from '../lineage/node-lineage.ts'
import { personalDataOf } from '../lineage/personal-data.ts'
import { projectLineage } from '../lineage/project-lineage.ts'
import type { Binding } from '../shadow/bind-project.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { type Bound, bindSelected } from './bind-selected.ts'
import { openSqlParser } from './create-adapter.ts'
import type { Flags } from './flags.ts'
import type { LoadedProject } from './load-project.ts'

/** What is known of nodes without any of their rows. */
export interface Checked {
  readonly binding: Binding
  readonly lineage: ProjectLineage
  /** What the engine refuses, and what the rules of `check/` find; what the flags say of warnings is heeded. */
  readonly problems: readonly Diagnostic[]
}

/** Binds nodes and what they read against empty relations in the engine, and applies the rules of `check/` to them. */
export async function checkSelected(
  project: LoadedProject,
  flags: Flags,
  selected: ReadonlySet<UniqueId>,
): Promise<Checked> {
  const severities = lintSeverities(project.file)
  const { manifest } = project
  return await bindSelected(project, flags, selected, async (bound) => {
    const { binding } = bound
    const lineage = projectLineage(manifest, binding)
    const found = [
      ...(await panelProblems(project, selected, lineage, bound)),
      ...(await lintSelected({ manifest, selected, lineage, ...bound }, severities)),
    ]
    return { binding, lineage, problems: withFates(project.warnings, [...binding.problems, ...found]) }
  })
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

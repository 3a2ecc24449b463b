import { problem, UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { type Asked, type ColumnOwner, findNode, labelOf } from '../lineage/find-node.ts'
import type { NodeColumnReference, ProjectLineage } from '../lineage/node-lineage.ts'
import { projectLineage } from '../lineage/project-lineage.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { Label } from '../report/lineage-report.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { bindSelected } from './bind-selected.ts'
import type { Flags, World } from './flags.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { usesColor } from './uses-color.ts'

/** What was asked about columns, and what is known of them. */
export interface Traced {
  readonly project: LoadedProject
  readonly lineage: ProjectLineage
  readonly owner: ColumnOwner
  /** Columns that are there; one, or all of a node. */
  readonly asked: readonly NodeColumnReference[]
  readonly label: Label
  /** Whether something that was to be looked at is wrong; it was told. */
  readonly hasProblems: boolean
}

/** Binds what a column is asked about, and tells what is wrong there. Throws `UserError` for a name of nothing. */
export async function traceColumns(
  flags: Flags,
  world: World,
  name: string,
  nodesFor: (project: LoadedProject, asked: Asked) => ReadonlySet<UniqueId>,
): Promise<Traced> {
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  reporter.close()
  const asked = findNode(project.manifest, name)
  const binding = await bindSelected(project, flags, nodesFor(project, asked), async (bound) => bound.binding)
  for (const found of binding.problems) {
    world.stderr.write(`${formatDiagnostic(found, { color: usesColor(flags, world) })}\n\n`)
  }
  const lineage = projectLineage(project.manifest, binding)
  return {
    project,
    lineage,
    owner: asked.owner,
    asked: columnsAsked(lineage, asked, binding.unknown.get(asked.owner.id)),
    label: (id) => {
      const node = findGraphNode(project.manifest, id)
      return node === undefined || node.kind === 'test' || node.kind === 'exposure' ? id : labelOf(node)
    },
    hasProblems: binding.problems.length > 0,
  }
}

function columnsAsked(
  lineage: ProjectLineage,
  { owner, column }: Asked,
  reason: string | undefined,
): readonly NodeColumnReference[] {
  const columns = lineage.nodes.get(owner.id)?.columns
  const label = labelOf(owner)
  if (columns === undefined) {
    throw new UserError(
      problem(
        'columns-unknown',
        `The columns of "${label}" are not known${reason === undefined ? '' : `: ${reason}`}.`,
        {
          hint: '"lavra check" says what is wrong with it, or with what it reads',
        },
      ),
    )
  }
  const names = columns.map(({ name }) => name)
  if (column === undefined) return names.map((name) => ({ node: owner.id, column: name }))
  const found =
    names.find((name) => name === column) ?? names.find((name) => name.toLowerCase() === column.toLowerCase())
  if (found === undefined) {
    throw new UserError(
      problem('unknown-column', `"${label}" has no column "${column}".`, {
        hint: didYouMean(column, names) ?? `it has ${names.join(', ')}`,
      }),
    )
  }
  return [{ node: owner.id, column: found }]
}

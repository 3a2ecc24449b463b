import { DatabaseError } from '../../adapters/adapter.ts'
import { problem, UserError } from '../../diagnostics/errors.ts'
import { heedWarnings } from '../../diagnostics/warning-policy.ts'
import type { ProjectLineage } from '../../lineage/node-lineage.ts'
import { personalDataOf } from '../../lineage/personal-data.ts'
import { projectLineage } from '../../lineage/project-lineage.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { type ClassOfColumn, declaredClasses } from '../../manifest/personal-data.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { bindSelected } from '../bind-selected.ts'
import type { Flags } from '../flags.ts'
import type { LoadedProject } from '../load-project.ts'

/**
 * The classes of the columns that a report shows: those that are declared, and those that come with what a column is made of.
 * Where that cannot be found out, only what is declared is known, and a warning says so: the engine may let nobody bind the
 * project (a role that may only read, on Postgres), or the project may have mistakes.
 */
export async function classesOfReport(project: LoadedProject, flags: Flags, name: string): Promise<ClassOfColumn> {
  const { manifest } = project
  if (!declaresPersonalData(manifest)) return declaredClasses(manifest)
  const shown = nodesShown(manifest, name)
  const lineage = await lineageOf(project, flags, shown)
  const unknown = [...shown].flatMap((id) => (lineage.nodes.has(id) ? [] : (manifest.nodes.get(id)?.name ?? [])))
  if (unknown.length > 0) tellOnlyDeclared(project, unknown, lineage.reason)
  return classesFrom(manifest, lineage)
}

/** The classes that columns are declared to have, and those that come with what they are made of. */
export function classesFrom(manifest: Manifest, lineage: ProjectLineage): ClassOfColumn {
  const declared = declaredClasses(manifest)
  const personalData = personalDataOf(manifest, lineage)
  return (node, column) => personalData(node, column)?.class ?? declared(node, column)
}

interface Known extends ProjectLineage {
  /** Why nothing was bound. */
  readonly reason?: string
}

async function lineageOf(project: LoadedProject, flags: Flags, shown: ReadonlySet<UniqueId>): Promise<Known> {
  try {
    return await bindSelected(project, flags, shown, async (bound) => projectLineage(project.manifest, bound.binding))
  } catch (error) {
    if (!(error instanceof DatabaseError) && !(error instanceof UserError)) throw error
    return { nodes: new Map(), reason: error.message.split('\n')[0] ?? '' }
  }
}

function tellOnlyDeclared(project: LoadedProject, names: readonly string[], reason: string | undefined): void {
  const which = names.map((name) => `"${name}"`).join(', ')
  const warning = problem(
    'masks-of-declared-columns',
    `Only columns of ${which} that are declared to hold personal data are masked, because what ${names.length === 1 ? 'it reads' : 'they read'} cannot be bound.`,
    { severity: 'warning', hint: reason ?? '"lavra check" says what is wrong' },
  )
  for (const diagnostic of heedWarnings(project.warnings, [warning])) project.emit({ kind: 'diagnostic', diagnostic })
}

/** Whether any column of the project is declared to hold personal data. */
export function declaresPersonalData({ nodes, sources }: Manifest): boolean {
  return [...nodes.values(), ...sources.values()].some((node) =>
    node.columns.some(({ meta }) => meta.pii !== undefined),
  )
}

/** The nodes that a report of this name may show: those of an exposure, those of that name, or relations of values. */
function nodesShown({ nodes, exposures }: Manifest, name: string): ReadonlySet<UniqueId> {
  const wanted = name.toLowerCase()
  const ofExposures = [...exposures.values()].filter((exposure) => exposure.name.toLowerCase() === wanted)
  const named = [...nodes.values()].filter(
    (node) =>
      node.kind !== 'test' &&
      (node.name.toLowerCase() === wanted || (node.kind === 'model' && node.config.per_value !== undefined)),
  )
  return new Set([...ofExposures.flatMap(({ dependsOn }) => dependsOn), ...named.map(({ id }) => id)])
}

import { DatabaseError } from '../../adapters/adapter.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem, UserError } from '../../diagnostics/errors.ts'
import { personalDataOf } from '../../lineage/personal-data.ts'
import { projectLineage } from '../../lineage/project-lineage.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { type ClassOfColumn, declaredClasses } from '../../manifest/personal-data.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { bindSelected } from '../bind-selected.ts'
import type { Flags } from '../flags.ts'
import type { LoadedProject } from '../load-project.ts'

/** Which columns hold personal data, and what to tell of how that was found out. */
export interface Classes {
  readonly classOf: ClassOfColumn
  readonly warning?: Diagnostic
}

/**
 * The classes of the columns that a report shows: those that are declared, and those that come with what a column is made of.
 * Where the engine lets nobody bind the project (a role that may only read, on Postgres), only what is declared is known.
 */
export async function classesOfReport(project: LoadedProject, flags: Flags, name: string): Promise<Classes> {
  const { manifest } = project
  const declared = declaredClasses(manifest)
  if (!declaresPersonalData(manifest)) return { classOf: declared }
  try {
    const lineage = await bindSelected(
      project,
      flags,
      nodesShown(manifest, name),
      { wantsLineage: true },
      async (bound) => projectLineage(manifest, bound.binding),
    )
    const personalData = personalDataOf(manifest, lineage)
    return { classOf: (node, column) => personalData(node, column)?.class ?? declared(node, column) }
  } catch (error) {
    if (!(error instanceof DatabaseError) && !(error instanceof UserError)) throw error
    return { classOf: declared, warning: onlyDeclared(error instanceof Error ? error.message : '') }
  }
}

function declaresPersonalData({ nodes, sources }: Manifest): boolean {
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

function onlyDeclared(reason: string): Diagnostic {
  return {
    ...problem(
      'masks-of-declared-columns',
      'Only columns that are declared to hold personal data are masked, because the project cannot be bound here.',
      {
        hint: reason.split('\n')[0] ?? '',
      },
    ),
    severity: 'warning',
  }
}

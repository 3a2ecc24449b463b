import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Manifest } from '../manifest.ts'

const BUILT = new Set(['view', 'table', 'incremental', 'materialized_view', 'ephemeral', 'seed', 'snapshot', 'test'])

/** What dbt has and this version of Lavra does not do: said before a run, never passed over in silence. */
export function checkNotSupported(manifest: Manifest): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const node of manifest.nodes.values()) {
    const { materialized } = node.config
    const isDefined = !BUILT.has(materialized) && definesMaterialization(manifest, materialized)
    if (isDefined) {
      diagnostics.push(
        problem(
          'materialization-not-supported',
          `The materialization "${materialized}" is the project's own, and Lavra does not run those yet.`,
          {
            place: node.configPlaces.get('materialized') ?? node.place,
            subject: `${node.kind} ${node.name}`,
            hint: 'use view, table, incremental or ephemeral',
          },
        ),
      )
    }
  }
  return diagnostics
}

function definesMaterialization(manifest: Manifest, name: string): boolean {
  return [...manifest.macros.values()].some((macro) => macro.name.startsWith(`materialization_${name}_`))
}

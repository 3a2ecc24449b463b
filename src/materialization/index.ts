import { ephemeral } from './ephemeral.ts'
import { incremental } from './incremental/index.ts'
import type { Materialization } from './materialization.ts'
import { materializedView } from './materialized-view.ts'
import { seed } from './seed.ts'
import { snapshot } from './snapshot/index.ts'
import { table } from './table.ts'
import { view } from './view.ts'

const materializations: ReadonlyMap<string, Materialization> = new Map(
  [view, materializedView, table, incremental, seed, snapshot, ephemeral].map((materialization) => [
    materialization.name,
    materialization,
  ]),
)

/** The materialization of a name as configs write it, or undefined when there is none. */
export function materializationFor(name: string): Materialization | undefined {
  return materializations.get(name)
}

/** Whether a materialization adds to the published table, so that the columns of that table matter to its build. */
export function mergesIntoPublished(name: string): boolean {
  return name === 'incremental' || name === 'snapshot'
}

/** Every name that `materialized` may have, for messages. */
export const materializationNames: readonly string[] = [...materializations.keys()]

import type { Snapshot } from '../manifest/nodes.ts'
import { snapshotSettings } from '../materialization/snapshot/settings.ts'
import { isSameName } from '../text/names.ts'
import type { NodeColumn, NodeColumnLineage, NodeInfluence, NodeLineage } from './node-lineage.ts'
import { referenceKey } from './reference-key.ts'

type Columns = Pick<NodeLineage, 'columns' | 'rows'>

/**
 * A snapshot's query gives what is current. Its table has a row for each change as well: what shows a change decides about
 * rows, and about the columns that the snapshot adds.
 */
export function withHistory<Lineage extends Columns>(snapshot: Snapshot, lineage: Lineage): Lineage {
  const { strategy, names } = snapshotSettings(snapshot)
  const added = new Set<string>(Object.values(names))
  const queried = lineage.columns.filter(({ name }) => !added.has(name))
  const watched = strategy.kind === 'timestamp' ? [strategy.updatedAt] : strategy.columns
  const named =
    watched === 'all' ? queried : queried.filter(({ name }) => watched.some((column) => isSameName(column, name)))
  // What is no column is SQL over columns, of which nobody knows which.
  const isKnown = watched === 'all' || named.length === watched.length
  const changes = inputsOf(isKnown ? named : queried)
  return {
    ...lineage,
    columns: lineage.columns.map((column) =>
      added.has(column.name) ? { ...column, inputs: joined(column.inputs, changes) } : column,
    ),
    rows: [...lineage.rows, ...changes.map(({ how: _, ...input }): NodeInfluence => ({ ...input, how: 'grouped' }))],
  }
}

function inputsOf(columns: readonly NodeColumnLineage[]): readonly NodeColumn[] {
  return joined(
    [],
    columns.flatMap(({ inputs }) => inputs),
  )
}

/** Both, no column twice; what comes second is derived. */
function joined(first: readonly NodeColumn[], second: readonly NodeColumn[]): readonly NodeColumn[] {
  const all = new Map(first.map((input) => [referenceKey(input), input]))
  for (const input of second) all.set(referenceKey(input), { ...input, how: 'derived' })
  return [...all.values()]
}

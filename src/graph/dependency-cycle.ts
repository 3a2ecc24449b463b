import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { findGraphNode, type Manifest } from '../manifest/manifest.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Dag } from './dag.ts'

/** Throws a `UserError` that points at every reference of a cycle, when there is one. */
export function refuseCycle(dag: Dag<UniqueId>, manifest: Manifest): void {
  const cycle = dag.findCycle()
  if (cycle) throw new UserError(dependencyCycle(cycle, manifest))
}

function dependencyCycle(cycle: readonly UniqueId[], manifest: Manifest): Diagnostic {
  const nameOf = (id: UniqueId) => findGraphNode(manifest, id)?.name ?? id
  // The cycle goes the way of the data; people read who reads whom.
  const readers = [cycle[0]!, ...cycle.slice(1).reverse()]
  const steps = readers.map((reader, index): RelatedPlace => {
    const read = readers[(index + 1) % readers.length]!
    const place = placeOfReference(reader, read, manifest)
    return { message: `"${nameOf(reader)}" reads "${nameOf(read)}" here`, ...(place ? { place } : {}) }
  })
  const [first, ...others] = steps
  const chain = others.map((_, index) => `"${nameOf(readers[index + 1]!)}"`)
  const message =
    readers.length === 1
      ? `"${nameOf(readers[0]!)}" reads itself.`
      : `"${nameOf(readers[0]!)}" reads itself by way of ${chain.join(', ')}.`
  return problem('dependency-cycle', message, {
    ...(first?.place ? { place: first.place } : {}),
    ...(others.length > 0 ? { related: others } : {}),
    hint: 'an incremental model reads its own former rows through "{{ this }}"',
  })
}

function placeOfReference(reader: UniqueId, read: UniqueId, manifest: Manifest) {
  const node = manifest.nodes.get(reader)
  if (!node || node.kind === 'seed') return node?.place
  return node.refs.find(({ id }) => id === read)?.call.place ?? node.place
}

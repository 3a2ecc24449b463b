import { findGraphNode, type Manifest } from '../../manifest/manifest.ts'
import type { GraphNode } from '../../manifest/nodes.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { CheckedQuery, Finding, Rule } from '../rule.ts'
import { type ResolvedSelect, starred } from '../sql/resolve.ts'
import type { Expression } from '../sql/tree.ts'

/** A column that is added, renamed or typed anew on the other side goes through, and nobody has decided that it should. */
export const starAcrossLayers: Rule = {
  code: 'star-across-layers',
  severity: 'warning',
  summary: 'A model takes over all columns of a source, or of a node of another folder, whatever they will be.',
  async find({ manifest, queries }) {
    return (await queries()).flatMap((query) => (query.node.kind === 'model' ? [...findingsOf(query, manifest)] : []))
  },
}

function* findingsOf(query: CheckedQuery, manifest: Manifest): Generator<Finding> {
  const layer = layerOf(query.node)
  for (const select of query.resolved.selects) {
    if (!select.isResult) continue
    for (const item of select.select.items) {
      const others = passedBy(item, select).flatMap((id) => {
        const node = findGraphNode(manifest, id)
        return node && (node.kind === 'source' || layerOf(node) !== layer) ? [node] : []
      })
      if (others[0]) yield finding(query, item, others[0])
    }
  }
}

function passedBy(item: Expression, { scope }: ResolvedSelect): readonly UniqueId[] {
  return starred(item, scope).flatMap(({ relation }) => relation.passes)
}

/** The first folder below the root of its kind: `silver`. What lies in none has the kind as its layer. */
function layerOf({ kind, fqn }: GraphNode): string {
  return fqn.length > 2 ? fqn[1]! : `${kind}s`
}

function finding({ node, placeOf }: CheckedQuery, star: Expression, other: GraphNode): Finding {
  const what =
    other.kind === 'source'
      ? `the source "${other.sourceName}.${other.name}"`
      : `"${other.name}", which lies in another layer`
  return {
    node: node.id,
    place: placeOf(star.at),
    message: `The model "${node.name}" takes over whatever columns it finds in ${what}.`,
    hint: 'name the columns that it gives',
  }
}

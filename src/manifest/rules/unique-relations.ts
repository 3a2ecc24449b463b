import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import { relationKey, relationLabel } from '../../sql/relation.ts'
import type { Manifest } from '../manifest.ts'
import type { RunnableNode } from '../nodes.ts'

/** Two nodes that would be one relation in the database; case is ignored, as databases do. */
export function checkUniqueRelations(manifest: Manifest): readonly Diagnostic[] {
  const first = new Map<string, RunnableNode>()
  const found: Diagnostic[] = []
  for (const node of manifest.nodes.values()) {
    if (node.kind === 'test' || !node.relation) continue
    const key = relationKey(node.relation)
    const before = first.get(key)
    if (before) found.push(relationDuplicate(node, before, relationLabel(node.relation)))
    else first.set(key, node)
  }
  return found
}

function relationDuplicate(node: RunnableNode, before: RunnableNode, label: string): Diagnostic {
  const message = `The ${node.kind} "${node.name}" and the ${before.kind} "${before.name}" would both be the relation ${label}.`
  return problem('relation-duplicate', message, {
    place: node.configPlaces.get('alias') ?? node.configPlaces.get('schema') ?? node.place,
    related: [{ message: `is "${before.name}"`, place: before.configPlaces.get('alias') ?? before.place }],
    hint: 'give one of them another "alias" or "schema"',
  })
}

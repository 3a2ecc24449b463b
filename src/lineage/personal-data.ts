import type { Manifest } from '../manifest/manifest.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { ColumnProperties } from '../manifest/nodes.ts'
import { classIn } from '../manifest/personal-data.ts'
import { plainName } from '../text/names.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { NodeColumnReference, ProjectLineage } from './node-lineage.ts'
import { referenceKey } from './reference-key.ts'

/** What is known of a column: the class of personal data in it, and where that was declared. */
export interface PersonalData {
  readonly class: string
  readonly declaredAt: NodeColumnReference
}

/**
 * Classes of personal data, which follow the lineage: a column without a declaration of its own has the class of what it
 * is made of, whatever is computed from it. `pii: false` declares that there is nothing personal in it any more.
 */
export function personalDataOf(
  manifest: Manifest,
  lineage: ProjectLineage,
): (node: UniqueId, column: string) => PersonalData | undefined {
  const known = new Map<string, PersonalData | undefined>()
  const find = (node: UniqueId, column: string): PersonalData | undefined => {
    const key = referenceKey({ node, column })
    if (known.has(key)) return known.get(key)
    // A model may read itself.
    known.set(key, undefined)
    const found = declaredOrInherited(node, column)
    known.set(key, found)
    return found
  }
  const declaredOrInherited = (node: UniqueId, column: string): PersonalData | undefined => {
    const declared = declarationOf(manifest, node, column)
    if (declared !== undefined)
      return declared === false ? undefined : { class: declared, declaredAt: { node, column } }
    const inputs =
      lineage.nodes.get(node)?.columns.find(({ name }) => plainName(name) === plainName(column))?.inputs ?? []
    for (const input of inputs) {
      const columns = input.column === undefined ? columnsOf(lineage, input.node) : [input.column]
      for (const each of columns) {
        const found = find(input.node, each)
        if (found) return found
      }
    }
    return undefined
  }
  return find
}

/** The class that a column is declared to have, false for "none", undefined where nothing is declared. */
export function declarationOf(manifest: Manifest, node: UniqueId, column: string): string | false | undefined {
  const properties = propertiesOf(manifest, node, column)
  if (properties?.meta.pii === undefined) return undefined
  return classIn(properties.meta.pii) ?? false
}

export function propertiesOf(manifest: Manifest, id: UniqueId, column: string): ColumnProperties | undefined {
  const node = findGraphNode(manifest, id)
  if (!node || !('columns' in node)) return undefined
  return node.columns.find(({ name }) => plainName(name) === plainName(column))
}

function columnsOf(lineage: ProjectLineage, node: UniqueId): readonly string[] {
  return lineage.nodes.get(node)?.columns.map(({ name }) => name) ?? []
}

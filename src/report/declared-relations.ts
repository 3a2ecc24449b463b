import type { ProjectLineage } from '../lineage/node-lineage.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Model, RunnableNode, Seed, Snapshot } from '../manifest/nodes.ts'
import { isSameName, plainName } from '../text/names.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { DeclaredColumn, DeclaredRelation } from './type-declarations.ts'

/**
 * The relations of a project with the types that the engine gave their columns, and what the project says of them. Models of
 * one relation per value are left out: only the data tells all of their columns.
 */
export function declaredRelations(manifest: Manifest, lineage: ProjectLineage): readonly DeclaredRelation[] {
  const required = neverNull(manifest)
  return [...manifest.nodes.values()].flatMap((node): readonly DeclaredRelation[] => {
    const known = lineage.nodes.get(node.id)
    if (!known || !isRelation(node)) return []
    const columns = known.columns.map(({ name, type }): DeclaredColumn => {
      const properties = node.columns.find((column) => isSameName(column.name, name))
      return {
        name,
        type,
        description: properties?.description ?? '',
        isRequired: required.has(keyOf(node.id, name)),
      }
    })
    const folder = node.kind === 'model' && node.fqn.length > 2 ? node.fqn[1]! : `${node.kind}s`
    return [{ folder, name: node.name, description: node.description, columns }]
  })
}

function isRelation(node: RunnableNode): node is Model | Seed | Snapshot {
  return node.kind !== 'test' && node.relation !== undefined && node.config.materialized !== 'ephemeral'
}

/** Columns that a test of all rows, or an enforced constraint, says are never null. */
function neverNull({ nodes }: Manifest): ReadonlySet<string> {
  const found = new Set<string>()
  for (const node of nodes.values()) {
    if (node.kind === 'test' && node.generic?.name === 'not_null' && node.config.where === undefined) {
      found.add(keyOf(node.generic.attachedTo, node.generic.columnName ?? ''))
    }
    if (node.kind !== 'model' || !node.config.contract.enforced) continue
    for (const { name, constraints } of node.columns) {
      if (constraints.some(({ type }) => type === 'not_null' || type === 'primary_key')) found.add(keyOf(node.id, name))
    }
  }
  return found
}

function keyOf(id: UniqueId, column: string): string {
  return `${id}\0${plainName(column)}`
}

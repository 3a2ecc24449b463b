import { findGraphNode, type Manifest } from '../manifest/manifest.ts'
import type { Binding } from '../shadow/bind-project.ts'
import type { ColumnReference } from '../sql/query-lineage.ts'
import { physicalIdentifier, type Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { NodeLineage, ProjectLineage } from './node-lineage.ts'
import { withHistory } from './snapshot-history.ts'

/**
 * Puts what the engine said of each query into the names of the project. Ephemeral models are part of the queries that read
 * them, so that nothing comes from them, and they have a lineage of their own. Relations that are no part of the project are
 * left out, and so are columns that an engine adds to every relation, such as the place of a row.
 */
export function projectLineage(manifest: Manifest, binding: Binding): ProjectLineage {
  const owners = new Map(
    [...binding.standIns].map(([id, relation]): [string, Owner] => [
      keyOfRelation(relation),
      { id, columns: new Set(binding.columns.get(id)?.map(({ name }) => name)) },
    ]),
  )
  const nodes = new Map<UniqueId, NodeLineage>()
  for (const [id, columns] of binding.columns) {
    const typed = columns.map(({ name, type }) => ({ name, type, inputs: [] }))
    const reads = readBy(manifest, id)
    if (!binding.lineage.has(id)) nodes.set(id, { columns: typed, rows: [], reads, hasQuery: false })
    else {
      const known = binding.lineage.get(id)
      const node = manifest.nodes.get(id)
      const described = known ? named(known, columns, owners) : everything(reads, typed)
      nodes.set(id, {
        ...(node?.kind === 'snapshot' ? withHistory(node, described) : described),
        reads,
        hasQuery: true,
      })
    }
  }
  return { nodes }
}

/** A node or source that queries can read. */
interface Owner {
  readonly id: UniqueId
  readonly columns: ReadonlySet<string>
}

type QueryColumns = NonNullable<ReturnType<Binding['lineage']['get']>>

function named(
  lineage: QueryColumns,
  columns: readonly { readonly type: string }[],
  owners: ReadonlyMap<string, Owner>,
): Omit<NodeLineage, 'reads' | 'hasQuery'> {
  const inProject = <Reference extends ColumnReference>(reference: Reference) => {
    const { schema, relation, ...rest } = reference
    const owner = owners.get(keyOf(schema, relation))
    if (owner === undefined || (rest.column !== undefined && !owner.columns.has(rest.column))) return []
    return [{ node: owner.id, ...rest }]
  }
  return {
    columns: lineage.columns.map(({ name, inputs }, index) => ({
      name,
      type: columns[index]?.type ?? '',
      inputs: inputs.flatMap(inProject),
    })),
    rows: lineage.rows.flatMap(inProject),
  }
}

function everything(
  reads: readonly UniqueId[],
  columns: NodeLineage['columns'],
): Omit<NodeLineage, 'reads' | 'hasQuery'> {
  const inputs = reads.map((node) => ({ node, column: undefined, how: 'derived' as const }))
  return {
    columns: columns.map((column) => ({ ...column, inputs })),
    rows: inputs.map((input) => ({ ...input, how: 'filtered' as const })),
    unknown: 'the engine does not say where the columns of its query come from',
  }
}

function readBy(manifest: Manifest, id: UniqueId): readonly UniqueId[] {
  const node = findGraphNode(manifest, id)
  return node && 'dependsOn' in node ? relationsRead(manifest, node.dependsOn) : []
}

/** What a query reads through ephemeral models is what they read. */
function relationsRead(manifest: Manifest, ids: readonly UniqueId[]): readonly UniqueId[] {
  const read = ids.flatMap((id) => {
    const node = manifest.nodes.get(id)
    return node?.kind === 'model' && node.config.materialized === 'ephemeral'
      ? relationsRead(manifest, node.dependsOn)
      : [id]
  })
  return [...new Set(read)]
}

function keyOfRelation(relation: Relation): string {
  return keyOf(relation.schema, physicalIdentifier(relation))
}

function keyOf(schema: string, identifier: string): string {
  return `${schema}\0${identifier}`.toLowerCase()
}

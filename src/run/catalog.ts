import type { Connection, ExistingRelation } from '../adapters/adapter.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import { relationKey } from '../sql/relation.ts'
import type { PublishedRelation } from '../state/rows.ts'

/**
 * What stood in the database when the run began, read once: the run plans against this and nobody else can change it,
 * because the run holds the lease.
 */
export interface Catalog {
  /** The kind of a published relation, or undefined when there is none of that name. */
  kindOf(relation: Relation): RelationKind | undefined
  /** What `_lavra` says of a published relation; undefined when Lavra did not publish it. */
  stateOf(relation: Relation): PublishedRelation | undefined
  /** What Lavra has published for this node on this target: several relations for one relation per value. */
  statesOfNode(nodeId: string): readonly PublishedRelation[]
  /** Every relation that stands in the schemas read. */
  readonly existing: readonly ExistingRelation[]
  /** Every relation that Lavra published on this target; other targets of the same database are none of our business. */
  readonly states: readonly PublishedRelation[]
}

/** Reads what exists in the schemas that the run touches, in one round trip. `published` is of all targets. */
export async function readCatalog(
  connection: Pick<Connection, 'listRelations'>,
  database: string,
  schemas: readonly string[],
  published: readonly PublishedRelation[],
  targetSchema: string,
): Promise<Catalog> {
  const existing = await connection.listRelations(schemas)
  const kinds = new Map(existing.map((found) => [relationKey({ database, ...found }), found.kind]))
  const states = published.filter((state) => state.targetSchema === targetSchema)
  const stateByKey = new Map(published.map((state) => [relationKey({ database, ...state }), state]))
  const keyOf = (relation: Relation) =>
    relationKey({ database: relation.database ?? database, schema: relation.schema, identifier: relation.identifier })
  return {
    existing,
    states,
    kindOf: (relation) => kinds.get(keyOf(relation)),
    stateOf: (relation) => stateByKey.get(keyOf(relation)),
    statesOfNode: (nodeId) => states.filter((state) => state.nodeId === nodeId),
  }
}

import type { Source } from '../manifest/nodes.ts'

/** Whether a source is a relation of the database: neither files nor a call that reads some. */
export function isRelation({ external, relation }: Source): boolean {
  return external === undefined && relation.expression === undefined
}

import { type Connection, DatabaseError, type ExistingRelation } from '../adapters/adapter.ts'
import { isCandidateOf } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type RelationKind, relationLabel } from '../sql/relation.ts'
import { readCandidates } from '../state/read.ts'
import { forgetCandidates } from '../state/write.ts'

/**
 * Drops what a crashed run on the same target schema left behind: relations that bear the mark of a run that is recorded as
 * begun. The caller holds the lease, so no such run is alive. Returns the names of what was dropped.
 */
export async function sweep(
  connection: Connection,
  dialect: Dialect,
  database: string,
  targetSchema: string,
): Promise<readonly string[]> {
  const left = await readCandidates(connection, dialect, targetSchema)
  if (left.length === 0) return []
  const existing = await connection.listRelations([...new Set(left.map((row) => row.schema))])
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  const bearsMark = (schema: string, identifier: string) =>
    left.some((row) => isSame(row.schema, schema) && isCandidateOf(row.mark, identifier))
  const orphans = existing.filter((found) => bearsMark(found.schema, found.identifier))
  await dropAll(connection, dialect, database, orphans)
  await connection.execute(forgetCandidates(dialect, targetSchema))
  return orphans.map(relationLabel)
}

/**
 * Views first, because they may stand on the tables. They may stand on each other, too: what something else still stands on
 * is tried again when others are gone. Throws what the engine says when nothing more can be dropped.
 */
async function dropAll(
  connection: Connection,
  dialect: Dialect,
  database: string,
  relations: readonly ExistingRelation[],
): Promise<void> {
  const ofKind = (kind: RelationKind) => relations.filter((relation) => relation.kind === kind)
  let left = [...ofKind('view'), ...ofKind('table')]
  while (left.length > 0) {
    const refused: ExistingRelation[] = []
    let refusal: DatabaseError | undefined
    for (const relation of left) {
      try {
        await connection.execute(dialect.drop({ database, ...relation }, relation.kind))
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code === 'interrupted') throw error
        refused.push(relation)
        refusal = error
      }
    }
    if (refusal && refused.length === left.length) throw refusal
    left = refused
  }
}

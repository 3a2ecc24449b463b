import { type Connection, type ExistingRelation, isRefusal } from '../adapters/adapter.ts'
import { isCandidateOf } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import { relationLabel } from '../sql/relation.ts'
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
 * Drops relations that may stand on each other in a way that nobody knows: views before tables, and again and again as long
 * as that gets rid of any. Fails with the engine's error when what is left cannot be dropped.
 */
async function dropAll(
  connection: Connection,
  dialect: Dialect,
  database: string,
  relations: readonly ExistingRelation[],
): Promise<void> {
  let left = [...relations].sort((a, b) => Number(a.kind === 'table') - Number(b.kind === 'table'))
  while (left.length > 0) {
    const failed: ExistingRelation[] = []
    let failure: unknown
    for (const relation of left) {
      try {
        await connection.execute(dialect.drop({ database, ...relation }, relation.kind))
      } catch (error) {
        if (!isRefusal(error)) throw error
        failed.push(relation)
        failure = error
      }
    }
    if (failed.length === left.length) throw failure
    left = failed
  }
}

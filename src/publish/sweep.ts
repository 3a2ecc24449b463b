import type { Connection } from '../adapters/adapter.ts'
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
  // Views first: they may stand on the tables.
  for (const kind of ['view', 'table'] as const) {
    for (const orphan of orphans.filter((found) => found.kind === kind)) {
      await connection.execute(dialect.drop({ database, ...orphan }, kind))
    }
  }
  await connection.execute(forgetCandidates(dialect, targetSchema))
  return orphans.map(relationLabel)
}

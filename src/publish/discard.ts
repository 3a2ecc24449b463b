import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { forgetCandidates } from '../state/write.ts'

/**
 * Ends a run's work beside the published relations: drops candidates that were not published, puts the tables of failing
 * rows in their places, and writes `record` (the run's own record, when nothing was published) in a small transaction.
 * What cannot be dropped or written now is told and left to the next run's sweep.
 */
export async function discard(
  environment: RunEnvironment,
  connection: Connection,
  record: readonly string[],
): Promise<void> {
  environment.emit({ kind: 'step', name: 'clean' })
  await evenIfInterrupted(() => cleanUp(environment, connection, record))
}

/** A run is interrupted once. What that stops here is done again: a run that was interrupted cleans up, too. */
async function evenIfInterrupted(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isInterruption(error)) throw error
    await work()
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === 'interrupted'
}

async function cleanUp(environment: RunEnvironment, connection: Connection, record: readonly string[]): Promise<void> {
  const { dialect } = environment.adapter
  let isClean = true
  for (const { relation, kind } of environment.candidates.made()) {
    isClean = (await dropQuietly(connection, dialect.drop(relation, kind))) && isClean
  }
  const forget = isClean ? [forgetCandidates(dialect, environment.project.target.schema)] : []
  try {
    const stored = await storedFailures(environment, connection)
    await connection.begin()
    for (const statement of [...stored, ...record, ...forget]) await connection.execute(statement)
    await connection.commit()
  } catch (error) {
    await connection.rollback()
    if (!(error instanceof DatabaseError) || isInterruption(error)) throw error
    environment.emit({ kind: 'diagnostic', diagnostic: notRecorded(error, dialect.name) })
  }
}

/** What readers see is decided by now, so that this cannot undo it: the next run sweeps what is left. */
function notRecorded(error: DatabaseError, engine: string): Diagnostic {
  const found = databaseDiagnostic(error, { subject: 'recording the run', engine })
  return { ...found, severity: 'warning' }
}

async function dropQuietly(connection: Connection, statement: string): Promise<boolean> {
  try {
    await connection.execute(statement)
    return true
  } catch (error) {
    // A candidate that does not go away now is swept by the next run; the run's outcome does not depend on it.
    if (error instanceof DatabaseError && !isInterruption(error)) return false
    throw error
  }
}

/** The tables of failing rows take the places of those of earlier runs. */
async function storedFailures(environment: RunEnvironment, connection: Connection): Promise<readonly string[]> {
  const { dialect } = environment.adapter
  const statements: string[] = []
  for (const { target, relation } of environment.storedFailures) {
    const existing = await connection.listRelations([target.schema])
    const names = new Map(existing.map((found) => [found.identifier.toLowerCase(), found.kind]))
    if (!names.has((relation.physical ?? '').toLowerCase())) continue
    const before = names.get(target.identifier.toLowerCase())
    if (before) statements.push(dialect.drop(target, before))
    statements.push(dialect.rename(relation, 'table', target.identifier))
  }
  return statements
}

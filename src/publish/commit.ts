import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { isPublicationRecorded } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'

type CommitEnvironment = Pick<RunEnvironment, 'adapter' | 'connections' | 'runId' | 'signal'>

/**
 * Commits a publication, unless the run was interrupted by now. A COMMIT that failed has an unknown outcome: the state,
 * which commits with the data, tells. Throws `UserError` (`commit-failed`) when nothing was published.
 */
export async function commit(
  environment: CommitEnvironment,
  connection: Connection,
  relations: readonly PublishedRelation[],
): Promise<void> {
  environment.signal.throwIfAborted()
  try {
    await connection.commit()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await connection.rollback()
    if (await wasCommitted(environment, relations)) return
    throw new UserError(
      problem('commit-failed', `The database did not take the publication: ${error.message}`, {
        subject: environment.adapter.dialect.name,
        hint: 'nothing was published; run again when the cause is gone',
      }),
      { cause: error },
    )
  }
}

async function wasCommitted(environment: CommitEnvironment, relations: readonly PublishedRelation[]): Promise<boolean> {
  try {
    return await environment.connections.use((connection) =>
      isPublicationRecorded(connection, environment.adapter.dialect, environment.runId, relations[0]),
    )
  } catch {
    // The database does not answer: say that the commit failed, as far as anybody can know.
    return false
  }
}

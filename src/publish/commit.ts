import { type Connection, DatabaseError } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { isPublicationRecorded } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'

type CommitEnvironment = Pick<RunEnvironment, 'adapter' | 'runId' | 'signal'>

/**
 * Commits a publication, unless the run was interrupted by now. A COMMIT that failed has an unknown outcome: the state,
 * which commits with the data, tells. Throws `UserError`: `commit-failed` when nothing was published, `commit-unknown` when
 * the database does not answer any more.
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
    const committed = (await connection.hasEnded()) ? await wasCommitted(environment, relations) : undefined
    if (committed === true) return
    if (committed === undefined) throw new UserError(outcomeUnknown(environment, error), { cause: error })
    throw new UserError(
      problem('commit-failed', `The database did not take the publication: ${error.message}`, {
        subject: environment.adapter.dialect.name,
        hint: 'nothing was published; run again when the cause is gone',
      }),
      { cause: error },
    )
  }
}

function outcomeUnknown({ adapter, runId }: CommitEnvironment, error: DatabaseError): Diagnostic {
  return problem('commit-unknown', `The database did not answer the COMMIT: ${error.message}`, {
    subject: adapter.dialect.name,
    hint: `all of the run is published or nothing of it: all, if _lavra.runs has the run ${runId}`,
  })
}

/** Undefined when the database does not answer. A new connection is asked: the others may have been lost, too. */
async function wasCommitted(
  { adapter, runId }: CommitEnvironment,
  relations: readonly PublishedRelation[],
): Promise<boolean | undefined> {
  try {
    const connection = await adapter.connect('look')
    try {
      return await isPublicationRecorded(connection, adapter.dialect, runId, relations[0])
    } finally {
      connection.close()
    }
  } catch {
    return undefined
  }
}

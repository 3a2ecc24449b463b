import { type Connection, DatabaseError, isRefusal } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { databaseDiagnostic, type FailedStatement } from '../compile/database-diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import { brokenConstraint } from '../materialization/contract/violation.ts'
import type { Statement } from '../sql/statement.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { RunEnvironment } from './environment.ts'
import { hintForMissing } from './missing-relation.ts'

/** Whose statements are sent: for the record in `target/run` and for leading errors back to the file. */
export interface Sender {
  readonly id: UniqueId
  readonly compiled?: CompiledNode
  readonly failed: Omit<FailedStatement, 'engine' | 'mainOffset'>
}

/**
 * Sends statements one after the other. Returns the rows that the main statement or a load made; undefined without either.
 * A `DatabaseError` becomes a `UserError` located in the sender's file; an interruption stays a `DatabaseError`.
 */
export async function send(
  environment: RunEnvironment,
  connection: Connection,
  statements: readonly Statement[],
  sender: Sender,
): Promise<number | undefined> {
  let rows: number | undefined
  for (const statement of statements) {
    if (statement.kind === 'sql') environment.recordSent(sender.id, statement.sql)
    const changed = await located(environment, sender, statement, () =>
      statement.kind === 'sql' ? connection.execute(statement.sql) : connection.load(statement),
    )
    if (statement.kind === 'load' || statement.main) rows = changed
  }
  return rows
}

/** Runs one piece of database work of a sender and leads its error back to the file. Does not start after an interruption. */
export async function located<Result>(
  environment: RunEnvironment,
  sender: Sender,
  statement: Pick<Extract<Statement, { kind: 'sql' }>, 'main' | 'mainOffset' | 'place'> | Statement,
  work: () => Promise<Result>,
): Promise<Result> {
  environment.signal.throwIfAborted()
  try {
    return await work()
  } catch (error) {
    if (!isRefusal(error)) throw error
    const broken = brokenConstraint(environment.manifest.nodes.get(sender.id), error)
    if (broken) throw new UserError(broken, { cause: error })
    const mainOffset = 'main' in statement && statement.main ? (statement.mainOffset ?? 0) : undefined
    const hint = hintForMissing(environment, error)
    throw new UserError(
      databaseDiagnostic(error, {
        ...sender.failed,
        ...('place' in statement && statement.place ? { fallback: statement.place } : {}),
        engine: environment.adapter.dialect.name,
        ...(mainOffset === undefined ? {} : { mainOffset }),
        ...(hint === undefined ? {} : { hint }),
      }),
      { cause: error },
    )
  }
}

/** Whether work failed because the run was told to stop, and not by itself. */
export function wasInterrupted({ signal }: Pick<RunEnvironment, 'signal'>, error: unknown): boolean {
  return signal.aborted || (error instanceof DatabaseError && error.code === 'interrupted')
}

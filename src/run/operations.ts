import type { Connection } from '../adapters/adapter.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Operation } from '../manifest/nodes.ts'
import { sql } from '../sql/statement.ts'
import type { RunEnvironment } from './environment.ts'
import type { NodeResult } from './results.ts'
import { send, wasInterrupted } from './send.ts'

/**
 * Runs the project's `on-run-start` or `on-run-end` hooks in their order, each as a result of its own. A hook that fails
 * ends the list, and so does an interruption: what it interrupts is skipped, what comes after is not there. `extra` holds what only these hooks see: `results` and `schemas` at the end.
 */
export async function runOperations(
  environment: RunEnvironment,
  when: Operation['when'],
  extra: Readonly<Record<string, unknown>>,
): Promise<readonly NodeResult[]> {
  const results: NodeResult[] = []
  for (const operation of environment.manifest.operations.filter((candidate) => candidate.when === when)) {
    if (environment.signal.aborted) break
    const result = await runOperation(environment, operation, extra)
    results.push(result)
    if (result.status !== 'success') break
  }
  return results
}

async function runOperation(
  environment: RunEnvironment,
  operation: Operation,
  extra: Readonly<Record<string, unknown>>,
): Promise<NodeResult> {
  const start = performance.now()
  const startedAt = new Date().toISOString()
  environment.emit({ kind: 'hook-started', name: operation.name })
  const finish = (rest: Pick<NodeResult, 'status' | 'diagnostics'> & { readonly message?: string }): NodeResult => {
    const seconds = (performance.now() - start) / 1000
    const [diagnostic] = rest.diagnostics
    environment.emit({ kind: 'hook-finished', name: operation.name, seconds, ...(diagnostic ? { diagnostic } : {}) })
    return { id: operation.id, startedAt, seconds, threadId: 'main', ...rest }
  }
  try {
    await environment.connections.use((connection) => sendOperation(environment, connection, operation, extra))
    return finish({ status: 'success', diagnostics: [] })
  } catch (error) {
    if (wasInterrupted(environment, error))
      return finish({ status: 'skipped', message: 'interrupted', diagnostics: [] })
    if (!(error instanceof UserError)) throw error
    return finish({ status: 'error', message: error.message, diagnostics: error.diagnostics })
  }
}

async function sendOperation(
  environment: RunEnvironment,
  connection: Connection,
  operation: Operation,
  extra: Readonly<Record<string, unknown>>,
): Promise<void> {
  await environment.sourceFiles.load(connection, operation)
  const { sql: text } = await environment.compiler.operation(connection, operation, extra)
  if (text.trim() === '') return
  await send(environment, connection, [sql(text)], {
    id: operation.id,
    failed: { subject: operation.name, fallback: operation.place },
  })
  environment.hooks.ranOutside = true
}

import type { Connection } from '../adapters/adapter.ts'
import type { HookConfig } from '../config/node-config.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Candidate } from '../run/candidates.ts'
import type { RunEnvironment } from '../run/environment.ts'
import { runHooks } from '../run/hooks.ts'
import { wasInterrupted } from '../run/send.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { guardedConnection } from './guarded-connection.ts'
import { inNameOf } from './publication-error.ts'

/** Post-hooks of what has no table of its own before it is published: incrementals and views. `this` is published. */
export async function inTransactionHooks(
  environment: RunEnvironment,
  connection: Connection,
  candidates: readonly Candidate[],
): Promise<void> {
  const guarded = guardedConnection(connection)
  for (const candidate of candidates) {
    const ranOnCandidate = candidate.build.mode === 'replace' && candidate.build.candidateKind === 'table'
    const hooks = candidate.node.config.post_hook.filter((hook) => hook.transaction && !ranOnCandidate)
    await inNameOf(candidate.node.id, () => runPostHooks(environment, guarded, candidate, hooks))
  }
}

/**
 * Post-hooks that asked to run outside the transaction. Neither their failure nor an interruption can take the publication
 * back: it is told. Never throws for either.
 */
export async function afterCommitHooks(
  environment: RunEnvironment,
  connection: Connection,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<UniqueId, readonly Diagnostic[]>> {
  const failed = new Map<UniqueId, readonly Diagnostic[]>()
  for (const candidate of candidates) {
    const hooks = candidate.node.config.post_hook.filter((hook) => !hook.transaction)
    const diagnostics = await diagnosticsOf(environment, candidate, () =>
      runPostHooks(environment, connection, candidate, hooks),
    )
    if (diagnostics.length === 0) continue
    for (const diagnostic of diagnostics) environment.emit({ kind: 'diagnostic', diagnostic })
    failed.set(candidate.node.id, [...(failed.get(candidate.node.id) ?? []), ...diagnostics])
  }
  return failed
}

async function diagnosticsOf(
  environment: RunEnvironment,
  { node }: Candidate,
  work: () => Promise<void>,
): Promise<readonly Diagnostic[]> {
  try {
    await work()
    return []
  } catch (error) {
    if (wasInterrupted(environment, error)) return [hookInterrupted(node)]
    if (error instanceof UserError) return error.diagnostics
    throw error
  }
}

function hookInterrupted(node: Candidate['node']): Diagnostic {
  return problem('hook-interrupted', `A post-hook of "${node.name}" was interrupted after the publication.`, {
    place: node.configPlaces.get('post_hook') ?? node.place,
    subject: `${node.kind} ${node.name}`,
    hint: 'the relation is published; do by hand what the hook had to do, or build the node again',
  })
}

async function runPostHooks(
  environment: RunEnvironment,
  connection: Connection,
  { node, target, subject, compiled }: Candidate,
  hooks: readonly HookConfig[],
): Promise<void> {
  await runHooks(environment, connection, node, hooks, 'post-hook', { ...subject, thisRelation: target }, compiled)
}

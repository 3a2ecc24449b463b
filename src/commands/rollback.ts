import { randomUUID } from 'node:crypto'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { renewCopy } from '../publish/renew-copy.ts'
import { planRollback, rollback as sendRollback } from '../publish/rollback.ts'
import { ensureState, readHistory, readRelations, readVersions } from '../state/read.ts'
import { recordRun } from '../state/write.ts'
import { version } from '../version.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { copyPathOf, loadProject } from './load-project.ts'

/** `lavra rollback [run]`: republishes retained versions, all of them in one transaction. */
export async function rollback(flags: Flags, world: World, args: readonly string[]): Promise<ExitCode> {
  const project = await loadProject(flags, world, () => {})
  const adapter = project.createAdapter()
  const { dialect } = adapter
  const runId = randomUUID()
  const startedAt = new Date().toISOString()
  const targetSchema = project.context.target.schema
  await adapter.open({ mode: 'write', runId, waitMs: (flags.wait ?? project.leaseTimeoutSeconds) * 1000 })
  try {
    const connection = await adapter.connect()
    await ensureState(connection, dialect)
    const plan = planRollback({
      dialect,
      database: adapter.database,
      targetSchema,
      runId,
      relations: await readRelations(connection, dialect),
      versions: await readVersions(connection, dialect, targetSchema),
      history: await readHistory(connection, dialect, targetSchema),
      changedAt: new Date().toISOString(),
      nodes: project.manifest.nodes,
      graph: graphOf(project.manifest),
      ...(args[0] === undefined ? {} : { toRun: args[0] }),
    })
    const record = recordRun(dialect, {
      runId,
      targetSchema,
      command: 'rollback',
      project: project.context.name,
      version,
      status: 'success',
      published: plan.restored.length > 0,
      startedAt,
      finishedAt: new Date().toISOString(),
    })
    await sendRollback(connection, dialect, plan, record)
    for (const diagnostic of await renewCopy(adapter, copyPathOf(project))) {
      world.stderr.write(`${formatDiagnostic(diagnostic, { color: false })}\n`)
    }
    for (const { name, runId: from } of plan.restored) {
      world.stdout.write(from === '' ? `${name}: gone again, as before\n` : `${name}: back to run ${from}\n`)
    }
    if (plan.restored.length === 0) world.stdout.write('Nothing is newer than that run.\n')
    return 0
  } finally {
    await adapter.close()
  }
}

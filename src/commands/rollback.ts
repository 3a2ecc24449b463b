import { randomUUID } from 'node:crypto'
import type { Connection } from '../adapters/adapter.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { renewCopy } from '../publish/renew-copy.ts'
import { planRollback, rollbackSteps, rollback as sendRollback } from '../publish/rollback.ts'
import { openClock } from '../state/clock.ts'
import { ensureState, readHistory, readRelations, readVersions } from '../state/read.ts'
import type { RetainedVersion } from '../state/rows.ts'
import { recordRun } from '../state/write.ts'
import { version } from '../version.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { copyPathOf, loadProject } from './load-project.ts'

/** `lavra rollback [run]`: republishes retained versions, all of them in one transaction. */
export async function rollback(flags: Flags, world: World, args: readonly string[]): Promise<ExitCode> {
  const project = await loadProject(flags, world, () => {})
  const adapter = await project.createAdapter()
  const { dialect } = adapter
  const runId = randomUUID()
  const startedAt = new Date().toISOString()
  const targetSchema = project.context.target.schema
  await adapter.open({
    mode: 'write',
    runId,
    waitMs: (flags.wait ?? project.leaseTimeoutSeconds) * 1000,
    onWait: (holder) => world.stderr.write(`Waiting: ${holder}\n`),
    signal: world.signal,
  })
  try {
    const connection = await adapter.publisher()
    await ensureState(connection, dialect)
    const clock = await openClock(connection, dialect, targetSchema)
    const relations = await readRelations(connection, dialect)
    const versions = await readVersions(connection, dialect, targetSchema)
    const columns = await columnsOfKept(connection, adapter.database, versions)
    const kept = {
      targetSchema,
      relations,
      versions,
      history: await readHistory(connection, dialect, targetSchema),
      ...(args[0] === undefined ? {} : { toRun: args[0] }),
    }
    const { database } = adapter
    const changing = rollbackSteps(kept).map(({ name }) => ({ database, ...name }))
    const plan = planRollback({
      ...kept,
      indexes: await connection.listIndexes(changing),
      columnsOf: (version) => columns.get(version) ?? [],
      dialect,
      database,
      runId,
      changedAt: clock(),
      nodes: project.manifest.nodes,
      graph: graphOf(project.manifest),
      attachments: await connection.attachments(changing, () => false),
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
      finishedAt: clock(),
    })
    await sendRollback(connection, adapter, plan, record, {
      waitMs: project.publish.lockTimeoutSeconds * 1000,
      signal: world.signal,
    })
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

async function columnsOfKept(
  connection: Connection,
  database: string,
  versions: readonly RetainedVersion[],
): Promise<ReadonlyMap<RetainedVersion, readonly string[]>> {
  const columns = new Map<RetainedVersion, readonly string[]>()
  for (const version of versions) {
    if (version.retainedAs === undefined) continue
    const found = await connection.columnsOf({ database, schema: version.schema, identifier: version.retainedAs })
    columns.set(
      version,
      found.map(({ name }) => name),
    )
  }
  return columns
}

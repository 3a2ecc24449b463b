import { join } from 'node:path'
import type { RunEvent } from '../events/events.ts'
import type { ResourceType } from '../manifest/nodes.ts'
import { writeRunArtifacts } from '../report/artifacts/index.ts'
import { isGood } from '../run/results.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { version } from '../version.ts'
import { dryRun } from './dry-run.ts'
import { type Execution, execute } from './execute.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { copyPathOf, type LoadedProject, loadProject } from './load-project.ts'
import { prepareOutputs, writing } from './output-files.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'
import { writeReports } from './write-reports.ts'

export interface RunCommand {
  readonly command: 'run' | 'build' | 'test' | 'seed' | 'snapshot'
  /** What the command works on, unless `--resource-type` says less. */
  readonly resourceTypes: readonly ResourceType[]
  /** Exactly these nodes instead of a selection. */
  readonly nodes?: ReadonlySet<UniqueId>
}

/** What `run`, `build`, `test`, `seed`, `snapshot` and `retry` have in common: load, select, execute, tell, write. */
export async function runCommand(command: RunCommand, given: Flags, world: World): Promise<ExitCode> {
  const flags: Flags = { ...given, which: command.command }
  const reporter = openReporter(flags, world)
  try {
    const project = await loadProject(flags, world, reporter.emit)
    const selected = command.nodes ?? (await selectNodes(project, flags, command.resourceTypes))
    if (selected.size === 0) return 0
    if (flags.dryRun) return await dryRun(project, selected, flags, world)
    await prepareOutputs(project, flags, world)
    const execution = await execute({
      command: command.command,
      manifest: project.manifest,
      project: project.context,
      adapter: await project.createAdapter(),
      selected,
      threads: flags.singleThreaded ? 1 : (flags.threads ?? project.profile.threads),
      publish: flags.publish ?? project.publish.mode,
      copyTo: copyPathOf(project),
      versions: project.file.versions ?? 0,
      lockWaitMs: project.publish.lockTimeoutSeconds * 1000,
      fullRefresh: flags.fullRefresh ?? false,
      storeFailures: flags.storeFailures,
      failFast: flags.failFast ?? false,
      warnings: project.warnings,
      waitMs: (flags.wait ?? project.leaseTimeoutSeconds) * 1000,
      emit: reporter.emit as (event: RunEvent) => void,
      signal: world.signal,
      version,
      report: async (finished) => {
        await writing(() => writeResults(command, project, finished, flags))
        await writing(() => writeReports(project, finished, flags, world))
      },
    })
    return isGood(execution.results) && !world.signal.aborted ? 0 : 1
  } finally {
    reporter.close()
  }
}

async function writeResults(
  command: RunCommand,
  project: LoadedProject,
  execution: Execution,
  flags: Flags,
): Promise<void> {
  await writeRunArtifacts({
    folder: project.targetPath,
    manifest: project.manifest,
    project: project.context,
    results: execution.results,
    sent: execution.sent,
    compiled: execution.compiled,
    elapsedSeconds: execution.summary.seconds,
    command: command.command,
    args: { ...flags },
    writesJson: flags.writeJson ?? true,
    runFolder: join(project.targetPath, 'run'),
  })
}

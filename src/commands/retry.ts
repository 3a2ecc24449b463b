import { type PreviousResults, readRunResults } from '../artifacts/run-results-artifact.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { JsonObject } from '../util/json.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { loadProject } from './load-project.ts'
import { locateProject } from './locate-project.ts'
import { type RunCommand, runCommand } from './run-command.ts'
import { runOperation } from './run-operation.ts'
import { readArtifactFile } from './select-nodes.ts'

const AGAIN = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success'])

/**
 * `lavra retry`: the command of the last run again, on the nodes that failed or were skipped. What was built and not
 * published counts as skipped, so after an unpublished run all of it is done again, with the tests that passed too: they
 * passed on a candidate that is gone.
 */
export async function retry(flags: Flags, world: World): Promise<ExitCode> {
  const located = locateProject(flags, world)
  const previous = readRunResults(await readArtifactFile(located, located.targetPath, 'run_results.json'))
  const sameFlags = { ...flagsOf(previous.args, flags), ...flags }
  if (previous.command === 'run-operation') return retryOperation(previous, sameFlags, world)
  const project = await loadProject(sameFlags, world, () => {})
  const known = [...previous.statuses].filter(([id]) => project.manifest.nodes.has(id as UniqueId))
  const again = new Set(known.filter(([, status]) => AGAIN.has(status)).map(([id]) => id as UniqueId))
  for (const [id] of known) {
    const node = project.manifest.nodes.get(id as UniqueId)
    if (node?.kind === 'test' && node.dependsOn.some((parent) => again.has(parent))) again.add(node.id)
  }
  if (again.size === 0) {
    world.stdout.write(NOTHING_LEFT)
    return 0
  }
  const command = commandOf(previous.command)
  return runCommand({ command, resourceTypes: [], nodes: again }, sameFlags, world)
}

/** A macro that failed is called again, with the same arguments. */
async function retryOperation({ args, statuses }: PreviousResults, flags: Flags, world: World): Promise<ExitCode> {
  if ([...statuses.values()].some((status) => AGAIN.has(status)) && typeof args.macro === 'string') {
    return runOperation({ ...flags, ...(typeof args.args === 'string' ? { args: args.args } : {}) }, world, [
      args.macro,
    ])
  }
  world.stdout.write(NOTHING_LEFT)
  return 0
}

const NOTHING_LEFT = 'The last run left nothing to do again.\n'

/** The flags of the last run that say what is built, unless they are given anew. */
function flagsOf(args: JsonObject, given: Flags): Flags {
  const { vars, full_refresh: fullRefresh, threads, single_threaded: singleThreaded } = args
  // Either way of saying which warnings are errors overrules the other.
  const isSaid = given.warnError !== undefined || given.warnErrorOptions !== undefined
  const { warn_error: warnError, warn_error_options: warnErrorOptions } = args
  return {
    ...(typeof vars === 'string' ? { vars } : {}),
    ...(typeof fullRefresh === 'boolean' ? { fullRefresh } : {}),
    ...(typeof threads === 'number' ? { threads } : {}),
    ...(typeof singleThreaded === 'boolean' ? { singleThreaded } : {}),
    ...(typeof warnError === 'boolean' && !isSaid ? { warnError } : {}),
    ...(warnErrorOptions !== undefined && !isSaid ? { warnErrorOptions } : {}),
  }
}

function commandOf(name: string | undefined): RunCommand['command'] {
  switch (name) {
    case 'run':
    case 'build':
    case 'test':
    case 'seed':
    case 'snapshot':
      return name
    default:
      throw new UserError(
        problem('retry-command', `The last command, "${name ?? 'unknown'}", is not one that can be done again.`, {
          hint: 'retry follows run, build, test, seed, snapshot and run-operation',
        }),
      )
  }
}

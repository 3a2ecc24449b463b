import type { ExitCode, Flags, World } from './flags.ts'
import { runCommand } from './run-command.ts'

/** `lavra build`: seeds, models and snapshots with their tests; published all or nothing. */
export function build(flags: Flags, world: World): Promise<ExitCode> {
  return runCommand({ command: 'build', resourceTypes: ['model', 'seed', 'snapshot', 'test'] }, flags, world)
}

import type { ExitCode, Flags, World } from './flags.ts'
import { runCommand } from './run-command.ts'

/** `lavra seed`: seeds. */
export function seed(flags: Flags, world: World): Promise<ExitCode> {
  return runCommand({ command: 'seed', resourceTypes: ['seed'] }, flags, world)
}

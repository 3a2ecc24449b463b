import type { ExitCode, Flags, World } from './flags.ts'
import { runCommand } from './run-command.ts'

/** `lavra run`: models without tests. */
export function run(flags: Flags, world: World): Promise<ExitCode> {
  return runCommand({ command: 'run', resourceTypes: ['model'] }, flags, world)
}

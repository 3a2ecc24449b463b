import type { ExitCode, Flags, World } from './flags.ts'
import { runCommand } from './run-command.ts'

/** `lavra snapshot`: snapshots. */
export function snapshot(flags: Flags, world: World): Promise<ExitCode> {
  return runCommand({ command: 'snapshot', resourceTypes: ['snapshot'] }, flags, world)
}

import type { ExitCode, Flags, World } from './flags.ts'
import { runCommand } from './run-command.ts'

/** `lavra test`: data tests of what is published. */
export function test(flags: Flags, world: World): Promise<ExitCode> {
  return runCommand({ command: 'test', resourceTypes: ['test'] }, flags, world)
}

import { createReporter } from '../report/reporter.ts'
import type { Reporter } from '../report/reporter-options.ts'
import type { Flags, World } from './flags.ts'
import { logLevel } from './log-level.ts'
import { usesColor } from './uses-color.ts'

/** The reporter that the flags and the terminal ask for. Progress goes to the standard output. */
export function openReporter(flags: Flags, world: World): Reporter {
  const isCi = world.env.CI !== undefined && world.env.CI !== ''
  const isTerminal = world.stdout.isTTY === true && !isCi
  const reporter = createReporter({
    format: flags.logFormat ?? 'text',
    stream: world.stdout,
    isTerminal,
    color: usesColor(flags, world),
    width: () => world.stdout.columns ?? 120,
    level: logLevel(flags),
    prints: flags.print,
    now: () => new Date(),
  })
  const { onEvent } = world
  if (!onEvent) return reporter
  return {
    ...reporter,
    emit: (event) => {
      onEvent(event)
      reporter.emit(event)
    },
  }
}

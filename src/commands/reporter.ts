import { createReporter, type Reporter } from '../report/reporter.ts'
import type { Flags, World } from './flags.ts'

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
    quiet: flags.quiet,
    debug: flags.debug,
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

export function usesColor(flags: Flags, world: World): boolean {
  return flags.color !== false && world.stdout.isTTY === true && !world.env.NO_COLOR
}

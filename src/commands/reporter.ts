import type { Level } from '../report/levels.ts'
import { createReporter, type Reporter } from '../report/reporter.ts'
import type { Flags, World } from './flags.ts'
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
    level: levelOf(flags),
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

/** `--quiet` and `--debug` are short for levels; what is quieter counts. */
function levelOf({ quiet, debug, logLevel }: Flags): Level {
  if (quiet || logLevel === 'error' || logLevel === 'none') return 'error'
  if (logLevel === 'warn') return 'warn'
  return debug || logLevel === 'debug' ? 'debug' : 'info'
}

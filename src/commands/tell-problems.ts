import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import type { Flags, World } from './flags.ts'
import { logLevel } from './log-level.ts'
import { usesColor } from './uses-color.ts'

/** The commands whose standard output is the answer itself: what they tell beside it goes to the error stream. */
const ANSWERS = new Set(['ls', 'list', 'compile', 'show', 'report'])

/** Tells problems that belong to no run. */
export type TellProblems = (diagnostics: readonly Diagnostic[]) => Promise<void>

/**
 * As text on the error stream, or with `--log-format json` as one object a line where the command's other events go.
 * `command` is absent where the command line names none.
 */
export function problemTeller(flags: Flags, command: string | undefined, world: World): TellProblems {
  const { stdout, stderr } = world
  const level = logLevel(flags)
  const isWanted = ({ severity }: Diagnostic) => severity === 'error' || level !== 'error'
  if (flags.logFormat !== 'json') {
    const color = usesColor(flags, { stdout: stderr, env: world.env })
    return async (diagnostics) => {
      const texts = diagnostics.filter(isWanted).map((diagnostic) => formatDiagnostic(diagnostic, { color }))
      if (texts.length > 0) stderr.write(`${texts.join('\n\n')}\n`)
    }
  }
  const stream = command === undefined || ANSWERS.has(command) ? stderr : stdout
  return async (diagnostics) => {
    // Loaded when there is something to tell in this form.
    const { jsonReporter } = await import('../report/json-reporter.ts')
    const reporter = jsonReporter({ stream, level, now: () => new Date() })
    for (const diagnostic of diagnostics) reporter.emit({ kind: 'diagnostic', diagnostic })
  }
}

/** What is known of the flags while the command line cannot be read. */
export function flagsBefore(argv: readonly string[], { env }: World): Flags {
  const written = argv.findLastIndex((word) => word === '--log-format' || word.startsWith('--log-format='))
  const form = written < 0 ? undefined : (argv[written]?.split('=')[1] ?? argv[written + 1])
  const isJson = (form ?? env.DBT_ENGINE_LOG_FORMAT ?? env.DBT_LOG_FORMAT) === 'json'
  const isPlain = argv.includes('--no-color') || argv.includes('--no-use-colors')
  return { ...(isJson ? { logFormat: 'json' } : {}), ...(isPlain ? { color: false } : {}) }
}

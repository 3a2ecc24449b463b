import { jsonReporter } from './json-reporter.ts'
import { liveReporter } from './live-reporter.ts'
import type { Reporter, ReporterOptions } from './reporter-options.ts'
import { textReporter } from './text-reporter.ts'

/** The one way of events to people: live lines in a terminal, plain lines elsewhere, or one JSON object a line. */
export function createReporter(options: ReporterOptions): Reporter {
  if (options.format === 'json') return jsonReporter(options)
  return options.isTerminal && (options.level === 'info' || options.level === 'debug')
    ? liveReporter(options)
    : textReporter(options)
}

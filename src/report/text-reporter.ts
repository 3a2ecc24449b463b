import type { Reporter, ReporterOptions } from './reporter-options.ts'
import { TextLines } from './text-lines.ts'

/** Plain lines, one event after the other: for pipes, files and CI. */
export function textReporter(options: ReporterOptions): Reporter {
  const lines = new TextLines(options)
  return {
    emit(event) {
      const text = lines.of(event)
      if (text !== '') options.stream.write(text)
    },
    close() {},
  }
}

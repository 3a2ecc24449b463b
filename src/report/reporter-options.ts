import type { Emit } from '../events/events.ts'
import type { Wanted } from './levels.ts'

export interface ReporterOptions extends Wanted {
  readonly format: 'text' | 'json'
  readonly stream: TextStream
  /** Whether a live block may be drawn: a terminal, and not a CI job. */
  readonly isTerminal: boolean
  readonly color: boolean
  /** Columns of the terminal at this moment. */
  readonly width: () => number
  readonly now: () => Date
}

/** Where output goes: `process.stdout`, or a list in a test. */
export interface TextStream {
  write(text: string): unknown
}

export interface Reporter {
  readonly emit: Emit
  /** Takes the live block away and stops its timer. Safe to call twice. */
  close(): void
}

import type { RunEvent } from '../events/events.ts'

/** How grave an event is. */
export type Level = 'debug' | 'info' | 'warn' | 'error'

const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** What is told of a run. */
export interface Wanted {
  /** What is as grave is told, and what is graver. What templates print is told on every level. */
  readonly level: Level
  /** False: what templates print is not told. */
  readonly prints?: boolean | undefined
}

/** Whether an event is told. */
export function isTold(event: RunEvent, { level, prints = true }: Wanted): boolean {
  if (event.kind === 'print') return prints
  return LEVELS.indexOf(levelOf(event)) >= LEVELS.indexOf(level)
}

export function levelOf(event: RunEvent): Level {
  switch (event.kind) {
    case 'log':
      return event.level
    case 'step':
      return 'debug'
    case 'diagnostic':
      return event.diagnostic.severity === 'error' ? 'error' : 'warn'
    case 'hook-finished':
      return event.diagnostic ? 'error' : 'info'
    case 'not-published':
    case 'held-back':
      return 'error'
    case 'node-finished': {
      const { status } = event.outcome
      return status === 'error' || status === 'fail' ? 'error' : status === 'warn' ? 'warn' : 'info'
    }
    default:
      return 'info'
  }
}

import type { Level } from '../report/levels.ts'
import type { Flags } from './flags.ts'

/** `--quiet` and `--debug` are short for levels; what is quieter counts. */
export function logLevel({ quiet, debug, logLevel: level }: Flags): Level {
  if (quiet || level === 'error' || level === 'none') return 'error'
  if (level === 'warn') return 'warn'
  return debug || level === 'debug' ? 'debug' : 'info'
}

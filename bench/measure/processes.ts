import { spawnSync } from 'node:child_process'

export interface Contestant {
  readonly name: string
  /** Puts everything in the state that the contest starts from; not timed. */
  readonly prepare?: () => void
  /** What is run; this machine's node when absent. */
  readonly program?: string
  readonly args: readonly string[]
  /** Further arguments, other ones every time. */
  readonly freshArgs?: () => readonly string[]
  readonly cwd?: string
}

export interface Measured {
  readonly name: string
  /** Wall-clock seconds of whole processes, in the order in which they ran. */
  readonly seconds: readonly number[]
}

/** Runs a program to its end and gives its seconds. Throws with its output when it fails. */
export function timeProcess({ name, program = process.execPath, args, freshArgs, cwd }: Contestant): number {
  const all = [...args, ...(freshArgs?.() ?? [])]
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(program, all, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`"${name}" ended with exit code ${status}.\n${stdout}\n${stderr}`)
  return seconds
}

/** The contestants in turns, so that what slows the machine down for a while slows all of them. */
export function inTurns(rounds: number, contestants: readonly Contestant[]): readonly Measured[] {
  const seconds = contestants.map((): number[] => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      contestant.prepare?.()
      seconds[index]!.push(timeProcess(contestant))
    }
  }
  return contestants.map(({ name }, index) => ({ name, seconds: seconds[index]! }))
}

/**
 * A new target folder every time, for runs without anything cached. Nothing is deleted in between: to create files just after
 * others were deleted is slow on some file systems, and that is not what is measured.
 */
export function freshTargets(): () => readonly string[] {
  let count = 0
  return () => {
    count += 1
    return ['--target-path', `target-${count}`]
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

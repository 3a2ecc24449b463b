import { spawnSync } from 'node:child_process'

export interface Contestant {
  readonly name: string
  /** Puts everything in the state that the contest starts from; not timed. */
  readonly prepare?: () => void
  /** Arguments of `node`. */
  readonly args: readonly string[]
  readonly cwd?: string
}

export interface Measured {
  readonly name: string
  /** Wall-clock seconds of whole processes, in the order in which they ran. */
  readonly seconds: readonly number[]
}

/** Runs a program of this machine's node to its end and gives its seconds. Throws with its output when it fails. */
export function timeProcess({ name, args, cwd }: Contestant): number {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
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

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

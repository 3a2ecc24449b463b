import type { Children } from './children.ts'
import type { RunningEngine } from './engine.ts'
import type { Random } from './random.ts'
import type { Tally } from './tally.ts'

/** One way of making a run's life hard, done again and again. */
export interface Scenario {
  readonly name: string
  /** One line for the table and the documentation. */
  readonly about: string
  /**
   * How long it goes on: until it has this part of the kills that were asked for, or, for what does not kill, has done so
   * many other things. The parts of the kills are at least 1 together.
   */
  readonly quota: { readonly kills: number } | { readonly turns: number }
  /** It mounts a file system, which must not be left behind: only for the harness in a namespace of its own. */
  readonly mounts?: true
  open(bench: Bench): Promise<Turns>
}

/** What a scenario is given. */
export interface Bench {
  readonly engine: RunningEngine
  readonly tally: Tally
  /** An empty folder of its own. */
  makeFolder(): Promise<string>
  readonly tell: (line: string) => void
  /** Done when the scenario is over, also after a violation. What was asked for last is done first. */
  atEnd(work: () => void | Promise<void>): void
  /** Processes for runs; they end with the scenario. */
  makeChildren(wrapper?: readonly string[]): Children
}

export interface Turns {
  /** One turn: what it does is decided by `random` alone. Throws a `Violation`. */
  turn(random: Random): Promise<void>
  /** After the last turn; may look once more. */
  close(): Promise<void>
}

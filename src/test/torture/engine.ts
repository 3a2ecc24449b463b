import type { ReaderOrder } from './child.ts'
import type { Scenario } from './scenario.ts'

/** Runs one query of the harness and gives its rows as text; null stays null. */
export type Query = (sql: string) => Promise<readonly (readonly (string | null)[])[]>

/** An engine as the harness knows it. What is special about one lies in its folder. */
export interface TortureEngine {
  readonly name: string
  /** What only this engine can suffer. */
  readonly scenarios: readonly Scenario[]
  /** Starts what it needs; everything lies below `folder` and goes with it. */
  start(folder: string): Promise<RunningEngine>
}

export interface RunningEngine {
  /** A new and empty database. `folder` is its own. */
  makeDatabase(folder: string): Promise<TortureDatabase>
  stop(): Promise<void>
}

export interface TortureDatabase {
  /** The fields of a target in `profiles.yml` that say where the database is, as the inside of a flow mapping. */
  readonly target: string
  /** Where a server has it. */
  readonly url?: URL
  /** Opens the database afresh, as whoever comes after a crash does, and looks at it. No run may be going on. */
  look<Result>(work: (query: Query) => Promise<Result>): Promise<Result>
  /**
   * Where only the process that writes can read: what the run's own process is told to do, so that a reader is in it.
   * Otherwise absent, and `watch` reads from here.
   */
  readerInside?(sql: string, seenPath: string): ReaderOrder
  /** Reads over a connection of its own, time after time, until it is stopped. */
  watch?(sql: string): Promise<Watcher>
  remove(): Promise<void>
}

export interface Watcher {
  /** Ends the reading, and gives every row that was read, in order, as text with blanks between, or `error: …`. */
  stop(): Promise<readonly string[]>
}

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { RunStep } from '../../events/events.ts'
import type { Order } from './child.ts'
import { type ChildRun, type Children, type Kill, lastStep, type RunningChild, reachedStep } from './children.ts'
import type { TortureDatabase } from './engine.ts'
import { checkSameRows, checkSeen, checkStanding, demand } from './invariants.ts'
import { projectFiles, type Swap, versionVector, writeProject } from './project.ts'
import type { Bench } from './scenario.ts'
import { readRows, readStanding } from './standing.ts'

export interface RunOptions {
  /** Further words of the command line. */
  readonly argv?: readonly string[]
  readonly clockShift?: number
  /** The scenario takes something away (space, memory, the connection) that readers and the run may need. */
  readonly isStarved?: boolean
  /** The runs held the target one after the other, as they are listed: nothing of one may outlive the start of the next. */
  readonly isInOrder?: boolean
  /** Done to it from outside when it reaches a step. */
  readonly harm?: { readonly step: RunStep; readonly act: () => Promise<void> }
  /** Done when the run has ended and before anybody looks: gives back what was taken away. */
  readonly relieve?: () => Promise<void>
}

/** One project on one target: it is built, killed and looked at, and knows which version must stand. */
export class Subject {
  readonly database: TortureDatabase
  readonly schema: string
  readonly folder: string
  /** The version that stands, as far as it was looked at. */
  version = 0
  readonly #bench: Bench
  readonly #children: Children
  #runs = 0

  private constructor(bench: Bench, children: Children, database: TortureDatabase, folder: string, schema: string) {
    this.#bench = bench
    this.#children = children
    this.database = database
    this.folder = folder
    this.schema = schema
  }

  /** Makes the project, in a database of its own if none is given, and publishes its first version. */
  static async make(
    bench: Bench,
    children: Children,
    place: {
      readonly database?: TortureDatabase
      readonly folder?: string
      readonly schema?: string
      readonly swap?: Swap
    } = {},
  ): Promise<Subject> {
    const folder = place.folder ?? (await bench.makeFolder())
    const schema = place.schema ?? 'main'
    const database = place.database ?? (await bench.engine.makeDatabase(folder))
    await writeProject(folder, projectFiles(database.target, schema, place.swap))
    const subject = new Subject(bench, children, database, folder, schema)
    await subject.run()
    return subject
  }

  /** Starts a build; it is killed as `kill` says. */
  start(
    kill?: Kill,
    options: RunOptions = {},
  ): { readonly child: RunningChild; readonly seen: () => readonly string[] } {
    const number = ++this.#runs
    const seenPath = join(this.folder, `seen-${number}.txt`)
    // Before the first publication there is nothing to read.
    const reader = this.version === 0 ? undefined : this.database.readerInside?.(versionVector(this.schema), seenPath)
    const order: Order = {
      folder: this.folder,
      argv: ['build', '--target-path', `target-${number % 8}`, ...(options.argv ?? [])],
      clockShift: options.clockShift ?? 0,
      ...(reader ? { reader } : {}),
    }
    this.#bench.tally.runs++
    const seen = () => {
      if (!existsSync(seenPath)) return []
      const lines = readFileSync(seenPath, 'utf8').split('\n').filter(Boolean)
      rmSync(seenPath)
      return lines
    }
    const child = this.#children.start(order, kill)
    const { harm } = options
    // What is done to this run is over when the run is, so that it never meets the next one.
    const harmed = harm ? child.reached(harm.step).then(harm.act) : undefined
    const ended = Promise.all([child.ended, harmed]).then(([run]) => run)
    return { child: { ...child, ended }, seen }
  }

  /** Builds, is killed or not, and everything that must hold is checked in the database opened afresh. */
  async run(kill?: Kill, options: RunOptions = {}): Promise<ChildRun> {
    const watcher = this.version === 0 ? undefined : await this.database.watch?.(versionVector(this.schema))
    const { child, seen } = this.start(kill, options)
    const run = await child.ended
    await options.relieve?.()
    this.#countKill(run)
    const watched = (await watcher?.stop()) ?? []
    this.checkReaders(watched, options)
    this.checkReaders(seen(), options)
    await this.check([run], options)
    return run
  }

  /** Is killed, and the next run begins before anybody looks, which has to succeed. */
  async runTwice(kill: Kill, options: RunOptions = {}): Promise<void> {
    const watcher = await this.database.watch?.(versionVector(this.schema))
    const first = this.start(kill, options)
    const killed = await first.child.ended
    this.#countKill(killed)
    const second = this.start(undefined, { argv: ['--wait', '60'] })
    const next = await second.child.ended
    this.checkReaders((await watcher?.stop()) ?? [])
    for (const { seen } of [first, second]) this.checkReaders(seen())
    await this.check([killed, next], { isInOrder: true })
  }

  /** Checks the database after these runs, which went on at once or alone and are all over. */
  async check(runs: readonly ChildRun[], options: RunOptions = {}): Promise<void> {
    for (const run of runs) this.#checkTold(run, options)
    const before = this.version
    const least = runs.filter((run) => hasPublished(run) === 'yes').length
    const most = runs.filter((run) => hasPublished(run) !== 'no').length
    const versions = Array.from({ length: most - least + 1 }, (_, index) => before + least + index)
    const candidates = candidatesAfter(runs, options)
    const standing = await this.database.look((query) => readStanding(query, this.schema))
    this.version = checkStanding(standing, this.schema, {
      versions,
      candidates,
      told: () => runs.map(describe).join('\n'),
    })
    this.#bench.tally.checks++
  }

  checkReaders(seen: readonly string[], options: RunOptions = {}): void {
    checkSeen(seen, { errors: options.isStarved ?? false })
  }

  /** Builds the version that stands in a new database, once and whole, and compares all rows. */
  async compareWithFullRefresh(): Promise<void> {
    const folder = await this.#bench.makeFolder()
    const database = await this.#bench.engine.makeDatabase(folder)
    await writeProject(folder, projectFiles(database.target, this.schema))
    const order: Order = {
      folder,
      argv: ['build', '--full-refresh', '--vars', `{version: ${this.version}}`],
      clockShift: 0,
    }
    this.#bench.tally.runs++
    const run = await this.#children.start(order).ended
    demand('full refresh', run.exitCode === 0, () => `the build in a new database failed: ${run.output}`)
    const expected = await database.look((query) => readRows(query, this.version, this.schema))
    const found = await this.database.look((query) => readRows(query, this.version, this.schema))
    checkSameRows(found, expected)
    this.#bench.tally.checks++
    await database.remove()
  }

  #countKill(run: ChildRun): void {
    if (run.exitCode === undefined) this.#bench.tally.killed(lastStep(run))
  }

  #checkTold(run: ChildRun, { isStarved = false }: RunOptions): void {
    demand('told', !run.isHung, () => `a run did not end after ${run.steps.join(' ')}`)
    demand('told', !run.output.includes('This is a defect of Lavra'), () => run.output)
    if (isStarved || run.exitCode === undefined) return
    demand('told', run.exitCode === 0, () => `a run ended with ${run.exitCode}: ${run.output}`)
  }
}

function describe(run: ChildRun): string {
  return `a run that ended with ${run.exitCode ?? 'a kill'} after ${run.steps.join(' ')}: ${run.output.slice(-3000)}`
}

/** Whether a run has published, as far as what it told decides it. */
function hasPublished(run: ChildRun): 'yes' | 'no' | 'maybe' {
  if (run.isPublished) return 'yes'
  const isUnknown = run.exitCode === undefined || run.output.includes('commit-unknown')
  return isUnknown && reachedStep(run, 'commit') ? 'maybe' : 'no'
}

function candidatesAfter(
  runs: readonly ChildRun[],
  { isStarved = false, isInOrder = false }: RunOptions,
): 'none' | 'of one run' | 'recorded' {
  const killed = runs.filter((run) => run.exitCode === undefined)
  if (isStarved) return 'recorded'
  if (killed.length === 0) return 'none'
  if (isInOrder && runs.at(-1)?.exitCode !== undefined) return 'none'
  return runs.length === 1 && killed.some((run) => reachedStep(run, 'build')) ? 'of one run' : 'recorded'
}

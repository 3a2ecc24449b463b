import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Children } from './children.ts'
import type { RunningEngine, TortureEngine } from './engine.ts'
import { Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import { killAtRandom } from './scenarios/kill-at-random.ts'
import { killAtSteps } from './scenarios/kill-at-steps.ts'
import { runsAtOnce } from './scenarios/runs-at-once.ts'
import { stoppedHolder } from './scenarios/stopped-holder.ts'
import { wrongClock } from './scenarios/wrong-clock.ts'
import { Tally } from './tally.ts'

export interface TortureOptions {
  readonly engine: TortureEngine
  /** How many kills all scenarios together are asked for. */
  readonly kills: number
  readonly seed: number
  /** Only this scenario, which gets all the kills. */
  readonly scenario?: string
  /** Only this turn of it, counted from 1, on a new database. */
  readonly turn?: number
  readonly tell: (line: string) => void
}

export interface ScenarioReport {
  readonly scenario: string
  readonly tally: Tally
  readonly seconds: number
  /** A scenario ends with its first violation: what was found, and how it is replayed. */
  readonly violation?: string
}

/** What every engine can suffer, and what only this one can. */
export function scenariosOf(engine: TortureEngine): readonly Scenario[] {
  return [killAtSteps, killAtRandom, runsAtOnce, stoppedHolder, wrongClock, ...engine.scenarios]
}

/** Runs the scenarios one after the other. Folders of scenarios without a violation are removed. */
export async function torture(options: TortureOptions): Promise<readonly ScenarioReport[]> {
  const all = scenariosOf(options.engine)
  const chosen = all.filter(({ name }) => options.scenario === undefined || options.scenario === name)
  const folder = await mkdtemp(join(tmpdir(), 'lavra-torture-'))
  const engine = await options.engine.start(folder)
  const reports: ScenarioReport[] = []
  try {
    for (const scenario of chosen) reports.push(await runScenario(options, engine, scenario, folder))
  } finally {
    await engine.stop()
  }
  if (reports.every(({ violation }) => violation === undefined)) await rm(folder, { recursive: true, force: true })
  return reports
}

async function runScenario(
  options: TortureOptions,
  engine: RunningEngine,
  scenario: Scenario,
  parent: string,
): Promise<ScenarioReport> {
  const started = performance.now()
  const tally = new Tally()
  const groups: Children[] = []
  const endings: (() => void | Promise<void>)[] = []
  const folder = await mkdtemp(join(parent, `${scenario.name}-`))
  const bench = {
    engine,
    tally,
    tell: options.tell,
    atEnd: (work: () => void | Promise<void>) => void endings.unshift(work),
    makeFolder: () => mkdtemp(join(folder, 'project-')),
    makeChildren: (wrapper?: readonly string[]) => {
      const children = new Children(wrapper)
      groups.push(children)
      return children
    },
  }
  const { quota } = scenario
  const part = options.scenario !== undefined ? 1 : 'kills' in quota ? quota.kills : quota.turns
  const goal = Math.max(1, Math.ceil(options.kills * part))
  const isDone = () => ('kills' in quota ? tally.killCount : tally.faultCount) >= goal
  let turn = 0
  let violation: string | undefined
  try {
    const turns = await scenario.open(bench)
    const randomOf = (number: number) => new Random(options.seed, options.engine.name, scenario.name, number)
    while (options.turn === undefined ? !isDone() : turn === 0) {
      turn = options.turn ?? turn + 1
      await turns.turn(randomOf(turn))
    }
    await turns.close()
  } catch (error) {
    const replay = `npm run torture -- --engine ${options.engine.name} --scenario ${scenario.name} --kills ${goal} --seed ${options.seed}`
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    violation = `${scenario.name}, turn ${turn}: ${text}\n  in ${folder}\n  again: ${replay}`
  } finally {
    for (const children of groups) children.stop()
    for (const end of endings) await end()
  }
  if (violation === undefined) await rm(folder, { recursive: true, force: true })
  const seconds = (performance.now() - started) / 1000
  options.tell(lineOf(scenario.name, tally, seconds, violation))
  return { scenario: scenario.name, tally, seconds, ...(violation === undefined ? {} : { violation }) }
}

function lineOf(name: string, tally: Tally, seconds: number, violation: string | undefined): string {
  const counts = (all: ReadonlyMap<string, number>) => [...all].map(([key, count]) => `${key} ${count}`).join(', ')
  const parts = [`${tally.runs} runs`, `${tally.killCount} kills (${counts(tally.kills)})`]
  if (tally.faults.size > 0) parts.push(counts(tally.faults))
  parts.push(`${tally.checks} checks`, violation === undefined ? 'no violation' : `VIOLATION\n${violation}`)
  return `${name}: ${parts.join('; ')}; ${seconds.toFixed(0)} s`
}

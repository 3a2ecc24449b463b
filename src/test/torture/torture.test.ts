import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { duckdb } from './duckdb/engine.ts'
import type { TortureEngine } from './engine.ts'
import { killAtSteps, STEPS } from './scenarios/kill-at-steps.ts'
import { scenariosOf, torture } from './torture.ts'

/**
 * The short form of `npm run torture`: kills at every named step, and some turns of each other scenario. A failure prints
 * the seed, and the command that does it again.
 */
const ENGINES: readonly { readonly engine: TortureEngine; readonly kills: number }[] = [{ engine: duckdb, kills: 110 }]
const TURNS = 4
const seed = Number(process.env.LAVRA_TORTURE_SEED ?? Date.now() % 1_000_000)
const MAIN = join(import.meta.dirname, 'main.ts')
const HALF_AN_HOUR = 30 * 60_000

describe.each(ENGINES)(`$engine.name, seed ${seed}`, ({ engine, kills }) => {
  const run = (scenario: string, count: number) => torture({ engine, scenario, kills: count, seed, tell: () => {} })

  test(
    `${kills} kills at every step leave every reader on a whole version`,
    async () => {
      const [report] = await run(killAtSteps.name, kills)
      expect(report?.violation).toBeUndefined()
      expect(report?.tally.killCount).toBe(kills)
      const hit = [...(report?.tally.kills.keys() ?? [])].filter((step) => step !== 'start')
      expect(hit.sort(), 'every step was hit').toEqual([...STEPS].sort())
    },
    HALF_AN_HOUR,
  )

  const others = scenariosOf(engine).filter(({ name }) => name !== killAtSteps.name)
  test.each(others.filter(({ mounts }) => mounts === true))(
    '$name: $about',
    ({ name }) => {
      const args = ['--engine', engine.name, '--scenario', name, '--kills', String(TURNS), '--seed', String(seed)]
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
      expect(status, `${stdout}${stderr}`).toBe(0)
    },
    HALF_AN_HOUR,
  )

  test.each(others.filter(({ mounts }) => mounts !== true))(
    '$name: $about',
    async ({ name }) => {
      const [report] = await run(name, TURNS)
      expect(report?.violation).toBeUndefined()
      expect(report?.tally.done).toBeGreaterThanOrEqual(TURNS)
    },
    HALF_AN_HOUR,
  )
})

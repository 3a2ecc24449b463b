import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { TortureEngine } from './engine.ts'
import { killAtSteps, STEPS } from './scenarios/kill-at-steps.ts'
import { scenariosOf, torture } from './torture.ts'

const MAIN = join(import.meta.dirname, 'main.ts')
const HALF_AN_HOUR = 30 * 60_000

/**
 * The short form of `npm run torture` on one engine: kills at every named step, and some turns of each other scenario. A
 * failure prints the seed, and the command that does it again.
 */
export function shortForm(engine: TortureEngine, { kills, turns }: { readonly kills: number; readonly turns: number }) {
  const seed = Number(process.env.LAVRA_TORTURE_SEED ?? Date.now() % 1_000_000)
  const run = (scenario: string, count: number) => torture({ engine, scenario, kills: count, seed, tell: () => {} })
  const others = scenariosOf(engine).filter(({ name }) => name !== killAtSteps.name)

  describe(`${engine.name}, seed ${seed}`, () => {
    test(
      `${kills} kills at every step leave every reader on a whole version`,
      async () => {
        const [report] = await run(killAtSteps.name, kills)
        expect(report?.violation).toBeUndefined()
        expect(report?.tally.killCount).toBe(kills)
        const hit = [...(report?.tally.kills.keys() ?? [])]
        expect(hit.sort(), 'every step was hit').toEqual([...STEPS].sort())
      },
      HALF_AN_HOUR,
    )

    test.each(others.filter(({ mounts }) => mounts !== true))(
      '$name: $about',
      async ({ name }) => {
        const [report] = await run(name, turns)
        expect(report?.violation).toBeUndefined()
        expect((report?.tally.killCount ?? 0) + (report?.tally.faultCount ?? 0)).toBeGreaterThanOrEqual(turns)
      },
      HALF_AN_HOUR,
    )

    test.each(others.filter(({ mounts }) => mounts === true))(
      '$name: $about',
      ({ name }) => {
        const args = ['--engine', engine.name, '--scenario', name, '--kills', String(turns), '--seed', String(seed)]
        const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
        expect(status, `${stdout}${stderr}`).toBe(0)
      },
      HALF_AN_HOUR,
    )
  })
}

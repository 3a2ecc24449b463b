import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandsOf, Rig, type Step } from './rig.ts'

/**
 * Whole projects: every folder of `cases/` is a change to the shop of `shop/`, and `expected.txt` is what a terminal shows
 * for its commands. Whatever went wrong, no published relation may have changed, nothing may be left behind, and the next
 * build of the good files has to work. `LAVRA_UPDATE_CASES=1` writes what is shown now: read the diff.
 */
const CASES = join(import.meta.dirname, 'cases')
const isUpdate = process.env.LAVRA_UPDATE_CASES === '1'

/** The cases that mean to publish something although they do not end well. */
const PUBLISH_ALL_THE_SAME: readonly string[] = [
  'a-failing-hook-after-the-commit-is-told',
  'each-model-is-published-by-itself-when-that-is-asked-for',
  'what-passed-is-published-when-that-is-asked-for',
]

const rig = new Rig()

beforeAll(() => rig.start())
afterAll(() => rig.stop())

describe('a case', () => {
  for (const name of readdirSync(CASES)) {
    test(name.replaceAll('-', ' '), async () => {
      const folder = join(CASES, name)
      const shop = rig.open(folder)
      const steps: Step[] = []
      for (const line of commandsOf(folder)) steps.push(await shop.run(line))
      check(join(folder, 'expected.txt'), steps.map((step) => step.shown).join('\n'))
      expect(steps.filter((step) => step.shown.includes('a defect of Lavra'))).toEqual([])
      const failed = steps.filter((step) => step.failed)
      const changed = failed.flatMap((step) => step.changed)
      if (PUBLISH_ALL_THE_SAME.includes(name)) expect(changed).not.toEqual([])
      else expect(changed).toEqual([])
      expect(await shop.leftovers()).toEqual([])
      if (failed.length > 0) await shop.buildGoodVersion()
    })
  }
})

function check(path: string, shown: string): void {
  if (isUpdate) writeFileSync(path, shown)
  expect(shown).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '')
}

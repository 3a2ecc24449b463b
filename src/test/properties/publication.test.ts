import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TestEngine } from '../engines.ts'
import { TemporaryProject } from '../temporary-project.ts'
import { checkProperty, PROPERTY_TIMEOUT } from './check-property.ts'
import { contentsOf } from './contents.ts'
import { ExpectedShop } from './expected-shop.ts'
import { PROPERTY_ENGINES } from './property-engines.ts'
import { filesOf, modelName, repaired, type Shop, shopOf, writeShop } from './shop.ts'
import { expectVisible, publicationOf, selectionOf } from './visible.ts'

/**
 * A project is edited at random and run after every edit. `all` publishes everything or nothing, `passing` exactly the
 * closed set, and readers see what the expected shop says: rows, kinds, and the run that published each relation.
 */

interface Step {
  readonly shop: Shop
  /** The models to select; none selects everything. */
  readonly select: readonly number[]
  readonly publish: 'all' | 'passing'
  readonly fullRefresh: boolean
  readonly threads: number
}

const SIZE = 5
const step: fc.Arbitrary<Step> = fc.record({
  shop: shopOf(SIZE, ['table', 'view', 'incremental', 'ephemeral'], 'singular and generic'),
  select: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 3 })),
  publish: fc.constantFrom('all', 'passing', 'passing'),
  fullRefresh: fc.constantFrom(false, false, true),
  threads: fc.constantFrom(1, 2, 4),
})

test.each(PROPERTY_ENGINES)(
  'what a run publishes is the closed set, whole, on $name',
  { timeout: PROPERTY_TIMEOUT },
  async (engine) => {
    await checkProperty(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        const project = await TemporaryProject.make({}, engine)
        const expected = new ExpectedShop()
        const runIds: string[] = []
        const run = async ({ shop, select, publish, fullRefresh, threads }: Step) => {
          const selection = selectionOf(shop, select)
          if (selection.models.size === 0) return
          await writeShop(project, shop)
          const outcome = await project.run({ ...selection.flags, publish, fullRefresh, threads })
          const { published } = expected.build({ shop, ...selection, publish, fullRefresh })
          const told = publicationOf(outcome.events)
          runIds.push(told.runId)
          expect(told.published).toEqual([...published].map((model) => `main.${modelName(model)}`).sort())
          await expectVisible(project, expected, runIds)
        }
        try {
          for (const each of steps) await run(each)
          const last = repaired(steps.at(-1)?.shop ?? { models: [], tests: [] })
          await run({ shop: last, select: [], publish: 'all', fullRefresh: false, threads: 2 })
          await expectAsFromScratch(project, last, engine)
        } finally {
          await project.remove()
        }
      }),
      14,
    )
  },
)

/** Whatever came before, every relation of the project is as a first build in a new database makes it. */
async function expectAsFromScratch(project: TemporaryProject, shop: Shop, engine: TestEngine): Promise<void> {
  const fresh = await TemporaryProject.make(filesOf(shop), engine)
  try {
    await fresh.run()
    const standing = await contentsOf(project)
    for (const [name, contents] of await contentsOf(fresh)) expect(standing.get(name), name).toEqual(contents)
  } finally {
    await fresh.remove()
  }
}

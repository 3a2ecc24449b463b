import fc from 'fast-check'
import { expect, test } from 'vitest'
import { build } from '../../commands/build.ts'
import type { Flags } from '../../commands/flags.ts'
import { retry } from '../../commands/retry.ts'
import { UserError } from '../../diagnostics/errors.ts'
import type { RunEvent } from '../../events/events.ts'
import { TemporaryProject } from '../temporary-project.ts'
import { checkProperty, PROPERTY_TIMEOUT } from './check-property.ts'
import { type ExpectedRun, ExpectedShop } from './expected-shop.ts'
import { PROPERTY_ENGINES } from './property-engines.ts'
import { modelName, type Shop, shopOf, testName, writeShop } from './shop.ts'
import { expectVisible, publicationOf, selectionOf } from './visible.ts'

/**
 * After any row of edits, builds that go well or badly, retries and rollbacks, readers see what a list of published
 * versions says they see.
 */

type Step =
  | {
      readonly command: 'build'
      readonly shop: Shop
      readonly select: readonly number[]
      readonly publish: 'all' | 'passing'
      readonly fullRefresh: boolean
    }
  | { readonly command: 'retry'; readonly shop: Shop; readonly publish: 'all' | 'passing' }
  | { readonly command: 'rollback' }
  /** To one of the runs that published, counted around. */
  | { readonly command: 'rollback to'; readonly run: number }

const SIZE = 3
const shop = shopOf(SIZE, ['table', 'view', 'appending', 'ephemeral'], 'singular')
const publish = fc.constantFrom('all', 'all', 'passing')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      command: fc.constant('build'),
      shop,
      select: fc.oneof(fc.constant([]), fc.uniqueArray(fc.nat(SIZE - 1), { maxLength: 2 })),
      publish,
      fullRefresh: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ command: fc.constant('retry'), shop, publish }) },
  { weight: 3, arbitrary: fc.record({ command: fc.constant('rollback') }) },
  { weight: 3, arbitrary: fc.record({ command: fc.constant('rollback to'), run: fc.nat(3) }) },
)

const FILES = {
  'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nversions: 20\nmodels:\n  +materialized: table\n`,
}

test.each(PROPERTY_ENGINES)(
  'builds, retries and rollbacks leave what a list of versions says, on $name',
  { timeout: PROPERTY_TIMEOUT },
  async (engine) => {
    await checkProperty(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const history = new History(await TemporaryProject.make(FILES, engine))
        try {
          for (const each of steps) await history.take(each)
        } finally {
          await history.project.remove()
        }
      }),
      12,
    )
  },
)

/** A project and the list of versions that it must agree with. */
class History {
  readonly project: TemporaryProject
  readonly #expected = new ExpectedShop()
  readonly #runIds: string[] = []
  /** What a retry would do again: of the tests those that did not pass. All that ran are `ran`. */
  #left: (Pick<ExpectedRun, 'models' | 'tests' | 'fullRefresh'> & { readonly ran: ReadonlySet<number> }) | undefined

  constructor(project: TemporaryProject) {
    this.project = project
  }

  async take(step: Step): Promise<void> {
    switch (step.command) {
      case 'build': {
        const { flags, ...selection } = selectionOf(step.shop, step.select)
        if (selection.models.size === 0) return
        await this.#run({ ...step, ...selection }, build, { ...flags, fullRefresh: step.fullRefresh })
        break
      }
      case 'retry': {
        if (this.#left === undefined) {
          await this.#retryNothing()
          break
        }
        const { shop } = step
        const { ran, ...left } = this.#left
        const models = new Set([...left.models].filter((model) => shop.models[model] !== undefined))
        // The tests of what is built again, too, as the project is now: an edited test may read something else.
        const isAgain = (index: number) =>
          shop.tests[index] !== undefined &&
          (left.tests.has(index) || shop.tests[index].parents.some((parent) => models.has(parent)))
        const again = { ...left, models, tests: new Set([...ran].filter(isAgain)) }
        if (again.models.size + again.tests.size === 0) return
        await this.#run({ ...step, ...again }, retry, {})
        break
      }
      case 'rollback': {
        const isPossible = this.#expected.rollback()
        if (isPossible) await this.project.rollback()
        else if (this.#runIds.length > 0) await expect(this.project.rollback()).rejects.toThrow(UserError)
        break
      }
      case 'rollback to': {
        const { publications } = this.#expected
        const run = publications[step.run % publications.length]
        if (run === undefined) return
        this.#expected.rollbackTo(run)
        await this.project.rollback(this.#runIds[run - 1])
        break
      }
    }
    if (this.#runIds.length > 0) await expectVisible(this.project, this.#expected, this.#runIds)
  }

  async #run(run: ExpectedRun, command: typeof build, flags: Flags): Promise<void> {
    await writeShop(this.project, run.shop)
    const events: RunEvent[] = []
    const world = { ...this.project.world(), onEvent: (event: RunEvent) => events.push(event) }
    const exitCode = await command({ ...flags, publish: run.publish }, world)
    const told = publicationOf(events)
    this.#runIds.push(told.runId)
    const { published } = this.#expected.build(run)
    expect(told.published).toEqual([...published].map((model) => `main.${modelName(model)}`).sort())
    this.#left = exitCode === 0 ? undefined : this.#leftBy(run, published, events)
  }

  /** Where the last run left nothing to do again, a retry does not even run. */
  async #retryNothing(): Promise<void> {
    if (this.#runIds.length === 0) return
    const events: RunEvent[] = []
    const world = { ...this.project.world(), onEvent: (event: RunEvent) => events.push(event) }
    expect([await retry({}, world), publicationOf(events).runId]).toEqual([0, ''])
  }

  /** What did not end well or was not published, and the tests of that. */
  #leftBy(
    { shop, models, tests, fullRefresh }: ExpectedRun,
    published: ReadonlySet<number>,
    told: readonly RunEvent[],
  ) {
    const again = [...models].filter((model) => shop.models[model]?.kind !== 'ephemeral' && !published.has(model))
    const statuses = new Map(
      told.flatMap((event) => (event.kind === 'node-finished' ? [[event.node.name, event.outcome.status]] : [])),
    )
    const isLeft = (index: number) => ['fail', 'error', 'skipped'].includes(statuses.get(testName(index)) ?? '')
    return { models: new Set(again), tests: new Set([...tests].filter(isLeft)), ran: tests, fullRefresh }
  }
}

import type { RunStep } from '../../../events/events.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

/** Every step that a run tells, in its order. */
export const STEPS: readonly RunStep[] = [
  'connect',
  'sweep',
  'build',
  'test',
  'publish',
  'merge',
  'swap',
  'views',
  'state',
  'commit',
  'clean',
]

const COMPARE_EVERY = 25

export const killAtSteps: Scenario = {
  name: 'kill-at-steps',
  about: 'SIGKILL at each named step in turn, at once or within 4 ms',
  quota: { kills: 0.5 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    let turns = 0
    return {
      async turn(random) {
        const step = STEPS[turns++ % STEPS.length] ?? 'connect'
        await subject.run({ step, delayMs: random.happens(0.5) ? 0 : random.fraction() * 4 })
        if (turns % COMPARE_EVERY === 0) {
          await subject.run()
          await subject.compareWithFullRefresh()
        }
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

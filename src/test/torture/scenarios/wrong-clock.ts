import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { STEPS } from './kill-at-steps.ts'

const SECOND = 1000
const DAY = 24 * 60 * 60 * SECOND

export const wrongClock: Scenario = {
  name: 'wrong-clock',
  about: 'runs whose clocks are wrong by seconds to ten years, back and forth; half of them are killed',
  quota: { kills: 0.05 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const distance = random.pick([2 * SECOND, 3600 * SECOND, DAY, 3650 * DAY])
        const clockShift = Math.round((random.fraction() * 2 - 1) * distance)
        bench.tally.fault(clockShift < 0 ? 'clock behind' : 'clock ahead')
        const kill = random.happens(0.5) ? { step: random.pick(STEPS), delayMs: random.fraction() * 4 } : undefined
        await subject.run(kill, { clockShift })
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

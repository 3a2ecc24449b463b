import type { Kill } from '../children.ts'
import type { Random } from '../random.ts'
import { runTogether } from '../run-together.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { STEPS } from './kill-at-steps.ts'

const COMPARE_EVERY = 5

export const runsAtOnce: Scenario = {
  name: 'runs-at-once',
  about: 'two to eight runs at once on one target, half of them killed at any step',
  quota: { kills: 0.15 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    let turns = 0
    return {
      async turn(random) {
        const kills = Array.from({ length: random.whole(2, 8) }, () => killOrNot(random))
        await runTogether(
          bench,
          kills.map((kill) => ({ subject, kill, options: { argv: ['--wait', '240'] } })),
        )
        if (++turns % COMPARE_EVERY === 0) {
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

export function killOrNot(random: Random): Kill | undefined {
  return random.happens(0.5) ? { step: random.pick(STEPS), delayMs: random.fraction() * 4 } : undefined
}

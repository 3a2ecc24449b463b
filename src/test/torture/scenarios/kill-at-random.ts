import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

const COMPARE_EVERY = 25

export const killAtRandom: Scenario = {
  name: 'kill-at-random',
  about: 'SIGKILL at any moment of a run; every fourth time, the next run begins at once',
  quota: { kills: 0.25 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    // How long a run takes here and now: what was measured last counts most.
    let typical = (await subject.run()).milliseconds
    let turns = 0
    return {
      async turn(random) {
        const delayMs = random.fraction() * typical
        const kill = random.happens(0.3) ? { delayMs } : { step: 'connect' as const, delayMs: delayMs * 0.8 }
        if (random.happens(0.25)) await subject.runTwice(kill)
        else {
          const run = await subject.run(kill)
          typical = run.exitCode === undefined ? typical * 1.02 : (typical + run.milliseconds) / 2
        }
        turns++
        if (turns % COMPARE_EVERY !== 0) return
        typical = (typical + (await subject.run()).milliseconds) / 2
        await subject.compareWithFullRefresh()
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

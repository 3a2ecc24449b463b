import type { ChildRun, Kill } from '../children.ts'
import { lastStep } from '../children.ts'
import { versionVector } from '../project.ts'
import type { Random } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { STEPS } from './kill-at-steps.ts'

export const runsAtOnce: Scenario = {
  name: 'runs-at-once',
  about: 'two to eight runs at once on one target, half of them killed at any step',
  share: 0.15,
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    let turns = 0
    return {
      async turn(random) {
        const kills = Array.from({ length: random.whole(2, 8) }, () => killOrNot(random))
        const watcher = await subject.database.watch?.(versionVector(subject.schema))
        const started = kills.map((kill) => subject.start(kill, { argv: ['--wait', '120'] }))
        const runs = await Promise.all(started.map(({ child }) => child.ended))
        for (const run of runs) count(run)
        subject.checkReaders((await watcher?.stop()) ?? [])
        for (const { seen } of started) subject.checkReaders(seen())
        await subject.check(runs)
        if (++turns % 5 === 0) {
          await subject.run()
          await subject.compareWithFullRefresh()
        }
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }

    function count(run: ChildRun): void {
      if (run.exitCode === undefined) bench.tally.killed(lastStep(run))
    }
  },
}

function killOrNot(random: Random): Kill | undefined {
  return random.happens(0.5) ? { step: random.pick(STEPS), delayMs: random.fraction() * 4 } : undefined
}

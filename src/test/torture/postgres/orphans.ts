import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

export const orphans: Scenario = {
  name: 'orphans',
  about:
    'SIGKILL in the middle of a statement of seconds, and the next run at once: the server still works for the dead one',
  quota: { kills: 0.05 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const ballast = random.whole(200_000, 2_000_000)
        const kill = { step: 'build', delayMs: random.fraction() * 800 } as const
        await subject.runTwice(kill, { argv: ['--vars', `{ballast: ${ballast}}`] })
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

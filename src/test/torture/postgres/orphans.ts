import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

export const orphans: Scenario = {
  name: 'orphans',
  about:
    'SIGKILL in the middle of a statement of seconds, and the next run at once: the server still works for the dead one',
  share: 0.05,
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const ballast = random.whole(200_000, 2_000_000)
        const kill = { step: 'build', delayMs: random.fraction() * 800 } as const
        const lagging = subject.start(kill, { argv: ['--vars', `{ballast: ${ballast}}`] })
        const killed = await lagging.child.ended
        if (killed.exitCode === undefined) bench.tally.killed(killed.steps.at(-1) ?? 'start')
        const next = await subject.start(undefined, { argv: ['--wait', '60'] }).child.ended
        await subject.check([killed, next])
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

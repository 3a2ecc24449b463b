import { lastStep } from '../children.ts'
import { demand } from '../invariants.ts'
import { versionVector } from '../project.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { STEPS } from './kill-at-steps.ts'

/** Where the run holds the target, and has not published. */
const HELD = STEPS.slice(STEPS.indexOf('sweep'), STEPS.indexOf('commit'))

export const stoppedHolder: Scenario = {
  name: 'stopped-holder',
  about:
    'a run that is stopped (SIGSTOP) while it holds the target: others are told who it is, wait, and go on when it is killed',
  quota: { kills: 0.05 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const watcher = await subject.database.watch?.(versionVector(subject.schema))
        const holder = subject.start()
        await holder.child.reached(random.pick(HELD))
        holder.child.signal('SIGSTOP')
        const refused = await subject.start(undefined, { argv: ['--wait', '0'] }).child.ended
        const waiting = subject.start(undefined, { argv: ['--wait', '120'] })
        holder.child.signal('SIGKILL')
        const killed = await holder.child.ended
        const waited = await waiting.child.ended
        for (const { seen } of [holder, waiting]) subject.checkReaders(seen())
        subject.checkReaders((await watcher?.stop()) ?? [])
        if (killed.exitCode === undefined) bench.tally.killed(lastStep(killed))
        // It may have come to its end before it was stopped; then nobody was refused.
        if (refused.exitCode === 0) return subject.check([killed, refused, waited])
        const isTold = refused.exitCode === 2 && refused.output.includes(`process ${holder.child.pid}`)
        demand('told', isTold, () => `while ${holder.child.pid} held the target: ${refused.exitCode} ${refused.output}`)
        return subject.check([killed, waited], { isInOrder: true })
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

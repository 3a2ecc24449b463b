import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demand } from '../invariants.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

export const deadHolder: Scenario = {
  name: 'dead-holder',
  about: 'a lock file left by a dead holder, of another host, of a living stranger, or unreadable; a holder that is stopped and killed',
  share: 0.1,
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    const lockPath = join(subject.folder, 'shop.duckdb.lavra-lock')
    return {
      async turn(random) {
        if (random.happens(0.4)) await stoppedHolder()
        else {
          bench.tally.fault('lock file left')
          writeFileSync(lockPath, random.pick(LEFT_BEHIND))
          await subject.run()
        }
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }

    /** It holds the lease and does nothing: others are told who it is; when it is killed, they go on. */
    async function stoppedHolder(): Promise<void> {
      const holder = subject.start()
      await holder.child.reached('build')
      holder.child.signal('SIGSTOP')
      const refused = await subject.start(undefined, { argv: ['--wait', '0'] }).child.ended
      const namesIt = refused.output.includes(`process ${holder.child.pid}`)
      demand('told', refused.exitCode === 2 && namesIt, () => `${refused.exitCode}: ${refused.output}`)
      const waiting = subject.start(undefined, { argv: ['--wait', '60'] })
      holder.child.signal('SIGKILL')
      const killed = await holder.child.ended
      if (killed.exitCode === undefined) bench.tally.killed(killed.steps.at(-1) ?? 'start')
      const waited = await waiting.child.ended
      for (const { seen } of [holder, waiting]) subject.checkReaders(seen())
      await subject.check([killed, waited])
    }
  },
}

const holder = (pid: number, host: string) =>
  `${JSON.stringify({ pid, host, runId: 'an-old-run', started: '2020-01-01T00:00:00.000Z' })}\n`

const LEFT_BEHIND: readonly string[] = [
  holder(2 ** 22 - 1, 'here'),
  holder(1, 'here'),
  holder(process.pid, 'another-host'),
  '',
  '{"pid": ',
  'null\n',
]

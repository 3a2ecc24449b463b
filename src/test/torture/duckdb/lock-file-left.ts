import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'

export const lockFileLeft: Scenario = {
  name: 'lock-file-left',
  about:
    'a lock file left by a holder that is dead, lives on another host, or has the number of a living stranger, or that is cut off',
  quota: { turns: 0.03 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    const lockPath = join(subject.folder, 'shop.duckdb.lavra-lock')
    return {
      async turn(random) {
        bench.tally.fault('lock file left')
        writeFileSync(lockPath, random.pick(LEFT_BEHIND))
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
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

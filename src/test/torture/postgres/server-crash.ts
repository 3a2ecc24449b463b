import type { Scenario } from '../scenario.ts'
import { STEPS } from '../scenarios/kill-at-steps.ts'
import { Subject } from '../subject.ts'
import { onServer } from './server.ts'

export const serverCrash: Scenario = {
  name: 'server-crash',
  about: 'SIGKILL of a backend of the run: the server throws everybody out, and recovers from its log',
  quota: { kills: 0.05 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const step = random.pick(STEPS)
        const delayMs = random.happens(0.5) ? 0 : random.fraction() * 4
        const harm = {
          step,
          async act() {
            await new Promise((resolve) => setTimeout(resolve, delayMs))
            await crash(subject.database.url)
          },
        }
        bench.tally.killed(step)
        await subject.run(undefined, { isStarved: true, harm })
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

async function crash(url: URL | undefined): Promise<void> {
  if (url === undefined) return
  await onServer(url, async (query) => {
    const [[pid] = []] = await query(
      `select pid from pg_stat_activity where datname = current_database() and application_name like 'lavra%' order by random() limit 1`,
    )
    if (typeof pid === 'string') process.kill(Number(pid), 'SIGKILL')
  }).catch(() => {
    // The crash throws this session out, too.
  })
}

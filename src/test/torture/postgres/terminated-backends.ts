import type { Random } from '../random.ts'
import { runTogether } from '../run-together.ts'
import type { Scenario } from '../scenario.ts'
import { STEPS } from '../scenarios/kill-at-steps.ts'
import { Subject } from '../subject.ts'
import { onServer } from './server.ts'

/** The session of the lease is named after its run; those that build are not. */
const WHICH = {
  'all backends': 'true',
  'the one that publishes': `application_name like 'lavra %'`,
  'one that builds': `application_name = 'lavra' and pid = (
    select min(pid) from pg_stat_activity where datname = current_database() and application_name = 'lavra')`,
} as const

export const terminatedBackends: Scenario = {
  name: 'terminated-backends',
  about:
    'pg_terminate_backend of the session that publishes, of one that builds, or of all, at any step; half of the time another run waits',
  quota: { turns: 0.08 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    return {
      async turn(random) {
        const which = random.pick(Object.keys(WHICH) as (keyof typeof WHICH)[])
        bench.tally.fault(`terminated ${which}`)
        // A run that takes its time is still building when another one has its lease.
        const ballast = random.pick([10, 500_000])
        const argv = ['--wait', '240', '--vars', `{ballast: ${ballast}}`]
        const options = { argv, isStarved: true, harm: harmAt(random, subject, WHICH[which]) }
        const waiting = random.happens(0.5) ? [{ subject, options: { argv: ['--wait', '240'], isStarved: true } }] : []
        await runTogether(bench, [{ subject, options }, ...waiting])
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

function harmAt(random: Random, subject: Subject, which: string) {
  const step = random.pick(STEPS)
  const delayMs = random.happens(0.5) ? 0 : random.fraction() * 4
  return {
    step,
    async act() {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      if (subject.database.url === undefined) return
      await onServer(subject.database.url, (query) =>
        query(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and application_name like 'lavra%' and ${which}`,
        ),
      )
    },
  }
}

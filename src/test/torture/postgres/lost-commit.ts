import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { CommitCutter } from './commit-cutter.ts'
import type { RunningPostgres } from './engine.ts'
import { createDatabase, doorOf, onServer, postgresDatabase } from './server.ts'

const FOREVER = 3_600_000

export const lostCommit: Scenario = {
  name: 'lost-commit',
  about:
    'the connection is reset at COMMIT: before the server has it, while it commits (at once or for 0.3 s), and after; or all connections at any time',
  quota: { turns: 0.08 },
  async open(bench) {
    const engine = bench.engine as RunningPostgres // a scenario of this engine
    const url = await createDatabase(engine.url, engine.makeName())
    const cutter = await CommitCutter.listen(doorOf(url))
    bench.atEnd(() => cutter.stop())
    const database = postgresDatabase(url, { door: cutter.door, retries: 1 })
    const subject = await Subject.make(bench, bench.makeChildren(), { database })
    await onServer(url, (query) => query(SLOW_COMMIT))
    return {
      async turn(random) {
        const slow = random.happens(0.4) ? 0.3 : 0
        await onServer(url, (query) => query(`update public.commits set seconds = ${slow}`))
        const cut = random.pick(['before', 'on-its-way', 'on-its-way', 'after', 'anywhere'] as const)
        const refuseMs = random.pick([0, 0, 200, FOREVER])
        if (cut === 'anywhere') {
          bench.tally.fault('all connections reset')
          const delayMs = random.fraction() * 600
          const harm = {
            step: 'connect' as const,
            act: async () => {
              await new Promise((resolve) => setTimeout(resolve, delayMs))
              cutter.cutAll()
            },
          }
          await subject.run(undefined, { isStarved: true, harm })
        } else {
          cutter.arm({ cut, which: random.whole(1, 2), refuseMs })
          const relieve = async () => {
            if (cutter.disarm()) bench.tally.fault(`cut ${cut} COMMIT`)
          }
          await subject.run(undefined, { isStarved: true, relieve })
        }
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

/** A deferred trigger on what every publication writes: a COMMIT that takes its time. */
const SLOW_COMMIT = `create table public.commits (seconds double precision);
insert into public.commits values (0);
create function public.wait_at_commit() returns trigger language plpgsql as
  'begin perform pg_sleep(seconds) from public.commits; return null; end';
create constraint trigger slow after insert on main.journal deferrable initially deferred
  for each row execute function public.wait_at_commit()`

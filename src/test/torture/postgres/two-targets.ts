import { runTogether } from '../run-together.ts'
import type { Scenario } from '../scenario.ts'
import { killOrNot } from '../scenarios/runs-at-once.ts'
import { Subject } from '../subject.ts'

const SCHEMAS = ['main', 'ana', 'bruno']
const NEW_EVERY = 4

export const twoTargets: Scenario = {
  name: 'targets-at-once',
  about: 'runs at once on three target schemas of one database, also on a new one; they do not wait for each other',
  quota: { kills: 0.07 },
  async open(bench) {
    const children = bench.makeChildren()
    let subjects = await makeSubjects()
    let turns = 0
    return {
      async turn(random) {
        if (++turns % NEW_EVERY === 0) subjects = await makeSubjects()
        await runTogether(
          bench,
          subjects.flatMap((subject) => {
            const runs = Array.from({ length: random.whole(1, 2) }, () => killOrNot(random))
            return runs.map((kill) => ({ subject, kill, options: { argv: ['--wait', '240'] } }))
          }),
        )
      },
      async close() {
        await runTogether(
          bench,
          subjects.map((subject) => ({ subject })),
        )
        for (const subject of subjects) await subject.compareWithFullRefresh()
      },
    }

    /** All at once, so that they also make the state at once. */
    async function makeSubjects(): Promise<readonly Subject[]> {
      const database = await bench.engine.makeDatabase(await bench.makeFolder())
      return Promise.all(SCHEMAS.map((schema) => Subject.make(bench, children, { database, schema })))
    }
  },
}

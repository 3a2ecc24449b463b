import type { TortureDatabase, Watcher } from '../engine.ts'
import { storedVector } from '../project.ts'
import { runTogether } from '../run-together.ts'
import type { Scenario } from '../scenario.ts'
import { STEPS } from '../scenarios/kill-at-steps.ts'
import { Subject } from '../subject.ts'
import { watch } from './server.ts'

export const inPlace: Scenario = {
  name: 'in-place',
  about: 'swap: in_place under readers at REPEATABLE READ and READ COMMITTED; killed at any step, or not',
  quota: { kills: 0.05 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren(), { swap: 'in_place' })
    return {
      async turn(random) {
        const repeatable = await watchRepeatably(subject.database, storedVector(subject.schema))
        const kill = random.happens(0.7) ? { step: random.pick(STEPS), delayMs: random.fraction() * 4 } : undefined
        await runTogether(bench, [{ subject, kill }])
        subject.checkReaders((await repeatable?.stop()) ?? [])
      },
      async close() {
        await subject.run()
        await subject.compareWithFullRefresh()
      },
    }
  },
}

async function watchRepeatably({ url }: TortureDatabase, sql: string): Promise<Watcher | undefined> {
  return url && (await watch(url, sql, 'repeatable read'))
}

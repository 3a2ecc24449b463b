import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { mountSmallDisk } from '../small-disk.ts'
import { Subject } from '../subject.ts'
import type { RunningPostgres } from './engine.ts'
import { createDatabase, onServer, postgresDatabase } from './server.ts'

const MEGABYTE = 1024 * 1024
const PLENTY = 400 * MEGABYTE

export const fullDisk: Scenario = {
  name: 'full-disk',
  about:
    'the disk of the database (a tablespace) fills at any moment of a build; a quarter of these runs are killed, too',
  share: 0.05,
  mounts: true,
  async open(bench) {
    const engine = bench.engine as RunningPostgres // a scenario of this engine
    const disk = mountSmallDisk(engine.folder, PLENTY)
    const place = join(disk.folder, 'tablespace')
    mkdirSync(place)
    if (engine.owner) chownSync(place, engine.owner.uid, engine.owner.gid)
    await onServer(engine.url, (query) => query(`create tablespace small location '${place}'`))
    const url = await createDatabase(engine.url, engine.makeName(), 'tablespace small')
    const subject = await Subject.make(bench, bench.makeChildren(), { database: postgresDatabase(url) })
    return {
      async turn(random) {
        disk.leave(Math.floor(random.fraction() ** 2 * 24 * MEGABYTE))
        const kill = random.happens(0.25) ? { step: 'connect' as const, delayMs: random.fraction() * 800 } : undefined
        const relieve = async () => disk.leave(PLENTY)
        const run = await subject.run(kill, { argv: ['--vars', '{ballast: 200000}'], isStarved: true, relieve })
        bench.tally.fault(run.isPublished ? 'disk just large enough' : 'disk full')
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
        await subject.database.remove()
        await onServer(engine.url, (query) => query('drop tablespace small'))
        disk.remove()
      },
    }
  },
}

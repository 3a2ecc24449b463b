import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Scenario } from '../scenario.ts'
import { limitFileSizesOf, mountSmallDisk, type SmallDisk } from '../small-disk.ts'
import { Subject } from '../subject.ts'
import type { RunningPostgres } from './engine.ts'
import { createDatabase, onServer, postgresDatabase } from './server.ts'

const MEGABYTE = 1024 * 1024
const PLENTY = 400 * MEGABYTE

export const fullDisk: Scenario = {
  name: 'full-disk',
  about:
    'the disk of the database (a tablespace) fills at any moment of a build; a quarter of these runs are killed, too',
  quota: { turns: 0.05 },
  mounts: true,
  async open(bench) {
    const engine = bench.engine as RunningPostgres // a scenario of this engine
    const { url, disk, remove } = await makePlace(bench, engine)
    const database = postgresDatabase(url)
    bench.atEnd(async () => {
      await database.remove()
      await remove()
    })
    const subject = await Subject.make(bench, bench.makeChildren(), { database })
    return {
      async turn(random) {
        disk.leave(Math.floor(random.fraction() ** 2 * 60 * MEGABYTE))
        const kill = random.happens(0.25) ? { step: 'connect' as const, delayMs: random.fraction() * 800 } : undefined
        const relieve = async () => disk.leave(PLENTY)
        const run = await subject.run(kill, { argv: ['--vars', '{ballast: 500000}'], isStarved: true, relieve })
        bench.tally.fault(run.isPublished ? 'disk just large enough' : 'disk full')
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

interface Place {
  /** The database, empty. */
  readonly url: URL
  readonly disk: Pick<SmallDisk, 'leave'>
  remove(): Promise<void>
}

async function makePlace(bench: Bench, engine: RunningPostgres): Promise<Place> {
  try {
    return await placeOnDisk(engine, mountSmallDisk(engine.folder, PLENTY))
  } catch (error) {
    bench.tell(`full-disk: the server's files are limited in size instead, because of: ${String(error)}`)
    const limits = limitFileSizesOf(engine.pid, engine.owner)
    const url = await createDatabase(engine.url, engine.makeName())
    return { url, disk: limits, remove: async () => limits.remove() }
  }
}

async function placeOnDisk(engine: RunningPostgres, disk: SmallDisk): Promise<Place> {
  const folder = join(disk.folder, 'tablespace')
  mkdirSync(folder)
  if (engine.owner) chownSync(folder, engine.owner.uid, engine.owner.gid)
  await onServer(engine.url, (query) => query(`create tablespace small location '${folder}'`))
  return {
    url: await createDatabase(engine.url, engine.makeName(), 'tablespace small'),
    disk,
    async remove() {
      await onServer(engine.url, (query) => query('drop tablespace small'))
      disk.remove()
    },
  }
}

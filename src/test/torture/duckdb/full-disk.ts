import type { Bench, Scenario } from '../scenario.ts'
import { limitFileSizes, mountSmallDisk, type SmallDisk } from '../small-disk.ts'
import { Subject } from '../subject.ts'

const MEGABYTE = 1024 * 1024
const PLENTY = 200 * MEGABYTE

export const fullDisk: Scenario = {
  name: 'full-disk',
  about: 'a disk that fills at any moment of a build; a quarter of these runs are killed, too',
  quota: { turns: 0.06 },
  mounts: true,
  async open(bench) {
    const disk = await makeDisk(bench)
    bench.atEnd(() => disk.remove())
    const subject = await Subject.make(bench, bench.makeChildren(disk.wrapper), { folder: disk.folder })
    return {
      async turn(random) {
        disk.leave(Math.floor(random.fraction() ** 2 * 16 * MEGABYTE))
        const kill = random.happens(0.25) ? { step: 'connect' as const, delayMs: random.fraction() * 500 } : undefined
        const relieve = async () => disk.leave(PLENTY)
        const run = await subject.run(kill, { argv: ['--vars', '{ballast: 300000}'], isStarved: true, relieve })
        bench.tally.fault(run.isPublished ? 'disk just large enough' : 'disk full')
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

async function makeDisk(bench: Bench): Promise<SmallDisk> {
  try {
    return mountSmallDisk(await bench.makeFolder(), PLENTY)
  } catch (error) {
    bench.tell(`full-disk: files are limited in size instead, because nothing can be mounted: ${String(error)}`)
    return limitFileSizes(await bench.makeFolder())
  }
}

import type { Scenario } from '../scenario.ts'
import { makeSmallDisk } from '../small-disk.ts'
import { Subject } from '../subject.ts'

const MEGABYTE = 1024 * 1024

export const fullDisk: Scenario = {
  name: 'full-disk',
  about: 'a disk that fills at any moment of a build, some of which are killed while they find out',
  share: 0.06,
  async open(bench) {
    const folder = await bench.makeFolder()
    const disk = await makeSmallDisk(folder, 200 * MEGABYTE)
    const subject = await Subject.make(bench, bench.makeChildren(disk.wrapper), { folder: disk.folder })
    return {
      async turn(random) {
        bench.tally.fault('disk full')
        await disk.leave(Math.floor(random.fraction() ** 2 * 16 * MEGABYTE))
        const kill = random.happens(0.25) ? { delayMs: random.fraction() * 400 } : undefined
        const relieve = () => disk.leave(200 * MEGABYTE)
        await subject.run(kill, { argv: ['--vars', '{ballast: 300000}'], isStarved: true, relieve })
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
        await disk.remove()
      },
    }
  },
}

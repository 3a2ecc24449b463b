import { join } from 'node:path'
import { projectFiles, writeProject } from '../project.ts'
import type { Scenario } from '../scenario.ts'
import { Subject } from '../subject.ts'
import { duckdbFile } from './engine.ts'

export const littleMemory: Scenario = {
  name: 'little-memory',
  about: 'a memory_limit of 2 to 40 MB for a build that wants more, without a place on disk to go to',
  quota: { turns: 0.04 },
  async open(bench) {
    const subject = await Subject.make(bench, bench.makeChildren())
    const path = join(subject.folder, 'shop.duckdb')
    return {
      async turn(random) {
        const megabytes = random.whole(2, 40)
        bench.tally.fault('memory limit')
        const limited = duckdbFile(path, `memory_limit: ${megabytes}MB, temp_directory: ''`)
        await writeProject(subject.folder, projectFiles(limited.target, subject.schema))
        await subject.run(undefined, { argv: ['--vars', '{ballast: 300000}'], isStarved: true })
        await writeProject(subject.folder, projectFiles(subject.database.target, subject.schema))
        await subject.run()
      },
      async close() {
        await subject.compareWithFullRefresh()
      },
    }
  },
}

import { afterEach, describe } from 'vitest'
import { TEST_ENGINES, type TestEngine } from '../engines.ts'
import { TemporaryProject } from '../temporary-project.ts'

/** The engines that every scenario runs on. */
export const SCENARIO_ENGINES: readonly TestEngine[] = TEST_ENGINES

export interface Area {
  readonly engine: TestEngine
  /** A project of this engine in a folder of its own, which goes away with the test. Its models are tables by default. */
  project(files: Readonly<Record<string, string>>): Promise<TemporaryProject>
}

/** The scenarios of one area, once on every engine. */
export function area(name: string, define: (area: Area) => void): void {
  for (const engine of SCENARIO_ENGINES) {
    describe(`${name} on ${engine.name}`, () => {
      const made: TemporaryProject[] = []
      afterEach(async () => {
        for (const project of made.splice(0)) await project.remove()
      })
      define({
        engine,
        async project(files) {
          const project = await TemporaryProject.make(files, engine)
          made.push(project)
          return project
        },
      })
    })
  }
}

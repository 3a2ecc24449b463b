import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, inTurns } from '../measure/processes.ts'
import { lineOf, type SuiteResult } from '../measure/table.ts'
import { manyModelsProject } from '../projects/many-models.ts'
import { writeProject } from '../projects/project-folder.ts'
import { wideModelsProject } from '../projects/wide-models.ts'
import type { SuiteInput } from './suite.ts'

/** Everything that `lavra check` does before it tells that nothing is wrong. */
export function checkSuite({ folder, cli, quick }: SuiteInput): SuiteResult {
  const models = quick ? 200 : 1000
  const check = (name: string, files: ReadonlyMap<string, string>): Contestant => {
    const cwd = join(folder, name.replaceAll(/\W+/g, '-'))
    mkdirSync(cwd)
    writeProject(cwd, files)
    return { name, args: [cli, 'check', '--quiet'], cwd }
  }
  const measured = inTurns(quick ? 2 : 7, [
    check('20 columns of one model', wideModelsProject(models, 1)),
    check('20 columns of two models, joined', wideModelsProject(models, 2)),
    check('3 to 6 models in a union, every fifth with a test', manyModelsProject(models, 50)),
  ])
  return {
    key: 'f',
    title: `Check ${models} models`,
    about:
      'Whole processes of `lavra check` on DuckDB: every query bound by the engine, column lineage, lints, `lineage.json` and `types/`. What each model selects:',
    lines: measured.map((one) => lineOf(one, '≤ 3 s')),
  }
}

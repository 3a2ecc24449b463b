import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '../../src/test/postgres/server.ts'
import { type Contestant, inTurns } from '../measure/processes.ts'
import { lineOf, type SuiteResult } from '../measure/table.ts'
import { manyModelsProject } from '../projects/many-models.ts'
import { postgresProfiles, writeProject } from '../projects/project-folder.ts'
import { wideModelsProject } from '../projects/wide-models.ts'
import type { SuiteInput } from './suite.ts'

/** Everything that `lavra check` does before it tells that nothing is wrong. */
export async function checkSuite({ folder, cli, quick }: SuiteInput): Promise<SuiteResult> {
  const models = quick ? 200 : 1000
  const check = (name: string, files: ReadonlyMap<string, string>): Contestant => {
    const cwd = join(folder, name.replaceAll(/\W+/g, '-'))
    mkdirSync(cwd)
    writeProject(cwd, files)
    return { name, args: [cli, 'check', '--quiet'], cwd }
  }
  const server = await startPostgres()
  try {
    const profiles = ['profiles.yml', postgresProfiles(new URL(server.url))] as const
    const wide = wideModelsProject(models, 1)
    const measured = inTurns(quick ? 2 : 7, [
      check('20 columns of one model', wide),
      check('20 columns of two models, joined', wideModelsProject(models, 2)),
      check('3 to 6 models in a union, every fifth with a test', manyModelsProject(models, 50)),
      check('20 columns of one model, on Postgres', new Map([...wide, profiles])),
    ])
    return {
      key: 'f',
      title: `Check ${models} models`,
      about:
        'Whole processes of `lavra check`, on DuckDB where nothing else is said: every query bound by the engine, column lineage, lints, `lineage.json` and `types/`. Postgres 18 runs on the same machine. What each model selects:',
      lines: measured.map((one) => lineOf(one, '≤ 3 s')),
    }
  } finally {
    await server.stop()
  }
}

import { appendFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, freshTargets, inTurns, timeProcess } from '../measure/processes.ts'
import { lineOf, type SuiteResult } from '../measure/table.ts'
import { manyModelsProject } from '../projects/many-models.ts'
import { writeProject } from '../projects/project-folder.ts'
import type { SuiteInput } from './suite.ts'

/** A large project: reading, parsing, compiling and writing all of it. */
export function compileSuite({ folder, cli, quick }: SuiteInput): SuiteResult {
  const models = quick ? 1000 : 10_000
  const propertyFiles = quick ? 50 : 500
  const rounds = quick ? 2 : 5
  const files = manyModelsProject(models, propertyFiles)
  writeProject(folder, files)
  const yamlBytes = [...files].filter(([path]) => path.endsWith('.yml')).reduce((sum, [, text]) => sum + text.length, 0)
  const command = (name: string, ...args: readonly string[]): Contestant => ({
    name,
    args: [cli, ...args],
    cwd: folder,
  })
  const freshArgs = freshTargets()
  const cold = inTurns(rounds, [
    { ...command('`lavra parse`, cold', 'parse', '--quiet'), freshArgs },
    { ...command('`lavra compile`, cold', 'compile', '--quiet'), freshArgs },
  ])
  timeProcess(command('`lavra compile`', 'compile', '--quiet'))
  const warm = inTurns(rounds, [
    command('`lavra compile`, nothing changed', 'compile', '--quiet'),
    { ...command('`lavra compile`, one model changed', 'compile', '--quiet'), prepare: () => changeOneModel(folder) },
  ])
  return {
    key: 'b',
    title: `Parse and compile ${models} models`,
    about: `3 to 6 refs and one macro call each, ${propertyFiles} properties files of ${(yamlBytes / 1e6).toFixed(1)} MB in all with descriptions, columns and ${models / 5} tests. Whole processes that write \`manifest.json\` and \`compiled/\`; cold is without a \`target\` folder.`,
    lines: [lineOf(cold[0]!), lineOf(cold[1]!, '≤ 5 s'), lineOf(warm[0]!, '≤ 1 s'), lineOf(warm[1]!)],
  }
}

function changeOneModel(folder: string): void {
  const model = readdirSync(join(folder, 'models'), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('.sql'),
  )
  const path = join(folder, 'models', model!)
  if (statSync(path).isFile()) appendFileSync(path, '-- one more line\n')
}

import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { scrub } from '../config/secrets.ts'
import { githubAnnotation } from '../report/github.ts'
import { junitXml } from '../report/junit.ts'
import type { Execution } from './execute.ts'
import type { Flags, World } from './flags.ts'
import type { LoadedProject } from './load-project.ts'

/** The reports that flags ask for: JUnit XML, annotations for GitHub Actions. */
export async function writeReports(
  project: LoadedProject,
  execution: Execution,
  flags: Flags,
  world: World,
): Promise<void> {
  const { results, startedAt, summary } = execution
  if (flags.junit !== undefined) {
    const xml = junitXml({ results, project: project.context.name, startedAt, seconds: summary.seconds })
    await writeFile(resolve(world.cwd, flags.junit), scrub(xml, project.context.secrets))
  }
  if (flags.github) {
    for (const diagnostic of results.flatMap((result) => result.diagnostics)) {
      world.stdout.write(`${githubAnnotation(diagnostic)}\n`)
    }
  }
}

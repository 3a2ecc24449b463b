import { writeDocumentation } from './documentation/document-project.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'

/**
 * `lavra docs generate`: writes the documentation of the project as a folder that opens from a disk, `target/docs`, and what
 * other tools make documentation from: `target/manifest.json` and `target/catalog.json`.
 */
export async function docsGenerate(flags: Flags, world: World): Promise<ExitCode> {
  const reporter = openReporter(flags, world)
  const project = await loadProject(flags, world, reporter.emit)
  const { relations, nodes } = await writeDocumentation(project, flags)
  reporter.close()
  world.stdout.write(`Wrote ${project.targetName}/catalog.json with ${relations} relations\n`)
  world.stdout.write(`Wrote ${project.targetName}/docs/index.html with ${nodes} pages: open it in a browser\n`)
  return 0
}

import { manifestArtifact, targetFolder, writeArtifacts } from '../report/artifacts/index.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { writing } from './output-files.ts'
import { openReporter } from './reporter.ts'

/** `lavra parse`: reads the whole project and writes `target/manifest.json`. The database is not opened. */
export async function parse(flags: Flags, world: World): Promise<ExitCode> {
  const start = performance.now()
  const reporter = openReporter(flags, world)
  const project = await loadProject(flags, world, reporter.emit)
  if (flags.writeJson !== false) await writeManifest(project)
  reporter.close()
  const seconds = ((performance.now() - start) / 1000).toFixed(2)
  world.stdout.write(`Parsed ${project.manifest.nodes.size} nodes in ${seconds}s\n`)
  return 0
}

function writeManifest({ manifest, context, targetPath }: LoadedProject): Promise<void> {
  const artifact = manifestArtifact({
    manifest,
    project: context,
    compiled: new Map(),
    targetFolder: targetFolder({ folder: targetPath, project: context }),
    generatedAt: new Date().toISOString(),
  })
  return writing(() => writeArtifacts(targetPath, { 'manifest.json': artifact }, context.secrets))
}

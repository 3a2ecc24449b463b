import { type FSWatcher, watch } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '../diagnostics/errors.ts'
import { type SiteServer, serveSite } from '../site/serve-site.ts'
import { writeDocumentation } from './documentation/document-project.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { problemTeller } from './tell-problems.ts'

const PORT = 8080
const HOST = '127.0.0.1'

/** Editors write a file in several steps, and branches change many at once. */
const SETTLED_MS = 150

/** What a run leaves, which says that there is something new to show. */
const WRITTEN_BY_RUNS = ['run_results.json', 'sources.json']

/**
 * `lavra docs serve`: makes the documentation, serves it, and makes it again whenever a file of the project changes or a run
 * ends. A mistake in the project is told, and the last good pages stay. Ends when it is interrupted.
 */
export async function docsServe(flags: Flags, world: World): Promise<ExitCode> {
  const project = await generate(flags, world)
  const server = await serveSite(join(project.targetPath, 'docs'), {
    port: flags.port ?? PORT,
    host: flags.host ?? HOST,
  })
  world.stdout.write(`The documentation is at ${server.url} until it is interrupted\n`)
  const stop = followChanges(project, () => regenerate(flags, world, server))
  await new Promise<void>((resolve) => {
    if (world.signal.aborted) resolve()
    else world.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  stop()
  await server.close()
  return 0
}

async function generate(flags: Flags, world: World): Promise<LoadedProject> {
  const reporter = openReporter(flags, world)
  const project = await loadProject(flags, world, reporter.emit)
  await writeDocumentation(project, flags)
  reporter.close()
  return project
}

async function regenerate(flags: Flags, world: World, server: SiteServer): Promise<void> {
  try {
    await generate(flags, world)
    server.tellChange()
    world.stdout.write('Made the documentation again\n')
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await problemTeller(flags, 'docs serve', world)(error.diagnostics)
    server.tellProblem(error.diagnostics[0]?.message ?? error.message)
  }
}

/** Calls `work` after changes, never twice at a time; what changes meanwhile is followed afterwards. */
function followChanges(project: LoadedProject, work: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let isStopped = false
  const soon = () => {
    if (isStopped) return
    clearTimeout(timer)
    timer = setTimeout(begin, SETTLED_MS)
  }
  const begin = () => {
    if (working) return soon()
    working = work().finally(() => {
      working = undefined
    })
  }
  const watchers = watchProject(project, soon)
  return () => {
    isStopped = true
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

function watchProject({ root, file, targetPath }: LoadedProject, onChange: () => void): readonly FSWatcher[] {
  const { modelPaths, seedPaths, snapshotPaths, testPaths, macroPaths, docsPaths, packagesPath } = file
  const folders = new Set([...modelPaths, ...seedPaths, ...snapshotPaths, ...testPaths, ...macroPaths, ...docsPaths])
  const named = (names: readonly string[]) => (name: string) => names.includes(basename(name))
  return [
    ...[...folders, packagesPath].flatMap((folder) => watchFolder(join(root, folder), true, () => true, onChange)),
    ...watchFolder(root, false, (name) => /\.ya?ml$/.test(name), onChange),
    ...watchFolder(targetPath, false, named(WRITTEN_BY_RUNS), onChange),
  ]
}

function watchFolder(
  folder: string,
  recursive: boolean,
  counts: (name: string) => boolean,
  onChange: () => void,
): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { recursive }, (_, name) => {
      if (name === null || counts(name)) onChange()
    })
    // A folder that goes away has nothing more to tell.
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    // There is no such folder, which is nothing unusual.
    return []
  }
}

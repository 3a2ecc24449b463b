import { findGraphNode } from '../manifest/manifest.ts'
import { type ListForm, listNodes } from '../report/list.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'

/** `lavra ls`: what a selection selects, one a line. The database is not opened. */
export async function list(flags: Flags, world: World): Promise<ExitCode> {
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  const ids = await selectNodes(project, flags)
  reporter.close()
  const nodes = [...ids].map((id) => findGraphNode(project.manifest, id)!)
  const keys = flags.outputKeys?.flatMap((text) => text.split(/[\s,]+/))
  // Commander has checked the form.
  world.stdout.write(listNodes(nodes, (flags.output ?? 'selector') as ListForm, keys))
  return 0
}

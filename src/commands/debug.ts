import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { version } from '../version.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { loadProject } from './load-project.ts'
import { usesColor } from './uses-color.ts'

/** `lavra debug`: what was found of project, profile and database, and whether the connection works. */
export async function debug(flags: Flags, world: World): Promise<ExitCode> {
  const line = (name: string, value: string) => world.stdout.write(`${name.padEnd(12)}${value}\n`)
  line('lavra', `${version} on node ${process.versions.node}`)
  try {
    const project = await loadProject(flags, world, () => {})
    const { target } = project.context
    line('project', `${project.context.name} in ${project.root}`)
    line('profile', `${target.profile_name}, target ${target.name} (${target.type})`)
    line('nodes', `${project.manifest.nodes.size} nodes, ${project.manifest.sources.size} sources`)
    const adapter = await project.createAdapter()
    const probing = { runId: project.context.invocationId, waitMs: (flags.wait ?? 0) * 1000 }
    for (const [name, text] of await adapter.probe(probing)) line(name, text)
    line('connection', 'works')
    return 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const color = usesColor(flags, world)
    const texts = error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, { color }))
    world.stderr.write(`\n${texts.join('\n\n')}\n`)
    return 2
  }
}

import type { CompiledNode } from '../compile/compiled-node.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { manifestArtifact, targetFolder, writeArtifacts, writeCompiled } from '../report/artifacts/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { CompileRecorder } from './compile-record.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { compileInline } from './inline.ts'
import { type Inspection, inspect, subjectOf } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { writing } from './output-files.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'

/** Compiles what the flags select and writes or prints it; tells `record` what was compiled and from what. */
export async function compileProject(flags: Flags, world: World, record?: CompileRecorder): Promise<ExitCode> {
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const emit = record ? record.noticing(reporter.emit) : reporter.emit
  const project = await loadProject(flags, world, emit, record)
  if (flags.inline !== undefined) {
    const text = flags.inline
    const { compiled } = await inspect(project, flags, (inspection) => compileInline(project, inspection, text))
    world.stdout.write(`${compiled.publishedSql.trim()}\n`)
    return 0
  }
  const ids = await selectNodes(project, flags, ['model', 'snapshot', 'test'])
  const compiled = await inspect(project, flags, (inspection) => compileAll(project, inspection, ids, flags, record))
  reporter.close()
  await writing(async () => {
    const written = await write(project, compiled, flags)
    if (writesManifest(flags)) record?.write(compiled.size, written)
  })
  if (flags.select === undefined)
    world.stdout.write(`Compiled ${compiled.size} nodes to ${project.targetName}/compiled\n`)
  else for (const node of compiled.values()) world.stdout.write(printed(node, flags))
  return 0
}

async function compileAll(
  project: LoadedProject,
  inspection: Inspection,
  ids: ReadonlySet<UniqueId>,
  flags: Flags,
  record: CompileRecorder | undefined,
): Promise<ReadonlyMap<UniqueId, CompiledNode>> {
  const compiled = new Map<UniqueId, CompiledNode>()
  for (const id of ids) {
    const node = project.manifest.nodes.get(id)
    if (!node || isKnownAtRunTime(project, node)) continue
    // Whether it is compiled for its first run or for a later one is known to the database.
    if (node.config.materialized === 'incremental') record?.elsewhere()
    compiled.set(id, await inspection.compiler.compile(inspection.connection, node, subjectOf(inspection, node, flags)))
  }
  return compiled
}

/** One relation per value, and its tests: there is no SQL without a value, and the values come from the data. */
function isKnownAtRunTime({ manifest }: LoadedProject, node: RunnableNode): boolean {
  if (node.config.per_value !== undefined) return true
  return node.kind === 'test' && node.dependsOn.some((id) => manifest.nodes.get(id)?.config.per_value !== undefined)
}

function writesManifest({ writeJson }: Flags): boolean {
  return writeJson !== false
}

/** Writes all files and gives the sizes of the compiled ones, by path below the target folder. */
async function write(
  project: LoadedProject,
  compiled: ReadonlyMap<UniqueId, CompiledNode>,
  flags: Flags,
): Promise<Readonly<Record<string, number>>> {
  const { targetPath, context } = project
  // Thousands of files are written beside the making of the manifest.
  const files = writeCompiled(targetPath, compiled, context.secrets)
  if (!writesManifest(flags)) return files
  const manifest = manifestArtifact({
    manifest: project.manifest,
    project: context,
    compiled,
    targetFolder: targetFolder({ folder: targetPath, project: context }),
    generatedAt: new Date().toISOString(),
  })
  const [sizes] = await Promise.all([files, writeArtifacts(targetPath, { 'manifest.json': manifest }, context.secrets)])
  return sizes
}

function printed({ node, publishedSql }: CompiledNode, flags: Flags): string {
  if (flags.output === 'json') return `${JSON.stringify({ node: node.name, compiled: publishedSql.trim() }, null, 2)}\n`
  return `-- ${node.name}\n${publishedSql.trim()}\n\n`
}

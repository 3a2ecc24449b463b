import type { Adapter, ColumnInfo, Connection } from '../adapters/adapter.ts'
import { checkPanels } from '../check/panels.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { isLoaded } from '../manifest/loaded-files.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { RunnableNode, Source } from '../manifest/nodes.ts'
import { declaredClasses } from '../manifest/personal-data.ts'
import { type CheckReport, checkReport } from '../report/check-report.ts'
import { Candidates } from '../run/candidates.ts'
import type { Catalog } from '../run/catalog.ts'
import { compilerForRun } from '../run/compile-for-run.ts'
import { SourceFiles } from '../run/source-files.ts'
import { type BindInput, type Binding, bindProject } from '../shadow/bind-project.ts'
import { candidateOf, runMark } from '../sql/candidate-name.ts'
import type { Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Shadow } from './create-adapter.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { inspect } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'
import { usesColor } from './uses-color.ts'

/**
 * `lavra check`: binds the selected nodes, and what they read, against empty relations in the engine, and tells what it
 * refuses. Nothing is built, no row of a table is read, and the target's database is left as it is.
 */
export async function check(flags: Flags, world: World): Promise<ExitCode> {
  const start = performance.now()
  const reporter = openReporter(flags, { ...world, stdout: world.stderr })
  const project = await loadProject(flags, world, reporter.emit)
  const selected = await selectNodes(project, flags, ['model', 'seed', 'snapshot', 'test', 'exposure'])
  reporter.close()
  const binding = await bindSelected(project, flags, selected)
  const report: CheckReport = {
    problems: binding.problems,
    bound: binding.bound,
    unknown: [...binding.unknown].flatMap(([id, reason]) => {
      const node = project.manifest.nodes.get(id)
      return node && node.kind !== 'test' ? [{ node: node.name, reason }] : []
    }),
    seconds: (performance.now() - start) / 1000,
  }
  const form = flags.output ?? (flags.github ? 'github' : 'text')
  world.stdout.write(checkReport(report, form, usesColor(flags, world)))
  return report.problems.some(({ severity }) => severity === 'error') ? 1 : 0
}

async function bindSelected(project: LoadedProject, flags: Flags, selected: ReadonlySet<UniqueId>): Promise<Binding> {
  const order = withAncestors(project, selected)
  const sourceColumns = await readSourceColumns(project, flags, order)
  const shadow = await project.createShadow()
  const { adapter } = shadow
  await adapter.open({ mode: 'read', runId: project.context.invocationId, waitMs: 0 })
  try {
    const connection = await adapter.connect()
    if (shadow.isTarget) await connection.begin()
    const standIn = standIns(project, shadow)
    const sourceFiles = noFiles(project, adapter)
    const { manifest } = project
    const { dialect } = adapter
    const binding = await bindProject({
      manifest,
      dialect,
      connection,
      order,
      standIn,
      sourceColumns: async (source) =>
        isLoaded(source) ? await sourceFiles.describe(connection, source) : sourceColumns.get(source.id),
      compile: compilerFor(project, shadow, connection, { order, standIn, sourceFiles }),
    })
    const exposures = order.flatMap((id) => manifest.exposures.get(id) ?? [])
    const classOf = declaredClasses(manifest)
    const { columns } = binding
    const ofPanels = await checkPanels({ manifest, dialect, exposures, columns, classOf, connection, standIn })
    return { ...binding, problems: [...binding.problems, ...ofPanels] }
  } finally {
    // What was made in the target's own database goes with the transaction.
    await adapter.close()
  }
}

/** The selected nodes and everything that they read, parents first. */
function withAncestors({ manifest }: LoadedProject, selected: ReadonlySet<UniqueId>): readonly UniqueId[] {
  const graph = graphOf(manifest)
  const wanted = new Set([...selected, ...graph.ancestors([...selected])])
  return graph.topologicalOrder().filter((id) => wanted.has(id))
}

/** In a database of its own a relation has its own name; in the target's it must not be in the way of what stands there. */
function standIns(project: LoadedProject, { adapter, isTarget }: Shadow): BindInput['standIn'] {
  if (!isTarget) return (relation) => relation
  const mark = runMark(project.context.invocationId)
  return (relation) => candidateOf(relation, mark, adapter.dialect.maxIdentifierBytes)
}

/** The columns of sources that are relations: those that stand in the database, or those that are declared with types. */
async function readSourceColumns(
  project: LoadedProject,
  flags: Flags,
  order: readonly UniqueId[],
): Promise<ReadonlyMap<UniqueId, readonly ColumnInfo[]>> {
  const sources = order.flatMap((id) => project.manifest.sources.get(id) ?? [])
  const known = new Map<UniqueId, readonly ColumnInfo[]>()
  for (const source of sources) {
    const declared = declaredColumns(source)
    if (declared) known.set(source.id, declared)
  }
  const relations = sources.filter((source) => source.external === undefined)
  if (relations.length === 0) return known
  await inspect(project, flags, async ({ connection }) => {
    for (const source of relations) {
      const columns = connection ? await connection.columnsOf(source.relation) : []
      if (columns.length > 0) known.set(source.id, columns)
    }
  })
  return known
}

function declaredColumns({ columns }: Source): readonly ColumnInfo[] | undefined {
  const typed = columns.flatMap(({ name, data_type: type }) => (type === undefined ? [] : [{ name, type }]))
  return typed.length > 0 && typed.length === columns.length ? typed : undefined
}

/** Files are only described: no node's template may make a run's table of them. */
function noFiles({ manifest, context }: LoadedProject, { dialect }: Adapter): SourceFiles {
  const { nodes } = manifest
  return new SourceFiles({ manifest: { nodes, sources: new Map() }, dialect, mark: runMark(context.invocationId) })
}

function compilerFor(
  project: LoadedProject,
  { adapter, isTarget }: Shadow,
  connection: Connection,
  shadow: Pick<BindInput, 'order' | 'standIn'> & { readonly sourceFiles: SourceFiles },
): BindInput['compile'] {
  const { order, standIn, sourceFiles } = shadow
  const { manifest, context } = project
  const compiler = compilerForRun({
    manifest,
    project: context,
    adapter,
    catalog: NOTHING_PUBLISHED,
    candidates: new Candidates(),
    sourceFiles,
    compiled: new Map(),
  })
  const readAs = isTarget ? new Map(order.flatMap((id) => relationEntry(project, id, standIn))) : undefined
  return async <Node extends RunnableNode>(node: Node, how: Parameters<BindInput['compile']>[1]) => {
    let asksForRows = false
    const asked = noticing(connection, () => {
      asksForRows = true
    })
    const subject = { ...how, fullRefresh: false, value: undefined, ...(readAs ? { readAs } : {}) }
    const compiled = await compiler.compile(asked, node, subject)
    return { compiled, asksForRows }
  }
}

const NOTHING_PUBLISHED: Catalog = {
  existing: [],
  states: [],
  kindOf: () => undefined,
  stateOf: () => undefined,
  statesOfNode: () => [],
}

function relationEntry(
  { manifest }: LoadedProject,
  id: UniqueId,
  standIn: (relation: Relation) => Relation,
): readonly (readonly [UniqueId, Relation])[] {
  const node = findGraphNode(manifest, id)
  if (!node || !('relation' in node) || !node.relation || node.relation.expression !== undefined) return []
  return [[id, standIn(node.relation)]]
}

/** The same connection; whoever asks it for rows is noticed. */
function noticing(connection: Connection, notice: () => void): Connection {
  return new Proxy(connection, {
    get(target, name) {
      if (name === 'query') notice()
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

import { type Adapter, type ColumnInfo, type Connection, isRefusal } from '../adapters/adapter.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { isLoaded } from '../manifest/loaded-files.ts'
import type { RunnableNode, Source } from '../manifest/nodes.ts'
import { Candidates } from '../run/candidates.ts'
import type { Catalog } from '../run/catalog.ts'
import { compilerForRun } from '../run/compile-for-run.ts'
import { SourceFiles } from '../run/source-files.ts'
import type { BindInput, HowToCompile } from '../shadow/bind-input.ts'
import { type Binding, bindProject } from '../shadow/bind-project.ts'
import { candidateOf, runMark } from '../sql/candidate-name.ts'
import { NO_VOCABULARY } from '../sql/vocabulary.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Shadow } from './create-adapter.ts'
import { declaredColumns, declaredTypeProblem } from './declared-columns.ts'
import type { Flags } from './flags.ts'
import { inspect } from './inspect.ts'
import { type FoundColumns, type KnownSources, knownSources } from './known-sources.ts'
import type { LoadedProject } from './load-project.ts'
import { makeOfflineSources, readSchema } from './offline-sources.ts'

/** What was bound, while its stand-ins are still there. */
export interface Bound extends Pick<BindInput, 'dialect' | 'connection'> {
  readonly binding: Binding
}

/** Binds these nodes and what they read in the engine, without any rows. Nothing is left once `use` has ended. */
export async function bindSelected<Result>(
  project: LoadedProject,
  flags: Flags,
  selected: ReadonlySet<UniqueId>,
  use: (bound: Bound) => Promise<Result>,
): Promise<Result> {
  const order = withAncestors(project, selected)
  const place = flags.offline ? await offlinePlace(project, order) : await onlinePlace(project, flags, order)
  const { shadow } = place
  const { adapter } = shadow
  try {
    await adapter.open({ mode: 'read', runId: project.context.invocationId, waitMs: 0 })
    const connection = await adapter.connect()
    const sources = await place.sources(connection)
    if (shadow.isTarget) await connection.begin()
    const standIn = standIns(project, shadow)
    const sourceFiles = noFiles(project, adapter)
    const { dialect } = adapter
    const binding = await bindProject({
      manifest: project.manifest,
      dialect,
      connection,
      beside: shadow.isTarget ? [] : [await adapter.connect()],
      order,
      standIn,
      sourceColumns: async (source) => {
        if (isLoaded(source)) return await sourceFiles.describe(connection, source)
        const known = sources.columnsOf(source)
        if (source.relation.expression === undefined) return known
        return (await columnsOfFiles(connection, source)) ?? known
      },
      ...compilerFor(project, shadow, connection, sourceFiles),
    })
    const problems = [...sources.warnings, ...binding.problems]
    return await use({ binding: { ...binding, problems }, dialect, connection })
  } finally {
    // What was made in the target's own database goes with the transaction.
    await adapter.close()
  }
}

/** Where a project is bound, and what is known of its sources once that is open. */
interface Place {
  readonly shadow: Shadow
  readonly sources: (connection: Connection) => Promise<KnownSources>
}

/** By the target's database. */
async function onlinePlace(project: LoadedProject, flags: Flags, order: readonly UniqueId[]): Promise<Place> {
  const standing = await readSourceColumns(project, flags, order)
  return {
    shadow: await project.createShadow(),
    sources: async (connection) => {
      const declared = await checkDeclared(project, order, standing, connection)
      return knownSources(new Map([...declared, ...standing]), [])
    },
  }
}

/** The columns of the other sources as they are declared, or what is wrong with the types of these. */
async function checkDeclared(
  { manifest }: LoadedProject,
  order: readonly UniqueId[],
  standing: ReadonlyMap<UniqueId, unknown>,
  connection: Connection,
): Promise<FoundColumns> {
  const found = new Map<UniqueId, readonly ColumnInfo[] | UserError>()
  for (const source of order.flatMap((id) => manifest.sources.get(id) ?? [])) {
    const columns = standing.has(source.id) ? undefined : declaredColumns(source)
    if (!columns) continue
    const wrong = await declaredTypeProblem(source, columns, connection)
    found.set(source.id, wrong ? new UserError(wrong) : columns)
  }
  return found
}

/** By what was pulled of it. */
async function offlinePlace(project: LoadedProject, order: readonly UniqueId[]): Promise<Place> {
  const schema = readSchema(project, order)
  const shadow = await project.createOfflineShadow(schema?.vocabulary ?? NO_VOCABULARY)
  return {
    shadow,
    sources: (connection) => makeOfflineSources({ project, order, shadow, connection, schema }),
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

/** The columns of sources that are relations in the database. */
async function readSourceColumns(
  project: LoadedProject,
  flags: Flags,
  order: readonly UniqueId[],
): Promise<ReadonlyMap<UniqueId, readonly ColumnInfo[]>> {
  const sources = order.flatMap((id) => project.manifest.sources.get(id) ?? [])
  const known = new Map<UniqueId, readonly ColumnInfo[]>()
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

/** Files are only described: no node's template may make a run's table of them. */
function noFiles({ manifest, context }: LoadedProject, { dialect }: Adapter): SourceFiles {
  const { nodes } = manifest
  return new SourceFiles({ manifest: { nodes, sources: new Map() }, dialect, mark: runMark(context.invocationId) })
}

function compilerFor(
  project: LoadedProject,
  { adapter }: Shadow,
  connection: Connection,
  sourceFiles: SourceFiles,
): Pick<BindInput, 'compile' | 'compileValues'> {
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
  const subjectOf = (how: HowToCompile) => ({ value: undefined, ...how, fullRefresh: false })
  return {
    compile: async <Node extends RunnableNode>(node: Node, how: HowToCompile) => {
      let asksForRows = false
      const asked = inTurn(connection, how, () => {
        asksForRows = true
      })
      return { compiled: await compiler.compile(asked, node, subjectOf(how)), asksForRows }
    },
    compileValues: async (model, how) => {
      invariant(model.config.per_value, `${model.id} has no per_value`)
      return await compiler.text(connection, model, model.config.per_value.query, subjectOf(how), 'per_value')
    },
  }
}

/** What the engine sees in the files of a source; undefined where it sees nothing, which is told where they are read. */
async function columnsOfFiles(connection: Connection, source: Source): Promise<readonly ColumnInfo[] | undefined> {
  try {
    return await connection.columnsOf(source.relation)
  } catch (error) {
    if (isRefusal(error)) return undefined
    throw error
  }
}

const NOTHING_PUBLISHED: Catalog = {
  existing: [],
  states: [],
  kindOf: () => undefined,
  stateOf: () => undefined,
  statesOfNode: () => [],
}

/** The same connection, of which a template asks something when it may; whoever asks it for rows is noticed. */
function inTurn(connection: Connection, { turn }: HowToCompile, notice: () => void): Connection {
  const asked: Partial<Connection> = {
    async query(sql) {
      notice()
      await turn?.()
      return await connection.query(sql)
    },
    async columnsOf(relation) {
      await turn?.(relation)
      return await connection.columnsOf(relation)
    },
    async listRelations(schemas) {
      await turn?.()
      return await connection.listRelations(schemas)
    },
  }
  return new Proxy(connection, {
    get(target, name) {
      const member: unknown = Reflect.get(Object.hasOwn(asked, name) ? asked : target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

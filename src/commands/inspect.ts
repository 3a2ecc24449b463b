import type { Adapter, Connection } from '../adapters/adapter.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Model, RunnableNode } from '../manifest/nodes.ts'
import { Candidates } from '../run/candidates.ts'
import { type Catalog, readCatalog } from '../run/catalog.ts'
import { compilerForRun } from '../run/compile-for-run.ts'
import type { Compiler, NodeSubject } from '../run/compiler.ts'
import { SourceFiles } from '../run/source-files.ts'
import { runMark } from '../sql/candidate-name.ts'
import { NO_VOCABULARY } from '../sql/vocabulary.ts'
import { hasState, readRelations } from '../state/read.ts'
import type { PublishedRelation } from '../state/rows.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Flags } from './flags.ts'
import type { LoadedProject } from './load-project.ts'

/** A look at what is published, without a run: nothing is written, and the file is given back as soon as possible. */
export interface Inspection {
  readonly adapter: Adapter
  /** Absent when the database does not exist yet. */
  readonly connection: Connection | undefined
  readonly catalog: Catalog
  readonly compiler: Compiler
  /** What a compiled query reads has to be loaded before it is sent. */
  readonly sourceFiles: SourceFiles
}

/** Opens the database for reading, if there is one, and closes it after `work`. Offline it is as if there were none. */
export async function inspect<Result>(
  project: LoadedProject,
  flags: Flags,
  work: (inspection: Inspection) => Promise<Result>,
): Promise<Result> {
  const adapter = flags.offline ? await offlineAdapter(project) : await project.createAdapter()
  const connection = flags.offline ? undefined : await openForReading(project, adapter, flags)
  try {
    const states = connection ? await readPublished(adapter, connection) : []
    const catalog = await readCatalogOf(project, adapter, connection, states)
    const { manifest } = project
    const mark = runMark(project.context.invocationId)
    const sourceFiles = new SourceFiles({ manifest, dialect: adapter.dialect, mark })
    const compiler = compilerForRun({
      manifest,
      project: project.context,
      adapter,
      catalog,
      candidates: new Candidates(),
      sourceFiles,
      compiled: new Map(),
    })
    return await work({ adapter, connection, catalog, compiler, sourceFiles })
  } finally {
    await adapter.close()
  }
}

/** Not opened: only its dialect is of use. */
async function offlineAdapter(project: LoadedProject): Promise<Adapter> {
  return (await project.createOfflineShadow(NO_VOCABULARY)).adapter
}

async function readPublished({ dialect }: Adapter, connection: Connection): Promise<readonly PublishedRelation[]> {
  return (await hasState(connection)) ? await readRelations(connection, dialect) : []
}

/** What was published on the project's target, as it stands now. */
export async function publishedOnTarget(
  { context }: LoadedProject,
  adapter: Adapter,
  connection: Connection,
): Promise<readonly PublishedRelation[]> {
  const states = await readPublished(adapter, connection)
  return states.filter(({ targetSchema }) => targetSchema === context.target.schema)
}

async function openForReading(project: LoadedProject, adapter: Adapter, flags: Flags): Promise<Connection | undefined> {
  try {
    const waitMs = (flags.wait ?? 0) * 1000
    await adapter.open({ mode: 'read', runId: project.context.invocationId, waitMs })
    return await adapter.connect()
  } catch (error) {
    const isMissing = error instanceof UserError && error.diagnostics.every(({ code }) => code === 'database-not-found')
    if (isMissing) return undefined
    throw error
  }
}

async function readCatalogOf(
  project: LoadedProject,
  adapter: Adapter,
  connection: Connection | undefined,
  states: readonly PublishedRelation[],
): Promise<Catalog> {
  const schemas = new Set<string>([project.context.target.schema])
  for (const node of project.manifest.nodes.values()) {
    if (node.kind !== 'test' && node.relation) schemas.add(node.relation.schema)
  }
  const nothing: Pick<Connection, 'listRelations'> = { listRelations: async () => [] }
  return readCatalog(connection ?? nothing, adapter.database, [...schemas], states, project.context.target.schema)
}

/** How a node is compiled when nothing is built: as the next run would, on what is published now. */
export function subjectOf(inspection: Inspection, node: RunnableNode, flags: Flags): NodeSubject {
  const relation = node.kind === 'test' ? undefined : node.relation
  const fullRefresh = node.config.full_refresh ?? flags.fullRefresh ?? false
  const isTable = relation !== undefined && inspection.catalog.kindOf(relation) === 'table'
  return {
    thisRelation: relation,
    isIncremental: node.config.materialized === 'incremental' && isTable && !fullRefresh,
    fullRefresh,
    value: undefined,
  }
}

/** The published relations of nodes that have one per value, by name: what `--select chatbot_report_f1000` means. */
export function valueRelations(project: LoadedProject, catalog: Catalog): ReadonlyMap<string, UniqueId> {
  const nodes = [...project.manifest.nodes.values()].filter(
    (node): node is Model => node.kind === 'model' && node.config.per_value !== undefined,
  )
  return new Map(
    nodes.flatMap((node) => catalog.statesOfNode(node.id).map((state) => [state.identifier, node.id] as const)),
  )
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError } from '../../adapters/adapter.ts'
import { readSourceAges } from '../../artifacts/sources-artifact.ts'
import type { CompiledNode } from '../../compile/compiled-node.ts'
import { problem, UserError } from '../../diagnostics/errors.ts'
import { heedWarnings } from '../../diagnostics/warning-policy.ts'
import type { RunnableNode } from '../../manifest/nodes.ts'
import {
  catalogArtifact,
  type FoundRelation,
  manifestArtifact,
  targetFolder,
  writeArtifacts,
} from '../../report/artifacts/index.ts'
import { readAppFiles } from '../../site/app-files.ts'
import { buildSite } from '../../site/build-site.ts'
import { siteFiles } from '../../site/site-files.ts'
import type { SiteProjectInput } from '../../site/site-project.ts'
import type { Relation } from '../../sql/relation.ts'
import { hasState } from '../../state/read.ts'
import { NO_RUNS, type RecordedRuns, readRuns } from '../../state/read-runs.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { version } from '../../version.ts'
import { type Checked, checkSelected } from '../check-selected.ts'
import type { Flags } from '../flags.ts'
import { type Inspection, inspect, subjectOf } from '../inspect.ts'
import type { LoadedProject } from '../load-project.ts'
import { writing } from '../output-files.ts'
import { SiteFolder } from './site-folder.ts'
import { writeDashboards } from './write-dashboards.ts'

/** How many runs of the past are shown. */
const RUNS_SHOWN = 200

export interface Documentation {
  /** Absolute path of the folder of the site. */
  readonly folder: string
  /** How many relations the catalog has, and how many pages the site. */
  readonly relations: number
  readonly nodes: number
}

/** Reads what is published of a project, and writes its artifacts and its site below the target folder. */
export async function writeDocumentation(project: LoadedProject, flags: Flags): Promise<Documentation> {
  const { context, targetPath } = project
  const checked = flags.compile === false ? undefined : await checkAll(project, flags)
  const folder = new SiteFolder(join(targetPath, 'docs'), context.invocationId, context.secrets)
  try {
    const looked = await inspect(project, flags, async (inspection) => ({
      ...(await look(project, inspection, flags)),
      dashboards: await writeDashboards({ project, inspection, lineage: checked?.lineage, folder }),
    }))
    return await write(project, folder, { ...looked, isOffline: flags.offline ?? false }, checked)
  } catch (error) {
    await folder.abandon()
    throw error
  }
}

async function write(
  { manifest, context, targetPath, ...project }: LoadedProject,
  folder: SiteFolder,
  looked: Look & Pick<SiteProjectInput, 'dashboards' | 'isOffline'>,
  checked: Checked | undefined,
): Promise<Documentation> {
  const generatedAt = new Date().toISOString()
  const artifacts = {
    'manifest.json': manifestArtifact({
      manifest,
      project: context,
      compiled: looked.nodes,
      targetFolder: targetFolder({ folder: targetPath, project: context }),
      generatedAt,
    }),
    'catalog.json': catalogArtifact({ manifest, project: context, found: looked.found, generatedAt }),
  }
  const site = buildSite({
    manifest,
    dialect: context.dialect,
    target: context.target.name,
    isOffline: looked.isOffline,
    compiled: new Map([...looked.nodes].map(([id, { publishedSql }]) => [id, publishedSql])),
    notCompiled: looked.notCompiled,
    found: [...looked.found, ...looked.ofValues],
    published: looked.published,
    history: looked.history,
    lineage: checked?.lineage,
    findings: checked?.problems,
    dashboards: looked.dashboards,
    sourceAges: readAges({ targetPath, ...project }),
    generatedAt,
    lavraVersion: version,
  })
  const files = siteFiles(site, await readAppFiles(), context.secrets)
  await writing(async () => {
    await writeArtifacts(targetPath, artifacts, context.secrets)
    await folder.commit(files)
  })
  return { folder: folder.path, relations: looked.found.length, nodes: site.index.nodes.length }
}

/**
 * Every node bound in the engine: where its columns come from, and what `lavra check` says of it. A database in which nothing
 * can be made, such as a standby, is documented without.
 */
async function checkAll(project: LoadedProject, flags: Flags): Promise<Checked | undefined> {
  try {
    const { nodes, exposures } = project.manifest
    return await checkSelected(project, flags, new Set([...nodes.keys(), ...exposures.keys()]))
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof DatabaseError)) throw error
    const message = `The documentation has no column lineage and no findings: ${error.message}`
    const warning = problem('documentation-without-lineage', message, { severity: 'warning' })
    for (const diagnostic of heedWarnings(project.warnings, [warning])) project.emit({ kind: 'diagnostic', diagnostic })
    return undefined
  }
}

interface Look extends Pick<SiteProjectInput, 'notCompiled' | 'published' | 'history'> {
  readonly nodes: ReadonlyMap<UniqueId, CompiledNode>
  readonly found: readonly FoundRelation[]
  /** For nodes with one relation per value: the first of them, for its columns. */
  readonly ofValues: readonly FoundRelation[]
}

async function look(project: LoadedProject, inspection: Inspection, flags: Flags): Promise<Look> {
  const compiled = flags.compile === false ? NOTHING_COMPILED : await compileAll(project, inspection, flags)
  return {
    ...compiled,
    found: await describeAll(inspection, relationsOf(project)),
    ofValues: await describeAll(inspection, firstOfValues(project, inspection)),
    published: inspection.catalog.states,
    history: await readHistory(project, inspection),
  }
}

const NOTHING_COMPILED = { nodes: new Map(), notCompiled: new Map() } as const

/** What cannot be compiled is told on its page: the rest of the documentation is as good as ever. */
async function compileAll(
  { manifest }: LoadedProject,
  inspection: Inspection,
  flags: Flags,
): Promise<Pick<Look, 'nodes' | 'notCompiled'>> {
  const nodes = new Map<UniqueId, CompiledNode>()
  const notCompiled = new Map<UniqueId, string>()
  for (const node of manifest.nodes.values()) {
    if (node.kind === 'seed' || isKnownAtRunTime(node, manifest.nodes)) continue
    try {
      nodes.set(
        node.id,
        await inspection.compiler.compile(inspection.connection, node, subjectOf(inspection, node, flags)),
      )
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      notCompiled.set(node.id, error.message)
    }
  }
  return { nodes, notCompiled }
}

/** One relation per value, and its tests: there is no SQL without a value. */
function isKnownAtRunTime(node: RunnableNode, nodes: ReadonlyMap<UniqueId, RunnableNode>): boolean {
  if (node.config.per_value !== undefined) return true
  return node.kind === 'test' && node.dependsOn.some((id) => nodes.get(id)?.config.per_value !== undefined)
}

interface Named {
  readonly id: UniqueId
  readonly relation: Relation
}

async function describeAll(
  { connection, catalog }: Inspection,
  relations: readonly Named[],
): Promise<readonly FoundRelation[]> {
  if (!connection) return []
  const found: FoundRelation[] = []
  for (const { id, relation } of relations) {
    const kind = catalog.kindOf(relation)
    if (kind === undefined) continue
    const rows = catalog.stateOf(relation)?.rows
    found.push({
      id,
      relation,
      kind,
      columns: await connection.columnsOf(relation),
      ...(rows === undefined ? {} : { rows }),
    })
  }
  return found
}

/** What has one relation in the database. A node with one relation per value has no single entry in a catalog. */
function relationsOf({ manifest }: LoadedProject): readonly Named[] {
  const nodes = [...manifest.nodes.values()].flatMap((node) =>
    node.kind !== 'test' && node.relation ? [{ id: node.id, relation: node.relation }] : [],
  )
  const sources = [...manifest.sources.values()].flatMap((source) =>
    source.external ? [] : [{ id: source.id, relation: source.relation }],
  )
  return [...nodes, ...sources]
}

function firstOfValues({ manifest }: LoadedProject, { catalog }: Inspection): readonly Named[] {
  return [...manifest.nodes.values()].flatMap((node) => {
    const first = node.config.per_value === undefined ? undefined : catalog.statesOfNode(node.id)[0]
    return first ? [{ id: node.id, relation: { schema: first.schema, identifier: first.identifier } }] : []
  })
}

async function readHistory({ context }: LoadedProject, { connection, adapter }: Inspection): Promise<RecordedRuns> {
  if (!connection || !(await hasState(connection))) return NO_RUNS
  return readRuns(connection, adapter.dialect, { targetSchema: context.target.schema, limit: RUNS_SHOWN })
}

/** What the last `source freshness` wrote, if there was one. */
function readAges({
  targetPath,
  targetName,
}: Pick<LoadedProject, 'targetPath' | 'targetName'>): SiteProjectInput['sourceAges'] {
  const path = join(targetPath, 'sources.json')
  if (!existsSync(path)) return new Map()
  return readSourceAges({ path: `${targetName}/sources.json`, text: readFileSync(path, 'utf8') })
}

import {
  catalogArtifact,
  type FoundRelation,
  manifestArtifact,
  targetFolder,
  writeArtifacts,
} from '../report/artifacts/index.ts'
import type { Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type Inspection, inspect } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { openReporter } from './reporter.ts'

/**
 * `lavra docs generate`: writes `target/manifest.json` and `target/catalog.json`, from which documentation is made: every
 * relation of the project that is published, with its columns and their types.
 */
export async function docsGenerate(flags: Flags, world: World): Promise<ExitCode> {
  const reporter = openReporter(flags, world)
  const project = await loadProject(flags, world, reporter.emit)
  const found = await inspect(project, flags, (inspection) => findRelations(project, inspection))
  reporter.close()
  const generatedAt = new Date().toISOString()
  const { manifest, context } = project
  await writeArtifacts(
    project.targetPath,
    {
      'manifest.json': manifestArtifact({
        manifest,
        project: context,
        compiled: new Map(),
        targetFolder: targetFolder({ folder: project.targetPath, project: context }),
        generatedAt,
      }),
      'catalog.json': catalogArtifact({ manifest, project: context, found, generatedAt }),
    },
    project.context.secrets,
  )
  world.stdout.write(`Wrote ${project.targetName}/catalog.json with ${found.length} relations\n`)
  return 0
}

async function findRelations(project: LoadedProject, inspection: Inspection): Promise<readonly FoundRelation[]> {
  const { connection, catalog } = inspection
  if (!connection) return []
  const found: FoundRelation[] = []
  for (const { id, relation } of relationsOf(project)) {
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
function relationsOf({ manifest }: LoadedProject): readonly { readonly id: UniqueId; readonly relation: Relation }[] {
  const nodes = [...manifest.nodes.values()].flatMap((node) =>
    node.kind !== 'test' && node.relation ? [{ id: node.id, relation: node.relation }] : [],
  )
  const sources = [...manifest.sources.values()].flatMap((source) =>
    source.external ? [] : [{ id: source.id, relation: source.relation }],
  )
  return [...nodes, ...sources]
}

// What a run leaves in the target folder.
import { join, relative } from 'node:path'
import type { CompiledNode } from '../../compile/compiled-node.ts'
import { scrub } from '../../config/secrets.ts'
import type { ProjectContext } from '../../context/project-context.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { NodeResult } from '../../run/results.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { sqlPath } from './artifact-paths.ts'
import { manifestArtifact } from './manifest.ts'
import { runResultsArtifact } from './run-results.ts'
import { writeArtifacts } from './write.ts'
import { type TextFile, writeManyAtomically } from './write-many.ts'

export type { ManifestArtifactInput } from './artifact-node.ts'
export { type CatalogInput, catalogArtifact, type FoundRelation } from './catalog.ts'
export { manifestArtifact } from './manifest.ts'
export type { RunResultsInput } from './run-results.ts'
export { writeArtifacts } from './write.ts'

export interface RunArtifacts {
  /** Absolute path of the target folder. */
  readonly folder: string
  readonly manifest: Manifest
  readonly project: ProjectContext
  readonly results: readonly NodeResult[]
  /** Statements as sent, by node. */
  readonly sent: ReadonlyMap<UniqueId, string>
  readonly compiled: ReadonlyMap<UniqueId, CompiledNode>
  readonly elapsedSeconds: number
  readonly command: string
  readonly args: Readonly<Record<string, unknown>>
  /** Whether the two artifacts are written. */
  readonly writesJson: boolean
  /** Absolute path of the folder for what was sent. */
  readonly runFolder: string
}

/** Writes `compiled/` and `run/` after a run, and `manifest.json` and `run_results.json`. */
export async function writeRunArtifacts(run: RunArtifacts): Promise<void> {
  const generatedAt = new Date().toISOString()
  const { secrets } = run.project
  const files = writeManyAtomically([...compiledFiles(run.folder, run.compiled), ...sentFiles(run)], secrets)
  if (!run.writesJson) return files
  const artifacts = {
    'manifest.json': manifestArtifact({ ...run, targetFolder: targetFolder(run), generatedAt }),
    'run_results.json': runResultsArtifact({ ...run, generatedAt }),
  }
  await Promise.all([files, writeArtifacts(run.folder, artifacts, secrets)])
}

/**
 * Writes the SQL of compiled nodes, under published names, to `compiled/` of the target folder. Seeds have none. Gives what
 * each file holds in bytes, by its path below the target folder.
 */
export async function writeCompiled(
  folder: string,
  compiled: ReadonlyMap<UniqueId, CompiledNode>,
  secrets: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const files = [...compiledFiles(folder, compiled)]
  const writing = writeManyAtomically(files, secrets)
  const sizes = files.map(([path, text]) => [path.slice(folder.length + 1), sizeOf(text, secrets)] as const)
  await writing
  return Object.fromEntries(sizes)
}

function sizeOf(text: string, secrets: readonly string[]): number {
  return Buffer.byteLength(secrets.length === 0 ? text : scrub(text, secrets))
}

function* compiledFiles(folder: string, compiled: ReadonlyMap<UniqueId, CompiledNode>): Generator<TextFile> {
  for (const { node, publishedSql } of compiled.values()) {
    if (node.kind === 'seed') continue
    yield [join(folder, 'compiled', sqlPath(node)), `${publishedSql.trimEnd()}\n`]
  }
}

function* sentFiles({ manifest, sent, runFolder }: RunArtifacts): Generator<TextFile> {
  for (const [id, sql] of sent) {
    const node = manifest.nodes.get(id)
    if (node) yield [join(runFolder, sqlPath(node)), `${sql.trimEnd()}\n`]
  }
}

/** The target folder as the project sees it, with forward slashes. */
export function targetFolder({ folder, project }: Pick<RunArtifacts, 'folder' | 'project'>): string {
  return relative(project.root, folder).replaceAll('\\', '/')
}

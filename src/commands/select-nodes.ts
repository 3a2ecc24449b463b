import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { type PreviousManifest, readManifestArtifact } from '../artifacts/manifest-artifact.ts'
import { type PreviousResults, readRunResults } from '../artifacts/run-results-artifact.ts'
import { readSources } from '../artifacts/sources-artifact.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { heedWarnings } from '../diagnostics/warning-policy.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { select } from '../graph/select.ts'
import { parseSelector } from '../graph/selector.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { ResourceType } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Flags } from './flags.ts'
import type { LoadedProject } from './load-project.ts'

const RESOURCE_TYPES: readonly ResourceType[] = ['model', 'seed', 'snapshot', 'test', 'source', 'exposure']

/**
 * What the flags select, of the given resource types, in the order of the graph. A selector that matches nothing is
 * reported and is not an error: a CI job may well have nothing to do.
 */
export async function selectNodes(
  project: LoadedProject,
  flags: Flags,
  resourceTypes: readonly ResourceType[] = RESOURCE_TYPES,
  relations?: ReadonlyMap<string, UniqueId>,
): Promise<ReadonlySet<UniqueId>> {
  const selector = parseSelector({ select: flags.select, exclude: flags.exclude })
  const selection = select(selector, {
    manifest: project.manifest,
    dag: graphOf(project.manifest),
    indirect: flags.indirectSelection,
    state: await readState(project, flags),
    results: await readPreviousResults(project, flags),
    loadedAt: await readLoadedAt(project, flags),
    relations,
  })
  const wanted = wantedTypes(flags, resourceTypes)
  const ids = [...selection.ids].filter((id) => wanted.has(findGraphNode(project.manifest, id)?.kind ?? 'macro'))
  const isUnexplained = ids.length === 0 && selection.warnings.length === 0
  const warnings = isUnexplained ? [nothingToDo(resourceTypes)] : selection.warnings
  for (const diagnostic of heedWarnings(project.warnings, warnings)) project.emit({ kind: 'diagnostic', diagnostic })
  return new Set(ids)
}

/** The types of a command, or those that the flags name, less those that they leave out. */
function wantedTypes(flags: Flags, ofCommand: readonly ResourceType[]): ReadonlySet<string> {
  const named = flags.resourceType && namedTypes(flags.resourceType, ofCommand)
  const wanted = new Set<string>(named ?? ofCommand)
  for (const type of namedTypes(flags.excludeResourceType ?? [], ofCommand)) wanted.delete(type)
  return wanted
}

/** dbt's words for types that no node has here. */
const TYPES_OF_DBT_ALONE = ['analysis', 'function', 'metric', 'saved_query', 'semantic_model', 'unit_test']

function namedTypes(written: readonly string[], ofCommand: readonly ResourceType[]): readonly ResourceType[] {
  const names = written.flatMap((text) => text.split(/[\s,]+/)).filter((name) => name !== '')
  return names.flatMap((written) => {
    const name = written.toLowerCase()
    const found = RESOURCE_TYPES.find((type) => type === name)
    if (found) return [found]
    if (name === 'all' || name === 'default') return ofCommand
    if (TYPES_OF_DBT_ALONE.includes(name)) return []
    throw new UserError(
      problem('resource-type', `There is no resource type "${name}".`, {
        hint: didYouMean(name, RESOURCE_TYPES) ?? `it is one of ${RESOURCE_TYPES.join(', ')}`,
      }),
    )
  })
}

function nothingToDo(resourceTypes: readonly ResourceType[]) {
  const types = resourceTypes.map((type) => `${type}s`).join(', ')
  return { ...problem('nothing-selected', `There are no ${types} to work on.`), severity: 'warning' as const }
}

async function readState(project: LoadedProject, flags: Flags): Promise<PreviousManifest | undefined> {
  if (!flags.state) return undefined
  const { state } = flags
  const isThere = (name: string) => existsSync(join(resolved(project, state), name))
  // A folder may hold only what another method compares with.
  if (!isThere('manifest.json') && [SOURCES_JSON, 'run_results.json'].some(isThere)) return undefined
  return readManifestArtifact(await readArtifactFile(project, flags.state, 'manifest.json'))
}

const SOURCES_JSON = 'sources.json'

/** When sources were loaded, as `--state` says and as the last `source freshness` found; both are needed to compare. */
async function readLoadedAt(project: LoadedProject, flags: Flags) {
  if (!flags.state) return undefined
  const folders = [flags.state, project.targetPath]
  if (!folders.every((folder) => existsSync(join(resolved(project, folder), SOURCES_JSON)))) return undefined
  const read = async (folder: string) => readSources(await readArtifactFile(project, folder, SOURCES_JSON))
  return { before: await read(flags.state), now: await read(project.targetPath) }
}

/** The results of `--state`, or those of the last run of this project. */
async function readPreviousResults(project: LoadedProject, flags: Flags): Promise<PreviousResults | undefined> {
  const folder = flags.state ?? project.targetPath
  const path = join(resolved(project, folder), 'run_results.json')
  if (!existsSync(path)) return undefined
  return readRunResults(await readArtifactFile(project, folder, 'run_results.json'))
}

/** An artifact of an earlier run; a `UserError` when it is not there. */
export async function readArtifactFile(project: Pick<LoadedProject, 'root'>, folder: string, name: string) {
  const path = join(resolved(project, folder), name)
  try {
    return { path: relative(project.root, path) || name, text: await readFile(path, 'utf8') }
  } catch (error) {
    throw new UserError(
      problem('artifact-not-found', `There is no "${name}" in "${folder}".`, {
        hint: 'it is written by a run of this project; name the folder that holds one',
      }),
      { cause: error },
    )
  }
}

function resolved(project: Pick<LoadedProject, 'root'>, folder: string): string {
  return isAbsolute(folder) ? folder : join(project.root, folder)
}

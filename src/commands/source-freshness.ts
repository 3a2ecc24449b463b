import { resolve } from 'node:path'
import type { Connection } from '../adapters/adapter.ts'
import { relocated } from '../context/index.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { heedWarnings } from '../diagnostics/warning-policy.ts'
import type { NodeOutcome, NodeStatus } from '../events/events.ts'
import { graphOf } from '../graph/from-manifest.ts'
import { inlineOperation } from '../manifest/inline.ts'
import type { Source } from '../manifest/nodes.ts'
import { sourcesArtifact } from '../report/artifacts/sources.ts'
import { writeArtifactFile } from '../report/artifacts/write.ts'
import { ConnectionPool } from '../run/connection-pool.ts'
import { countStatuses } from '../run/results.ts'
import { schedule } from '../run/schedule.ts'
import { hasLimits, measureAge, nameOf, type SourceAge } from '../run/source-age.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { version } from '../version.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type Inspection, inspect } from './inspect.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { locationName } from './location-name.ts'
import { prepareOutputs, writing } from './output-files.ts'
import { openReporter } from './reporter.ts'
import { selectNodes } from './select-nodes.ts'

/**
 * `lavra source freshness`: asks for the newest row of every selected source that says how old it may be, and writes
 * `target/sources.json`. Nothing is written to the database. Ends with 1 when one is too old or cannot be asked.
 */
export async function sourceFreshness(given: Flags, world: World): Promise<ExitCode> {
  const flags: Flags = { ...given, which: 'freshness' }
  const reporter = openReporter(flags, world)
  try {
    const project = await loadProject(flags, world, reporter.emit)
    const sources = await limitedSources(project, flags)
    if (sources.length === 0) return 0
    await prepareOutputs(project, flags, world)
    const start = performance.now()
    const ages = await inspect(project, flags, (inspection) => measureAll(project, inspection, sources, flags, world))
    const elapsedSeconds = (performance.now() - start) / 1000
    const counts = countStatuses(ages.map((age) => ({ status: outcomeOf(project, age).status })))
    const summary = { counts, seconds: elapsedSeconds, published: 0, interrupted: world.signal.aborted }
    project.emit({ kind: 'run-finished', summary })
    await writing(() => write(project, ages, elapsedSeconds, flags, world))
    return counts.fail + counts.error === 0 && !world.signal.aborted ? 0 : 1
  } finally {
    reporter.close()
  }
}

async function limitedSources(project: LoadedProject, flags: Flags): Promise<readonly Source[]> {
  const ids = await selectNodes(project, flags, ['source'])
  const selected = [...ids].flatMap((id) => project.manifest.sources.get(id) ?? [])
  const limited = selected.filter(hasLimits)
  if (selected.length > 0 && limited.length === 0) {
    const found = problem('nothing-selected', 'No selected source says how old it may be.', {
      severity: 'warning',
      hint: 'set "freshness" with "warn_after" or "error_after"',
    })
    for (const diagnostic of heedWarnings(project.warnings, [found])) project.emit({ kind: 'diagnostic', diagnostic })
  }
  return limited
}

async function measureAll(
  project: LoadedProject,
  inspection: Inspection,
  sources: readonly Source[],
  flags: Flags,
  { signal }: World,
): Promise<readonly SourceAge[]> {
  const { adapter } = inspection
  if (!inspection.connection) throw new UserError(noDatabase(adapter.location))
  const threads = flags.singleThreaded ? 1 : (flags.threads ?? project.profile.threads)
  tellStart(project, sources, threads, adapter.location)
  const stopQueries = () => adapter.interrupt()
  signal.addEventListener('abort', stopQueries)
  const connections = new ConnectionPool(adapter)
  let begun = 0
  try {
    const byId = new Map(sources.map((source) => [source.id, source]))
    const ages = await schedule<UniqueId, SourceAge | undefined>({
      dag: graphOf(project.manifest).contract(new Set(byId.keys())),
      concurrency: threads,
      signal,
      blocks: () => false,
      onSkip: () => undefined,
      run: (id) => {
        begun += 1
        const index = begun
        return connections.use((connection) =>
          tellAge(project, byId.get(id)!, { index, total: sources.length }, (source) =>
            ageOf(project, inspection, connection, source, `Thread-${index}`),
          ),
        )
      },
    })
    return [...ages.values()].filter((age) => age !== undefined)
  } finally {
    signal.removeEventListener('abort', stopQueries)
    connections.close()
  }
}

function ageOf(
  project: LoadedProject,
  inspection: Inspection,
  connection: Connection,
  source: Source,
  threadId: string,
): Promise<SourceAge> {
  const { dialect } = inspection.adapter
  return measureAge({
    source,
    connection,
    threadId,
    engine: dialect.name,
    currentTimestamp: dialect.currentTimestamp,
    compile: async (text) => {
      const file = { path: source.file.path, text }
      try {
        const operation = inlineOperation(project.manifest, project.context, file)
        await inspection.sourceFiles.load(connection, operation)
        return await inspection.compiler.operation(connection, operation, {})
      } catch (error) {
        throw relocated(error, file, source.place)
      }
    },
  })
}

function tellStart(project: LoadedProject, sources: readonly Source[], threads: number, location: string): void {
  const { context } = project
  project.emit({
    kind: 'run-started',
    run: {
      runId: context.invocationId,
      version,
      command: 'source freshness',
      project: context.name,
      target: context.target.name,
      location: locationName(location, project.root),
      threads,
      counts: { source: sources.length },
    },
  })
}

async function tellAge(
  project: LoadedProject,
  source: Source,
  place: { readonly index: number; readonly total: number },
  measure: (source: Source) => Promise<SourceAge>,
): Promise<SourceAge> {
  const node = { id: source.id, name: nameOf(source), resourceType: 'source' }
  project.emit({ kind: 'node-started', node, ...place })
  const age = await measure(source)
  project.emit({ kind: 'node-finished', node, ...place, outcome: outcomeOf(project, age) })
  return age
}

/** A source that is too old has failed; one that cannot be asked is an error. */
function outcomeOf({ warnings }: LoadedProject, age: SourceAge): NodeOutcome {
  const { seconds, diagnostics } = age
  const isPromoted = age.status === 'warn' && warnings('source-stale') === 'error'
  const severity = 'error' as const
  if (isPromoted) {
    return { status: 'fail', seconds, diagnostics: diagnostics.map((found) => ({ ...found, severity })) }
  }
  return { status: STATUSES[age.status], seconds, diagnostics }
}

const STATUSES: Readonly<Record<SourceAge['status'], NodeStatus>> = {
  pass: 'pass',
  warn: 'warn',
  error: 'fail',
  'runtime error': 'error',
}

async function write(
  project: LoadedProject,
  ages: readonly SourceAge[],
  elapsedSeconds: number,
  flags: Flags,
  world: World,
): Promise<void> {
  if (flags.writeJson === false) return
  const path = flags.output === undefined ? undefined : resolve(world.cwd, flags.output)
  const artifact = sourcesArtifact({
    project: project.context,
    ages,
    elapsedSeconds,
    generatedAt: new Date().toISOString(),
  })
  await writeArtifactFile(path ?? resolve(project.targetPath, 'sources.json'), artifact, project.context.secrets)
}

function noDatabase(location: string) {
  return problem('database-not-found', `There is no database at ${location} yet.`, {
    hint: 'run "lavra build" first',
  })
}

import type { Adapter } from '../adapters/adapter.ts'
import { parseYaml } from '../config/yaml.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { CALL_ARGUMENTS, type MacroCall, macroCall } from '../manifest/macro-call.ts'
import { writeRunArtifacts } from '../report/artifacts/index.ts'
import { Candidates } from '../run/candidates.ts'
import { readCatalog } from '../run/catalog.ts'
import { compilerForRun } from '../run/compile-for-run.ts'
import type { NodeResult } from '../run/results.ts'
import { SourceFiles } from '../run/source-files.ts'
import { runMark } from '../sql/candidate-name.ts'
import { isJsonObject, type JsonObject } from '../util/json.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { prepareOutputs, writing } from './output-files.ts'
import { openReporter } from './reporter.ts'

/**
 * `lavra run-operation <macro>`: calls a macro of the project with the arguments of `--args`, on a connection that holds the
 * lease. What the macro sends is sent as it is, each statement for itself: it is not part of any publication, and nothing
 * undoes it. Ends with 1 when the macro failed.
 */
export async function runOperation(given: Flags, world: World, args: readonly string[]): Promise<ExitCode> {
  const name = args[0] ?? ''
  const flags: Flags = { ...given, which: 'run-operation' }
  const reporter = openReporter(flags, world)
  try {
    const callArguments = parseArguments(flags.args)
    const project = await loadProject(flags, world, reporter.emit)
    const call = macroCall(project.manifest, project.context, name)
    await prepareOutputs(project, flags, world)
    const result = await callMacro(project, call, callArguments, flags, world)
    for (const diagnostic of result.diagnostics) reporter.emit({ kind: 'diagnostic', diagnostic })
    await writing(() => writeResult(project, result, { ...flags, macro: name }))
    return result.status === 'success' ? 0 : 1
  } finally {
    reporter.close()
  }
}

/** The value of `--args`: a map in YAML or JSON. Throws `UserError` (`args-invalid`). */
function parseArguments(text: string | undefined): JsonObject {
  if (text === undefined) return {}
  const { value } = parseYaml({ path: '--args', text })
  if (value === null) return {}
  if (isJsonObject(value)) return value
  throw new UserError(
    problem('args-invalid', `The flag --args takes a map, not ${JSON.stringify(value)}.`, {
      hint: `write --args '{argument: value}'`,
    }),
  )
}

async function callMacro(
  project: LoadedProject,
  call: MacroCall,
  callArguments: JsonObject,
  flags: Flags,
  world: World,
): Promise<NodeResult> {
  const adapter = await project.createAdapter()
  const waitMs = (flags.wait ?? project.leaseTimeoutSeconds) * 1000
  await adapter.open({
    mode: 'write',
    runId: project.context.invocationId,
    waitMs,
    onWait: (holder) => project.emit({ kind: 'waiting-for-lease', holder }),
    signal: world.signal,
  })
  const stopQueries = () => adapter.interrupt()
  world.signal.addEventListener('abort', stopQueries)
  const start = performance.now()
  const startedAt = new Date().toISOString()
  const finish = (status: NodeResult['status'], diagnostics: readonly Diagnostic[]): NodeResult => {
    const seconds = (performance.now() - start) / 1000
    return { id: call.macro.id, status, startedAt, seconds, threadId: 'main', diagnostics }
  }
  try {
    await render(project, adapter, call, callArguments)
    return finish('success', [])
  } catch (error) {
    if (world.signal.aborted) return finish('skipped', [])
    if (error instanceof UserError) return finish('error', error.diagnostics)
    throw error
  } finally {
    world.signal.removeEventListener('abort', stopQueries)
    await adapter.close()
  }
}

/** What the macro gives back is nothing to anybody; what it does while it is rendered is what it was called for. */
async function render(
  { manifest, context }: LoadedProject,
  adapter: Adapter,
  { operation }: MacroCall,
  callArguments: JsonObject,
): Promise<void> {
  const connection = await adapter.connect()
  // Nothing is remembered of what exists: the macro may have changed it since.
  const catalog = await readCatalog(connection, adapter.database, [], [], context.target.schema)
  const mark = runMark(context.invocationId)
  const sourceFiles = new SourceFiles({ manifest, dialect: adapter.dialect, mark })
  await sourceFiles.load(connection, operation)
  const compiler = compilerForRun({
    manifest,
    project: context,
    adapter,
    catalog,
    candidates: new Candidates(),
    sourceFiles,
    compiled: new Map(),
  })
  await compiler.operation(connection, operation, { [CALL_ARGUMENTS]: callArguments })
}

function writeResult(project: LoadedProject, result: NodeResult, args: Flags & { readonly macro: string }) {
  return writeRunArtifacts({
    folder: project.targetPath,
    manifest: project.manifest,
    project: project.context,
    results: [result],
    sent: new Map(),
    compiled: new Map(),
    elapsedSeconds: result.seconds,
    command: 'run-operation',
    args: { ...args },
    writesJson: args.writeJson ?? true,
    runFolder: project.targetPath,
  })
}

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { DatabaseError } from '../adapters/adapter.ts'
import { secretsOfEnvironment } from '../config/secrets.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { version } from '../version.ts'
import { commandLineProblem } from './command-line-problem.ts'
import type { ExitCode, Flags, World } from './flags.ts'
import { scrubbedStream } from './scrubbed-stream.ts'

type Run = (flags: Flags, world: World, args: readonly string[]) => Promise<ExitCode>

/**
 * Parses the command line, runs the command and gives the exit code. Never throws: what is unexpected is shown as such.
 * Without `surroundings` the command runs in this process's folder, environment and terminal.
 */
export async function main(argv: readonly string[], surroundings?: Omit<World, 'signal'>): Promise<number> {
  const interruption = interruptible()
  const around = surroundings ?? ownProcess()
  const secrets = new Set(secretsOfEnvironment(around.env))
  const world: World = {
    ...around,
    stdout: scrubbedStream(around.stdout, secrets),
    stderr: scrubbedStream(around.stderr, secrets),
    secrets,
    signal: interruption.signal,
  }
  try {
    let exitCode: number = 0
    const program = createProgram(world, async (run, flags, args) => {
      exitCode = await run(flags, world, args)
    })
    await program.parseAsync(argv, { from: 'user' })
    return interruption.exitCode() ?? exitCode
  } catch (error) {
    return interruption.exitCode() ?? explain(error, argv, world)
  } finally {
    interruption.stop()
  }
}

function ownProcess(): Omit<World, 'signal'> {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    enterFolder: (folder) => process.chdir(folder),
  }
}

/** Ctrl-C and SIGTERM stop the run in order; a second one ends the process at once. */
function interruptible() {
  const controller = new AbortController()
  let code: ExitCode | undefined
  const on = (name: 'SIGINT' | 'SIGTERM', exitCode: ExitCode) => {
    const listener = () => {
      if (code !== undefined) process.exit(code)
      code = exitCode
      controller.abort(new Error(`interrupted by ${name}`))
    }
    process.on(name, listener)
    return () => process.off(name, listener)
  }
  const stops = [on('SIGINT', 130), on('SIGTERM', 143)]
  return {
    signal: controller.signal,
    exitCode: () => code,
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

function explain(error: unknown, argv: readonly string[], { stderr, env }: World): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  const diagnostics = diagnosticsOf(error)
  if (diagnostics) {
    const color = stderr.isTTY === true && env.NO_COLOR === undefined && !argv.includes('--no-color')
    const texts = diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, { color }))
    if (texts.length > 0) stderr.write(`${texts.join('\n\n')}\n`)
    return 2
  }
  const stack = error instanceof Error ? error.stack : String(error)
  stderr.write(`Lavra ${version} met something it did not expect. This is a defect of Lavra.\n${stack}\n`)
  return 2
}

/** The problems that an error is about; undefined for what nobody expected. */
function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof UserError) return error.diagnostics
  // Outside of any node: the database did not even take what every run writes.
  if (error instanceof DatabaseError) {
    const hint = error.hint ?? (error.code === 'disk-full' ? 'free some space and run again' : undefined)
    return [
      problem('database', `${error.title}: ${error.message}`, {
        subject: 'the run itself',
        ...(hint === undefined ? {} : { hint }),
      }),
    ]
  }
  if (!(error instanceof CommanderError)) return undefined
  const found = commandLineProblem(error)
  return found ? [found] : []
}

function createProgram(
  { stdout, stderr }: World,
  start: (run: Run, flags: Flags, args: readonly string[]) => Promise<void>,
): Command {
  const program = new Command('lavra')
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Told by `explain`, as every other mistake.
      outputError: () => {},
      getOutHelpWidth: () => stdout.columns ?? 80,
    })
    .description('Builds, tests and publishes SQL models: a run is published whole or not at all.')
    .version(version, '-v, --version', 'print the version')
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: false })
  const command = (name: string, summary: string, load: () => Promise<Run>, parent = program): Command => {
    const created = parent.command(name).description(summary).exitOverride().showSuggestionAfterError(true)
    addProjectOptions(created)
    created.action(async () => start(await load(), readFlags(created), created.args))
    return created
  }
  const building = (created: Command) => addSelection(addRunning(created))

  command('init', 'make a new project in a new folder', async () => (await import('./init.ts')).init).argument(
    '<name>',
    'the name of the project and of its folder',
  )
  command('debug', 'check the project, the profile and the connection', async () => (await import('./debug.ts')).debug)
  addSelection(
    command('ls', 'list what a selection selects', async () => (await import('./list.ts')).list).alias('list'),
  )
    .addOption(
      new Option('--output <form>', 'how each is shown')
        .choices(['selector', 'name', 'path', 'json'])
        .default('selector'),
    )
    .option('--output-keys <keys...>', 'the keys of --output json')
  command('parse', 'read the project and write target/manifest.json', async () => (await import('./parse.ts')).parse)
  addSelection(
    command(
      'compile',
      'write the SQL of models to target/compiled',
      async () => (await import('./compile.ts')).compile,
    ),
  )
    .option('--inline <sql>', 'compile this text instead of models')
    .addOption(new Option('--output <form>', 'how the SQL is shown').choices(['text', 'json']).default('text'))
  addSelection(
    command('check', 'find mistakes before anything runs', async () => (await import('./check.ts')).check),
  ).addOption(
    new Option('--output <form>', 'how problems are told').choices(['text', 'json', 'sarif', 'github']).default('text'),
  )
  building(command('run', 'build models and publish them, without tests', async () => (await import('./run.ts')).run))
  building(
    command(
      'build',
      'build seeds, models and snapshots, test them, publish all or nothing',
      async () => (await import('./build.ts')).build,
    ),
  )
  building(command('test', 'test what is published', async () => (await import('./test.ts')).test))
  building(command('seed', 'load seeds and publish them', async () => (await import('./seed.ts')).seed))
  building(command('snapshot', 'bring snapshots up to date', async () => (await import('./snapshot.ts')).snapshot))
  addSelection(command('show', 'print rows of a model or of a query', async () => (await import('./show.ts')).show))
    .option('--inline <sql>', 'show the rows of this query instead')
    .option('--limit <rows>', 'how many rows; -1 is all of them', wholeNumber)
    .addOption(new Option('--output <form>', 'how the rows are shown').choices(['text', 'json']).default('text'))
  const docs = program.command('docs').description('documentation of the project').exitOverride()
  command(
    'generate',
    'write target/manifest.json and target/catalog.json',
    async () => (await import('./docs-generate.ts')).docsGenerate,
    docs,
  )
  command('clean', 'delete the folders that a run writes', async () => (await import('./clean.ts')).clean)
  addRunning(
    command(
      'retry',
      'run again what failed or was skipped in the last run',
      async () => (await import('./retry.ts')).retry,
    ),
  )
  command(
    'rollback',
    'republish the versions that were kept',
    async () => (await import('./rollback.ts')).rollback,
  ).argument('[run]', 'go back to what this run published; the one before the last when not given')
  return program
}

function addProjectOptions(command: Command): Command {
  return command
    .option('--project-dir <folder>', 'the project; by default the nearest folder upwards that has a project.yml')
    .option('--profiles-dir <folder>', 'the folder of profiles.yml')
    .option('--profile <name>', 'the profile to use')
    .option('-t, --target <name>', 'the target of the profile')
    .option('--target-path <folder>', 'where artifacts are written')
    .option('--vars <yaml>', 'variables, as YAML or JSON: \'{"day": "2020-02-03"}\'')
    .option('--wait <seconds>', 'how long to wait for another run', atLeast(0))
    .addOption(new Option('--log-format <form>', 'lines for people or for programs').choices(['text', 'json']))
    .option('-q, --quiet', 'only errors and what was asked for')
    .option('-d, --debug', 'tell more')
    .option('--no-color', 'no colours')
}

function addSelection(command: Command): Command {
  return command
    .option('-s, --select <selection...>', 'what to select: names, tag:, path:, +name, name+, …')
    .option('-m, --models <selection...>', 'the same as --select')
    .option('--exclude <selection...>', 'what to leave out')
    .option('--resource-type <types...>', 'only these: model, seed, snapshot, test, source, exposure')
    .addOption(
      new Option('--indirect-selection <mode>', 'which tests come with what is selected').choices([
        'eager',
        'cautious',
        'buildable',
        'empty',
      ]),
    )
    .option('--state <folder>', 'artifacts to compare with, for state: and result:')
}

function addRunning(command: Command): Command {
  return command
    .option('--threads <number>', 'how many nodes at a time', atLeast(1))
    .option('-f, --full-refresh', 'rebuild incremental models and seeds from nothing')
    .option('-x, --fail-fast', 'stop at the first failure')
    .option('--store-failures', 'keep the failing rows of tests in tables')
    .addOption(
      new Option('--publish <mode>', 'all of it or nothing, what passed, or each as it is built').choices([
        'all',
        'passing',
        'each',
      ]),
    )
    .option('--dry-run', 'print what would be done and do nothing')
    .option('--junit <file>', 'write test results as JUnit XML')
    .option('--github', 'print annotations for GitHub Actions')
}

function readFlags(command: Command): Flags {
  const options = command.opts<Flags & { readonly models?: readonly string[] }>()
  const { models, select, ...rest } = options
  const selection = [...(select ?? []), ...(models ?? [])]
  return { ...rest, ...(selection.length > 0 ? { select: selection } : {}) }
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text)
    if (number < least) throw new InvalidArgumentError(`It must be at least ${least}.`)
    return number
  }
}

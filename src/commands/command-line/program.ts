import { Command, Option } from 'commander'
import { version } from '../../version.ts'
import type { ExitCode, Flags, World } from '../flags.ts'
import { addGlobalOptions, addProjectOptions, addRunning, addSelection, atLeast, port, wholeNumber } from './options.ts'
import { type WrittenFlags, writtenFlags } from './written-flags.ts'

type Run = (flags: Flags, world: World, args: readonly string[]) => Promise<ExitCode>

/** The command that a command line names. */
export interface NamedCommand {
  readonly name: string
  readonly args: readonly string[]
  /** Loads its code: only the one that runs is loaded. */
  load(): Promise<Run>
}

/** The command line as a parser: `start` is called with the command that it names. */
export function createProgram(
  { stdout, stderr }: Pick<World, 'stdout' | 'stderr'>,
  start: (command: NamedCommand, written: WrittenFlags) => Promise<void>,
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
    // dbt's flags may stand before the command, and its own come after it: of a flag given twice the later counts.
    .enablePositionalOptions()
    .addHelpText('after', '\n"lavra help <command>" shows the flags of a command.')
  addGlobalOptions(program)
  const command = (name: string, summary: string, load: () => Promise<Run>, parent = program): Command => {
    const created = parent.command(name).description(summary).exitOverride().showSuggestionAfterError(true)
    addProjectOptions(created)
    created.action(() => start({ name, args: created.args, load }, writtenFlags(program, created)))
    return created
  }
  const building = (created: Command) => addSelection(addRunning(created))

  command('init', 'make a new project in a new folder', async () => (await import('../init.ts')).init).argument(
    '<name>',
    'the name of the project and of its folder',
  )
  command(
    'debug',
    'check the project, the profile and the connection',
    async () => (await import('../debug.ts')).debug,
  ).addOption(new Option('--connection').hideHelp()) // it always does
  addSelection(
    command('ls', 'list what a selection selects', async () => (await import('../list.ts')).list).alias('list'),
  )
    .addOption(
      new Option('--output <form>', 'how each is shown')
        .choices(['selector', 'name', 'path', 'json'])
        .default('selector'),
    )
    .option('--output-keys <keys...>', 'the keys of --output json')
  command('parse', 'read the project and write target/manifest.json', async () => (await import('../parse.ts')).parse)
  addSelection(
    command(
      'compile',
      'write the SQL of models to target/compiled',
      async () => (await import('../compile.ts')).compile,
    ),
  )
    .option('--inline <sql>', 'compile this text instead of models')
    .addOption(new Option('--output <form>', 'how the SQL is shown').choices(['text', 'json']).default('text'))
  const offline = () => new Option('--offline', "without the target's database, by what schema pull has written")
  addSelection(command('check', 'find mistakes before anything runs', async () => (await import('../check.ts')).check))
    .addOption(offline())
    .addOption(
      new Option('--output <form>', 'how problems are told')
        .choices(['text', 'json', 'sarif', 'github'])
        .default('text'),
    )
  for (const [name, summary, load] of [
    ['lineage', 'tell where a column comes from', async () => (await import('../lineage.ts')).lineage],
    ['impact', 'tell what a change of a column reaches', async () => (await import('../impact.ts')).impact],
  ] as const) {
    command(name, summary, load)
      .argument('<column>', 'a column, such as gold.orders.amount, or a node for all of its columns')
      .addOption(offline())
      .addOption(new Option('--output <form>', 'how it is told').choices(['text', 'json']).default('text'))
  }
  building(command('run', 'build models and publish them, without tests', async () => (await import('../run.ts')).run))
  building(
    command(
      'build',
      'build seeds, models and snapshots, test them, publish all or nothing',
      async () => (await import('../build.ts')).build,
    ),
  )
  building(command('test', 'test what is published', async () => (await import('../test.ts')).test))
  building(command('seed', 'load seeds and publish them', async () => (await import('../seed.ts')).seed))
  building(command('snapshot', 'bring snapshots up to date', async () => (await import('../snapshot.ts')).snapshot))
  addSelection(command('show', 'print rows of a model or of a query', async () => (await import('../show.ts')).show))
    .option('--inline <sql>', 'show the rows of this query instead')
    .option('--limit <rows>', 'how many rows; -1 is all of them', wholeNumber)
    .addOption(new Option('--output <form>', 'how the rows are shown').choices(['text', 'json']).default('text'))
  command('report', 'print what a dashboard or model published', async () => (await import('../report.ts')).report)
    .argument('<name>', 'the name of a dashboard, of a model, seed or snapshot, or of a relation')
    .option('--panel <name>', 'only this panel of the dashboard')
    .option('--where <sql>', 'only the rows for which this condition holds')
    .option('--filter <column=value...>', 'only the rows that have this value; of days: from..to')
    .option('--limit <rows>', 'how many rows; -1 is all of them; a table has 100 without it', wholeNumber)
    .addOption(
      new Option('--format <form>', 'how the rows are written')
        .choices(['table', 'md', 'csv', 'json', 'parquet'])
        .default('table'),
    )
    .option('--output-file <file>', 'where they are written, instead of standard output')
    .addOption(
      new Option('--locale <locale>', 'how table and md write numbers and days').choices(['en', 'pt-BR']).default('en'),
    )
  command(
    'run-operation',
    'call a macro, for what it does',
    async () => (await import('../run-operation.ts')).runOperation,
  )
    .argument('<macro>', 'its name, or package.name')
    .option('--args <yaml>', "its arguments by name, as YAML or JSON: '{role: reader}'")
  const docs = program.command('docs').description('documentation of the project').exitOverride()
  command(
    'generate',
    'write the documentation to target/docs, target/manifest.json and target/catalog.json',
    async () => (await import('../docs-generate.ts')).docsGenerate,
    docs,
  )
    .addOption(new Option('--compile').hideHelp())
    .option('--no-compile', 'without compiled SQL, column lineage and findings')
    .addOption(offline())
  command(
    'serve',
    'serve the documentation on this machine, and follow the changes of the project',
    async () => (await import('../docs-serve.ts')).docsServe,
    docs,
  )
    .option('--port <number>', 'the port; 8080 when not given', port)
    .option('--host <address>', 'the address; 127.0.0.1 when not given')
    .option('--no-compile', 'without compiled SQL, column lineage and findings')
    .addOption(offline())
    .addOption(new Option('--compile').hideHelp())
    .addOption(new Option('--browser').hideHelp())
    .addOption(new Option('--no-browser').hideHelp()) // none is opened
  const source = program.command('source').description('sources of the project').exitOverride()
  addSelection(
    command(
      'freshness',
      'tell how old the newest rows of sources are, and which are too old',
      async () => (await import('../source-freshness.ts')).sourceFreshness,
      source,
    ).alias('snapshot-freshness'),
  )
    .option('--threads <number>', 'how many sources at a time', atLeast(1))
    .option('-o, --output <file>', 'where the result is written; target/sources.json when not given')
  const schema = program.command('schema').description('what the project reads and does not build').exitOverride()
  addSelection(
    command(
      'pull',
      'write the columns of sources to a file, for check --offline',
      async () => (await import('../schema-pull.ts')).schemaPull,
      schema,
    ),
  ).addOption(new Option('--output <form>', 'how the changes are told').choices(['text', 'json']).default('text'))
  command('clean', 'delete the folders that a run writes', async () => (await import('../clean.ts')).clean)
  addRunning(
    command(
      'retry',
      'run again what failed or was skipped in the last run',
      async () => (await import('../retry.ts')).retry,
    ),
  )
  command(
    'rollback',
    'republish the versions that were kept',
    async () => (await import('../rollback.ts')).rollback,
  ).argument('[run]', 'go back to what this run published; the one before the last when not given')
  for (const group of [program, docs, source, schema]) {
    // There are many, and one command that runs.
    group.hook('preSubcommand', (_, named) => {
      addGlobalOptions(named)
    })
  }
  return program
}

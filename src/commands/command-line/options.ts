import { Command, InvalidArgumentError, Option } from 'commander'

/** The flags that dbt takes before the command and after it alike. What a command does not offer in its help is hidden there. */
export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions()) {
    const isThere = command.options.some((known) => known.long === option.long)
    if (!isThere) command.addOption(option.hideHelp())
  }
  return command
}

export function addProjectOptions(command: Command): Command {
  return command
    .option('--project-dir <folder>', 'the project; by default the nearest folder upwards that has a project.yml')
    .option('--profiles-dir <folder>', 'the folder of profiles.yml')
    .option('--profile <name>', 'the profile to use')
    .option('-t, --target <name>', 'the target of the profile')
    .option('--target-path <folder>', 'where artifacts are written')
    .option('--vars <yaml>', 'variables, as YAML or JSON: \'{"day": "2020-02-03"}\'')
    .option('--wait <seconds>', 'how long to wait for another run', atLeast(0))
    .addOption(logFormat())
    .addOption(
      new Option('--log-level <level>', 'how much is told').choices(['debug', 'info', 'warn', 'error', 'none']),
    )
    .option('-q, --quiet', 'only errors and what was asked for')
    .option('-d, --debug', 'tell more')
    .option('--warn-error', 'warnings are errors')
    .option('--warn-error-options <yaml>', "which warnings are errors: '{error: all, warn: [test-failed]}'")
    .addOption(new Option('--color').hideHelp())
    .option('--no-color', 'no colours')
}

export function addSelection(command: Command): Command {
  return command
    .option('-s, --select <selection...>', 'what to select: names, tag:, path:, +name, name+, …')
    .option('-m, --models <selection...>', 'the same as --select')
    .addOption(new Option('--model <selection...>').hideHelp())
    .option('--exclude <selection...>', 'what to leave out')
    .option('--resource-type <types...>', 'only these: model, seed, snapshot, test, source, exposure')
    .addOption(new Option('--resource-types <types...>').hideHelp())
    .option('--exclude-resource-type <types...>', 'all but these')
    .addOption(new Option('--exclude-resource-types <types...>').hideHelp())
    .addOption(indirectSelection())
    .addOption(state())
}

export function addRunning(command: Command): Command {
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
    .addOption(new Option('--show').hideHelp())
}

/** dbt's flags in all their forms, and Lavra's own of every command. */
function globalOptions(): readonly Option[] {
  return [
    ...addProjectOptions(new Command()).options,
    indirectSelection(),
    state(),
    ...SWITCHES.flatMap(bothWays),
    ...UNHEARD.map((flags) => new Option(flags)),
    ...WITHOUT_EFFECT.switches.flatMap(bothWays),
    ...WITHOUT_EFFECT.values.map((flags) => new Option(flags)),
  ]
}

/** Flags that are on or off, and mean something. */
const SWITCHES = [
  '-q, --quiet',
  '-d, --debug',
  '-x, --fail-fast',
  '--use-colors',
  '--print',
  '--write-json',
  '--warn-error',
  '--single-threaded',
]

/** What these ask for somebody will look for, so that it is said that it is not there. */
const UNHEARD = ['--log-path <folder>', '-r, --record-timing-info <file>']

/**
 * What these ask for is always so, or never: nothing is parsed in part, cached or sent, and no log file is written. They
 * are taken without a word, because scripts have them for dbt's sake.
 */
const WITHOUT_EFFECT = {
  switches: [
    '--version-check',
    '--partial-parse',
    '--partial-parse-file-diff',
    '--static-parser',
    '--use-experimental-parser',
    '--populate-cache',
    '--cache-selected-only',
    '--send-anonymous-usage-stats',
    '--log-cache-events',
    '--macro-debugging',
    '--use-colors-file',
    '--use-fast-test-edges',
    '--show-all-deprecations',
    '--show-resource-report',
  ],
  values: [
    '--partial-parse-file-path <file>',
    '--printer-width <columns>',
    '--log-format-file <form>',
    '--log-level-file <level>',
    '--log-file-max-bytes <bytes>',
  ],
}

/** A flag and its opposite: `--quiet` and `--no-quiet`. */
function bothWays(flags: string): readonly Option[] {
  return [new Option(flags), new Option(flags.replace(/^.*--/, '--no-'))]
}

/** dbt has two more words for text. */
function logFormat(): Option {
  const choices = ['text', 'json', 'default', 'debug']
  return new Option('--log-format <form>', 'lines for people or for programs: text, json').argParser((form) => {
    if (!choices.includes(form)) throw new InvalidArgumentError('Allowed choices are text, json.')
    return form === 'json' ? 'json' : 'text'
  })
}

function indirectSelection(): Option {
  return new Option('--indirect-selection <mode>', 'which tests come with what is selected').choices([
    'eager',
    'cautious',
    'buildable',
    'empty',
  ])
}

function state(): Option {
  return new Option('--state <folder>', 'artifacts to compare with, for state: and result:')
}

export function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.')
  return number
}

export function atLeast(least: number): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text)
    if (number < least) throw new InvalidArgumentError(`It must be at least ${least}.`)
    return number
  }
}

/** A port to listen on; 0 is whichever is free. */
export function port(text: string): number {
  const number = atLeast(0)(text)
  if (number > HIGHEST_PORT) throw new InvalidArgumentError(`It must be at most ${HIGHEST_PORT}.`)
  return number
}

const HIGHEST_PORT = 65_535

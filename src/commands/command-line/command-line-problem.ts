import type { CommanderError } from 'commander'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'

/** What is wrong with the words of a command line, from what the parser says; undefined where it only showed its help. */
export function commandLineProblem(error: CommanderError): Diagnostic | undefined {
  const said = /^error: (?<sentence>[\s\S]*?)(?:\n\(Did you mean (?<guess>.+)\?\))?$/.exec(error.message)?.groups
  if (!said) return undefined
  const hint = hintFor(error, said.guess)
  return problem('command-line', sentence(said.sentence ?? ''), hint === undefined ? {} : { hint })
}

function hintFor({ code, message }: CommanderError, guess: string | undefined): string | undefined {
  const name = /'(.+)'/.exec(message)?.[1] ?? ''
  const instead = insteadOf(code, name)
  if (instead !== undefined) return instead
  if (guess !== undefined) return `did you mean "${guess}"?`
  // A name alone is the most common slip: selections have a flag of their own.
  const words = /but got \d+: (.+)\.$/.exec(message)?.[1]
  if (code === 'commander.excessArguments' && words)
    return `nodes are selected with --select ${words.replaceAll(', ', ' ')}`
  return code === 'commander.unknownCommand' ? '"lavra --help" lists the commands' : undefined
}

/** What to do where dbt has a command or flag that is not here. */
function insteadOf(code: string, name: string): string | undefined {
  if (code === 'commander.unknownOption') return INSTEAD_OF_FLAGS[name]
  return code === 'commander.unknownCommand' ? INSTEAD_OF_COMMANDS[name] : undefined
}

const INSTEAD_OF_COMMANDS: Readonly<Record<string, string>> = {
  clone: 'point another target at a copy of the database, or build there',
  deps: 'put each package into a folder of dbt_packages/, as "dbt deps" does; Lavra reads packages and fetches none',
  lint: '"lavra compile" tells what is wrong with a template',
  login: 'there is nothing to log in to',
  sl: 'there is no semantic layer',
}

const WRITE_SELECTION = 'write the selection itself with --select'
const NOT_DEFERRED = 'there is no deferral: select what is read too ("+model"), or build it first'
const NOT_LESS = 'there is no run on fewer rows: "lavra compile" shows the SQL, and a var may narrow a query'

const INSTEAD_OF_FLAGS: Readonly<Record<string, string>> = {
  '--selector': WRITE_SELECTION,
  '--defer': NOT_DEFERRED,
  '--defer-state': NOT_DEFERRED,
  '--favor-state': NOT_DEFERRED,
  '--empty': NOT_LESS,
  '--sample': NOT_LESS,
  '--event-time-start': NOT_LESS,
  '--event-time-end': NOT_LESS,
}

/** Commander's words as the sentence of a diagnostic. */
function sentence(text: string): string {
  const quoted = text.trim().replaceAll("'", '"')
  const start = quoted.charAt(0).toUpperCase() + quoted.slice(1)
  return start.endsWith('.') ? start : `${start}.`
}

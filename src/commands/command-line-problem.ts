import type { CommanderError } from 'commander'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'

/** What is wrong with the words of a command line, from what the parser says; undefined where it only showed its help. */
export function commandLineProblem(error: CommanderError): Diagnostic | undefined {
  const said = /^error: (?<sentence>[\s\S]*?)(?:\n\(Did you mean (?<guess>.+)\?\))?$/.exec(error.message)?.groups
  if (!said) return undefined
  const hint = hintFor(error, said.guess)
  return problem('command-line', sentence(said.sentence ?? ''), hint === undefined ? {} : { hint })
}

function hintFor({ code, message }: CommanderError, guess: string | undefined): string | undefined {
  if (guess !== undefined) return `did you mean "${guess}"?`
  // A name alone is the most common slip: selections have a flag of their own.
  const words = /but got \d+: (.+)\.$/.exec(message)?.[1]
  if (code === 'commander.excessArguments' && words)
    return `nodes are selected with --select ${words.replaceAll(', ', ' ')}`
  return code === 'commander.unknownCommand' ? '"lavra --help" lists the commands' : undefined
}

/** Commander's words as the sentence of a diagnostic. */
function sentence(text: string): string {
  const quoted = text.trim().replaceAll("'", '"')
  const start = quoted.charAt(0).toUpperCase() + quoted.slice(1)
  return start.endsWith('.') ? start : `${start}.`
}

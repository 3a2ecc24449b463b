import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { type SourceFile, type Span, span } from '../text/source-file.ts'

interface YamlError {
  readonly code: string
  readonly message: string
  readonly pos: readonly [number, number]
}

/**
 * The mistakes that the YAML library found, in our words where we have better ones: every key that is there twice, and the
 * first of the others, from which the rest may only follow.
 */
export function syntaxProblems(file: SourceFile, errors: readonly YamlError[]): readonly Diagnostic[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  return errors
    .filter((error) => error === first || error.code === 'DUPLICATE_KEY')
    .map((error) => syntaxProblem(file, error))
}

function syntaxProblem(file: SourceFile, error: YamlError): Diagnostic {
  const place = placeOfError(file, error.pos)
  const known = BY_MESSAGE.find(([pattern]) => pattern.test(error.message))?.[1] ?? WORDING[error.code]
  if (error.code === 'DUPLICATE_KEY') return duplicateKey(file, error.pos[0])
  return problem(
    'yaml-syntax',
    known?.message ?? sentence(error.message),
    known ? { place, hint: known.hint } : { place },
  )
}

/** A mistake in the indentation is shown at the text that it moves. */
function placeOfError(file: SourceFile, [start, end]: YamlError['pos']): Span {
  const blanks = /^[ \n]*/.exec(file.text.slice(start))?.[0].length ?? 0
  if (blanks === 0 || start + blanks >= file.text.length) return span(file, start, Math.max(start, end))
  const text = /^[^\n]*/.exec(file.text.slice(start + blanks))?.[0].trimEnd() ?? ''
  return span(file, start + blanks, start + blanks + text.length)
}

function duplicateKey(file: SourceFile, start: number): Diagnostic {
  const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]*)/.exec(file.text.slice(start))?.[0].trim() ?? ''
  return problem('yaml-syntax', `The key "${key.replace(/^["']|["']$/g, '')}" is there twice.`, {
    place: span(file, start, start + key.length),
    hint: 'keep one of them',
  })
}

/** What goes wrong only when the data is put together: aliases of nothing, or too many of them. */
export function aliasProblem(file: SourceFile, message: string): Diagnostic {
  const name = /Unresolved alias.*: (\S+)$/.exec(message)?.[1]
  const start = name === undefined ? -1 : file.text.indexOf(`*${name}`)
  if (name === undefined || start < 0) return problem('yaml-syntax', sentence(message), { place: span(file, 0) })
  return problem('yaml-syntax', `There is no anchor "${name}" above this.`, {
    place: span(file, start, start + name.length + 1),
    hint: 'put a value that starts with "*" in quotes',
  })
}

const WORDING: Readonly<Record<string, { readonly message: string; readonly hint: string }>> = {
  TAB_AS_INDENT: { message: 'A tab indents this line.', hint: 'indent YAML with spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'This looks like a key inside a value of one line.',
    hint: 'put a value that holds ": " in quotes, or a nested key on a line of its own',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'A key must be on one line.',
    hint: 'a ":" may be missing here, or the line may be indented too little',
  },
  MULTIPLE_DOCS: { message: 'The file holds more than one YAML document.', hint: 'remove the line "---"' },
}

/** Wordings for messages of the library whose codes say less. */
const BY_MESSAGE: readonly (readonly [RegExp, { readonly message: string; readonly hint: string }])[] = [
  [/^Missing closing .quote/, { message: 'A text in quotes is never closed.', hint: 'it starts above this place' }],
  [/^Flow sequence/, { message: 'A list in brackets is never closed.', hint: 'add "]" where it ends' }],
  [/^Flow map/, { message: 'A map in braces is never closed.', hint: 'add "}" where it ends' }],
  [
    /^All mapping items must start at the same column/,
    {
      message: 'This line is indented differently from the keys around it.',
      hint: 'let the keys of a map start in one column',
    },
  ],
  [
    /^Sequence item without - indicator/,
    {
      message: 'This line is neither an item of the list above it nor a key of such an item.',
      hint: 'correct its indentation, or start it with "- "',
    },
  ],
  [
    /^Plain value cannot start with/,
    { message: 'A value that starts with this character must stand in quotes.', hint: 'put the whole value in quotes' },
  ],
]

function sentence(message: string): string {
  const text = message.trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

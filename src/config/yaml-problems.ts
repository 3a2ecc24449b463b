import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { type SourceFile, span } from '../text/source-file.ts'

/** A mistake that the YAML library found, in our words where we have better ones. */
export function syntaxProblem(
  file: SourceFile,
  error: { readonly code: string; readonly message: string; readonly pos: readonly [number, number] },
): Diagnostic {
  const place = span(file, error.pos[0], Math.max(error.pos[0], error.pos[1]))
  const known = /^Missing closing .quote/.test(error.message) ? UNCLOSED : WORDING[error.code]
  if (error.code === 'DUPLICATE_KEY') return duplicateKey(file, error.pos[0])
  return problem(
    'yaml-syntax',
    known?.message ?? sentence(error.message),
    known ? { place, hint: known.hint } : { place },
  )
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

const UNCLOSED = { message: 'A text in quotes is never closed.', hint: 'it starts above this place' }

function sentence(message: string): string {
  const text = message.trim()
  return /[.!?]$/.test(text) ? text : `${text}.`
}

import { lineStarts, positionAt, type SourceFile, type Span, span } from '../text/source-file.ts'

/** A comment that allows what rules find: `-- lavra: allow cte-unused kept for the auditors`. */
export interface Allowance {
  readonly place: Span
  readonly codes: readonly { readonly code: string; readonly place: Span }[]
  readonly reason: string
  /** The line that it is about, from 1; undefined at the top of a file, for all of it. */
  readonly line: number | undefined
}

/** In SQL, in a template and in YAML. */
const COMMENT = /(?:--|\{#-?|\/\*|#)[ \t]*lavra:[ \t]*allow\b/g
const CODE = /[a-z][a-z0-9-]*/y

/** The comments of a file that allow something, in their order. */
export function readAllowances(file: SourceFile): readonly Allowance[] {
  if (!file.text.includes('lavra:')) return []
  return [...file.text.matchAll(COMMENT)].map((match) => {
    const start = match.index
    const end = commentEnd(file.text, start)
    const { codes, reason } = readCodes(file, start + match[0].length, end)
    return { place: span(file, start, end), codes, reason, line: lineOf(file, start, end) }
  })
}

/** Without the closing of the comment. */
function commentEnd(text: string, start: number): number {
  const closing = text.startsWith('{#', start) ? /-?#\}/g : text.startsWith('/*', start) ? /\*\//g : /\r?$/gm
  closing.lastIndex = start + 2
  return closing.exec(text)?.index ?? text.length
}

function readCodes(file: SourceFile, start: number, end: number): Pick<Allowance, 'codes' | 'reason'> {
  const codes: Allowance['codes'][number][] = []
  let at = start
  for (;;) {
    const from = at + /^[\s,]*/.exec(file.text.slice(at, end))![0].length
    CODE.lastIndex = from
    const code = CODE.exec(file.text)?.[0]
    // After a comma a plain word is the beginning of the reason: codes have a hyphen.
    if (code === undefined || from + code.length > end || (codes.length > 0 && !code.includes('-'))) break
    codes.push({ code, place: span(file, from, from + code.length) })
    at = from + code.length
    if (!/^\s*,/.test(file.text.slice(at, end))) break
  }
  return {
    codes,
    reason: file.text
      .slice(at, end)
      .replace(/^[\s,:–—-]+/, '')
      .trim(),
  }
}

/** Its own line where something stands before it, otherwise the next line that is no comment. */
function lineOf(file: SourceFile, start: number, end: number): number | undefined {
  const { line } = positionAt(file, start)
  const starts = lineStarts(file)
  if (file.text.slice(starts[line - 1], start).trim() !== '') return line
  if (isBlankOrComment(file.text.slice(0, start))) return undefined
  let next = positionAt(file, end).line + 1
  while (next < starts.length && isBlankOrComment(file.text.slice(starts[next - 1], starts[next]))) next++
  return next
}

/** Whether nothing but comments stands in a piece of a file. */
function isBlankOrComment(text: string): boolean {
  return text.replace(/\{#[\s\S]*?#\}|\/\*[\s\S]*?\*\/|--[^\n]*|^[ \t]*#[^\n]*/gm, '').trim() === ''
}

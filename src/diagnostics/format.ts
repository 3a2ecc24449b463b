import { styleText } from 'node:util'
import { describePlace } from '../text/source-file.ts'
import { codeFrame } from './code-frame.ts'
import type { Diagnostic } from './diagnostic.ts'

export interface FormatOptions {
  /** Paint with ANSI colours. */
  readonly color: boolean
}

/** One diagnostic as people read it, without a final newline. */
export function formatDiagnostic(diagnostic: Diagnostic, options: FormatOptions = { color: false }): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    options.color ? styleText(style, text, { validateStream: false }) : text
  const tag = paint(diagnostic.severity === 'error' ? ['red', 'bold'] : ['yellow', 'bold'], titleOf(diagnostic))
  const place = diagnostic.place ? ` ${paint('bold', describePlace(diagnostic.place))}` : ''
  const subject = diagnostic.subject ? `   (${diagnostic.subject})` : ''
  const lines = [`${tag}${place}${subject}`, indent(diagnostic.message)]
  if (diagnostic.place) lines.push('', indent(codeFrame(diagnostic.place)))
  for (const related of diagnostic.related ?? []) {
    const where = related.place ? `${describePlace(related.place)} ` : ''
    lines.push(indent(`${where}${related.message}`))
  }
  if (diagnostic.hint) lines.push(indent(`${paint('cyan', 'hint:')} ${diagnostic.hint}`))
  return lines.join('\n')
}

function titleOf(diagnostic: Diagnostic): string {
  return `${diagnostic.severity}[${diagnostic.code}]`
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

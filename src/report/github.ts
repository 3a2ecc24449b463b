import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { positionAt } from '../text/source-file.ts'

/**
 * A diagnostic as a workflow command of GitHub Actions, which shows it at its line of the pull request. `folder` is where
 * the project lies in the repository, empty for its root.
 */
export function githubAnnotation(diagnostic: Diagnostic, folder = ''): string {
  const { severity, code, message, hint, place } = diagnostic
  const properties: [name: string, value: string][] = []
  if (place) {
    const start = positionAt(place.file, place.start)
    const end = positionAt(place.file, Math.max(place.start, place.end - 1))
    properties.push(['file', folder === '' ? place.file.path : `${folder}/${place.file.path}`])
    properties.push(['line', String(start.line)], ['endLine', String(end.line)])
    // GitHub ignores the columns of an annotation that spans lines.
    if (start.line === end.line) properties.push(['col', String(start.column)], ['endColumn', String(end.column)])
  }
  properties.push(['title', code])
  const text = hint === undefined ? message : `${message}\nhint: ${hint}`
  const list = properties.map(([name, value]) => `${name}=${escapeProperty(value)}`).join(',')
  return `::${severity} ${list}::${escapeText(text)}`
}

function escapeText(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

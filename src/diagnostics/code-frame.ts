import { lineStarts, positionAt, type Span } from '../text/source-file.ts'

const LINES_BEFORE = 1

/**
 * The lines around a place with the place underlined:
 *
 *       6 | from
 *       7 |   {{ ref('stg_order') }}
 *         |          ~~~~~~~~~~~
 *
 * A place of several lines is underlined to the end of its first line. Tabs become single spaces, so that columns agree.
 */
export function codeFrame(place: Span): string {
  const { line, column } = positionAt(place.file, place.start)
  const first = Math.max(1, line - LINES_BEFORE)
  const width = String(line).length
  const rows: string[] = []
  for (let number = first; number <= line; number++) {
    rows.push(`${String(number).padStart(width)} | ${lineText(place, number)}`.trimEnd())
  }
  const lengthOnLine = lineText(place, line).length - column + 1
  const marks = Math.max(1, Math.min(place.end - place.start, lengthOnLine))
  rows.push(`${' '.repeat(width)} | ${' '.repeat(column - 1)}${'~'.repeat(marks)}`)
  return rows.join('\n')
}

function lineText(place: Span, number: number): string {
  const starts = lineStarts(place.file)
  const end = starts[number] === undefined ? place.file.text.length : starts[number]! - 1
  return place.file.text
    .slice(starts[number - 1], end)
    .replace(/\r$/, '')
    .replaceAll('\t', ' ')
}

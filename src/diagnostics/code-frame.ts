import { lineStarts, positionAt, type Span } from '../text/source-file.ts'

const LINES_BEFORE = 1
/** Longer lines are cut around the place: the one line of a machine-written file may hold megabytes. */
const MOST_COLUMNS = 160

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
  const lengthOnLine = lineText(place, line).length - column + 1
  const marks = Math.max(1, Math.min(place.end - place.start, lengthOnLine))
  const window = windowAround(column - 1, marks)
  const rows: string[] = []
  for (let number = first; number <= line; number++) {
    rows.push(`${String(number).padStart(width)} | ${window.cut(lineText(place, number))}`.trimEnd())
  }
  rows.push(`${' '.repeat(width)} | ${' '.repeat(column - 1 - window.start)}${'~'.repeat(window.marks)}`)
  return rows.join('\n')
}

/** The columns to show: from the start of the line unless the marked text would not be seen then. */
function windowAround(column: number, marks: number) {
  const isNear = column + marks <= MOST_COLUMNS
  const start = isNear ? 0 : Math.max(0, column - MOST_COLUMNS / 4)
  const cut = (text: string) => {
    const shown = text.slice(start, start + MOST_COLUMNS)
    return `${start > 0 ? `…${shown.slice(1)}` : shown}${text.length > start + MOST_COLUMNS ? '…' : ''}`
  }
  return { start, marks: Math.min(marks, start + MOST_COLUMNS - column), cut }
}

function lineText(place: Span, number: number): string {
  const starts = lineStarts(place.file)
  const end = starts[number] === undefined ? place.file.text.length : starts[number]! - 1
  return place.file.text
    .slice(starts[number - 1], end)
    .replace(/\r$/, '')
    .replaceAll('\t', ' ')
}

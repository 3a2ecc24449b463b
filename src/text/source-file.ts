/** A file of the project as it was read: the only place from which text enters the pipeline. */
export interface SourceFile {
  /** Relative to the project folder, with forward slashes; what messages print. Built-in files start with `lavra/`. */
  readonly path: string
  readonly text: string
}

/** A half-open range of UTF-16 offsets into one file. Line and column are computed only when a place is printed. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** A place for people: both numbers count from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export function span(file: SourceFile, start: number, end = start): Span {
  return { file, start, end }
}

const lineStartsOfFile = new WeakMap<SourceFile, readonly number[]>()

/** Offsets at which the lines of a file start. Cached, so cheap to call often. */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsOfFile.get(file)
  if (known) return known
  const starts = [0]
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1)
  lineStartsOfFile.set(file, starts)
  return starts
}

/** The line and column of an offset; an offset past the end gives the last place of the file. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: Math.min(offset, file.text.length) - starts[low]! + 1 }
}

/** `models/orders.sql:3:7`, the form in which every message names a place. */
export function describePlace(place: Span): string {
  const { line, column } = positionAt(place.file, place.start)
  return `${place.file.path}:${line}:${column}`
}

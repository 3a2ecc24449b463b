import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type SourceFile, type Span, span } from '../../text/source-file.ts'
import {
  duplicateHeader,
  emptyFile,
  emptyFirstLine,
  emptyHeader,
  raggedRow,
  spaceBeforeQuote,
  textAfterQuote,
  unclosedQuote,
} from './problems.ts'

/** A CSV file as text: every field as it stands, without its quotes. */
export interface CsvTable {
  readonly file: SourceFile
  readonly delimiter: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The offset at which each row starts, in the order of `rows`. */
  readonly rowStarts: readonly number[]
}

/** How many problems of one file are told; the rest follow from the same cause more often than not. */
const MOST_PROBLEMS = 10

/**
 * Reads CSV as RFC 4180 has it: fields in double quotes may hold delimiters, line ends and doubled quotes; a quote
 * inside a field that does not start with one is an ordinary character; lines end with `\n`, `\r\n` or `\r`. Empty
 * lines count for nothing; in a file of one column, so do empty values, which engines do not tell from empty lines.
 * Every row has as many fields as the header. The text is without a byte order mark.
 */
export function parseCsv(file: SourceFile, delimiter = ','): { table: CsvTable; diagnostics: readonly Diagnostic[] } {
  const problems: Diagnostic[] = []
  if (/^[\r\n]/.test(file.text)) problems.push(emptyFirstLine(file))
  const records: Record[] = []
  let offset = 0
  while (offset < file.text.length) {
    const record = readRecord(file, offset, delimiter)
    if (record.problem) problems.push(record.problem)
    const isOneColumn = records[0]?.fields.length === 1
    if (!isEmptyLine(record, isOneColumn)) records.push(record)
    offset = record.next
  }
  const [header, ...rows] = records
  if (!header) problems.push(emptyFile(file))
  const table: CsvTable = {
    file,
    delimiter,
    header: header?.fields ?? [],
    rows: rows.map((row) => row.fields),
    rowStarts: rows.map((row) => row.start),
  }
  problems.push(...headerProblems(table, header), ...raggedRows(table, rows))
  return { table, diagnostics: problems.slice(0, MOST_PROBLEMS) }
}

/** The place of a field, with its quotes: found by reading its row again, because only messages want it. */
export function placeOfField(table: CsvTable, row: number, column: number): Span {
  return placeIn(table.file, readRecord(table.file, table.rowStarts[row] ?? 0, table.delimiter), column)
}

interface Record {
  readonly start: number
  /** Where the next record starts. */
  readonly next: number
  readonly fields: readonly string[]
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  readonly problem?: Diagnostic
}

function readRecord(file: SourceFile, start: number, delimiter: string): Record {
  const { text } = file
  const fields: string[] = []
  const starts: number[] = []
  const ends: number[] = []
  let problem: Diagnostic | undefined
  let offset = start
  for (;;) {
    starts.push(offset)
    const isQuoted = text[offset] === '"'
    const field = isQuoted ? readQuoted(text, offset) : readPlain(text, offset, delimiter)
    if (field.end === undefined) problem = unclosedQuote(span(file, offset, offset + 1))
    if (!isQuoted && /^\s+"/.test(field.text)) problem = spaceBeforeQuote(span(file, offset, field.end))
    offset = field.end ?? text.length
    if (isQuoted && !isFieldEnd(text, offset, delimiter)) {
      const rest = readPlain(text, offset, delimiter)
      problem ??= textAfterQuote(span(file, offset, rest.end))
      offset = rest.end
    }
    fields.push(field.text)
    ends.push(offset)
    if (!text.startsWith(delimiter, offset)) break
    offset += delimiter.length
  }
  const next = text.startsWith('\r\n', offset) ? offset + 2 : Math.min(offset + 1, text.length)
  return { start, next, fields, starts, ends, ...(problem ? { problem } : {}) }
}

function readPlain(text: string, start: number, delimiter: string): { text: string; end: number } {
  let end = start
  while (!isFieldEnd(text, end, delimiter)) end++
  return { text: text.slice(start, end), end }
}

/** `end` is past the closing quote; undefined when there is none. */
function readQuoted(text: string, start: number): { text: string; end: number | undefined } {
  let offset = start + 1
  for (;;) {
    const quote = text.indexOf('"', offset)
    if (quote < 0) return { text: text.slice(start + 1), end: undefined }
    if (text[quote + 1] !== '"') return { text: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 }
    offset = quote + 2
  }
}

function isFieldEnd(text: string, offset: number, delimiter: string): boolean {
  const character = text[offset]
  if (character === undefined || character === '\n' || character === '\r') return true
  return text.startsWith(delimiter, offset)
}

function isEmptyLine(record: Record, isOneColumn: boolean): boolean {
  const isBlank = record.fields.length === 1 && record.fields[0] === ''
  return isBlank && (isOneColumn || record.starts[0] === record.ends[0])
}

function headerProblems(table: CsvTable, header: Record | undefined): readonly Diagnostic[] {
  if (!header) return []
  const seen = new Map<string, Span>()
  const problems: Diagnostic[] = []
  for (const [index, name] of header.fields.entries()) {
    const place = placeIn(table.file, header, index)
    const first = seen.get(name.toLowerCase())
    if (name.trim() === '') problems.push(emptyHeader(place, index))
    else if (first) problems.push(duplicateHeader(name, place, first))
    seen.set(name.toLowerCase(), place)
  }
  return problems
}

function raggedRows(table: CsvTable, rows: readonly Record[]): readonly Diagnostic[] {
  const expected = table.header.length
  return rows.flatMap((row, index) => {
    if (row.fields.length === expected || row.problem) return []
    const place = placeIn(table.file, row, Math.min(expected, row.fields.length - 1))
    return [raggedRow({ place, row: index + 1, found: row.fields.length, expected })]
  })
}

function placeIn(file: SourceFile, record: Record, column: number): Span {
  return span(file, record.starts[column] ?? record.start, record.ends[column] ?? record.start)
}

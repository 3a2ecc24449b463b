import type { LoadStatement } from '../../sql/statement.ts'

/**
 * The rows of a CSV file as COPY takes them, so that the rules of null and of quotes are those of seeds and not of the
 * engine: a value that is empty or `null`, in any case and with white space around, quoted or not, is null; a quote inside
 * a field that does not start with one is an ordinary character; empty lines are no rows, and neither are empty values in
 * a file of one column. The text may start with a byte order mark; its first line is the header. COPY is told that an
 * empty field is null, quoted or not.
 */
export function copyText(file: string, { delimiter, columns }: Pick<LoadStatement, 'delimiter' | 'columns'>): string {
  const text = file.charCodeAt(0) === 0xfeff ? file.slice(1) : file
  if (isPlain(text, delimiter, columns.length)) return text.slice(endOfFirstLine(text))
  const lines: string[] = []
  let isHeader = true
  for (const fields of records(text, delimiter)) {
    if (isHeader) isHeader = false
    else if (fields.length > 1 || fields[0] !== '') lines.push(fields.join(','))
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/**
 * Whether every field stands for itself: no quotes, nothing that may be a null but empty fields, one kind of line end, no
 * empty lines. Such a text goes to the server as it is.
 */
function isPlain(text: string, delimiter: string, columns: number): boolean {
  return delimiter === ',' && columns > 1 && !UNUSUAL.test(text)
}

const UNUSUAL = /["\\\r]|\n\n|(?:^|[,\n])[ \t\f]*(?:null)?[ \t\f]+(?=[,\n]|$)|(?:^|[,\n])[ \t\f]*null(?=[ \t\f,\n]|$)/i

function endOfFirstLine(text: string): number {
  const end = text.indexOf('\n')
  return end < 0 ? text.length : end + 1
}

/** The fields of each record, each written as COPY reads it. Every file that comes here was found to be well formed. */
function* records(text: string, delimiter: string): Generator<readonly string[]> {
  let offset = 0
  while (offset < text.length) {
    const fields: string[] = []
    for (;;) {
      const isQuoted = text[offset] === '"'
      const end = isQuoted ? endOfQuoted(text, offset) : endOfPlain(text, offset, delimiter)
      fields.push(isQuoted ? quotedField(text.slice(offset, end)) : plainField(text.slice(offset, end)))
      offset = end
      if (!text.startsWith(delimiter, offset)) break
      offset += delimiter.length
    }
    yield fields
    offset += text.startsWith('\r\n', offset) ? 2 : 1
  }
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let end = start
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r' && !text.startsWith(delimiter, end)) end++
  return end
}

/** Past the closing quote. */
function endOfQuoted(text: string, start: number): number {
  let offset = start + 1
  for (;;) {
    const quote = text.indexOf('"', offset)
    if (quote < 0) return text.length
    if (text[quote + 1] !== '"') return quote + 1
    offset = quote + 2
  }
}

const NULL = /^[\t\n\f\r ]*(null)?[\t\n\f\r ]*$/i

function quotedField(field: string): string {
  return NULL.test(field.slice(1, -1)) ? '' : field
}

function plainField(field: string): string {
  if (NULL.test(field)) return ''
  return /["\\,]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}

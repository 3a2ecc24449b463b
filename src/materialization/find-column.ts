/**
 * The column of a name; case is ignored, as both engines do for names that are not quoted. A name that was too long for the
 * engine is that of the column whose name it was cut to.
 */
export function findColumn<Column extends { readonly name: string }>(
  columns: readonly Column[],
  name: string,
): Column | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase()) ??
    columns.find((column) => isCutTo(name, column.name))
  )
}

const LONGEST_BYTES = 63
/** A character takes up to four bytes, and is not cut in two. */
const LEAST_BYTES = LONGEST_BYTES - 3

/** Postgres cuts names without an error. No other engine here has a column of just that name. */
function isCutTo(name: string, cut: string): boolean {
  if (Buffer.byteLength(name) <= LONGEST_BYTES || !name.toLowerCase().startsWith(cut.toLowerCase())) return false
  const bytes = Buffer.byteLength(cut)
  return bytes >= LEAST_BYTES && bytes <= LONGEST_BYTES
}

/** Whether a text is one name and no expression; in double quotes it may hold anything. */
export function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(text) || isQuoted(text)
}

/** What a name in double quotes says; any other text stays. */
export function unquoted(text: string): string {
  return isQuoted(text) ? text.slice(1, -1).replaceAll('""', '"') : text
}

function isQuoted(text: string): boolean {
  return /^"(?:[^"]|"")*"$/.test(text)
}

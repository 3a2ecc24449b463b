/** An identifier in double quotes, whatever it holds. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string as a literal. Every connection has `standard_conforming_strings` on: a backslash is a backslash. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

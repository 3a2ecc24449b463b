/** An identifier in double quotes, whatever it holds. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string as a literal. DuckDB knows no escapes but the doubled quote. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

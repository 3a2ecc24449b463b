/**
 * The SQL with published names: every occurrence of a candidate's identifier is replaced, quoted or not. `physicalNames`
 * leads from the identifiers of candidates, which bear a mark that no user's text has, to the published ones.
 */
export function toPublishedSql(sql: string, physicalNames: ReadonlyMap<string, string>): string {
  // Longest first: the name of a delta starts with the name of its candidate.
  const names = [...physicalNames].sort(([a], [b]) => b.length - a.length)
  return names.reduce((text, [physical, published]) => text.replaceAll(physical, () => published), sql)
}

/**
 * The SQL with published names: every occurrence of a candidate's identifier is replaced, quoted or not. `physicalNames`
 * leads from the identifiers of candidates, which bear a mark that no user's text has, to the published ones.
 */
export function toPublishedSql(sql: string, physicalNames: ReadonlyMap<string, string>): string {
  // Longest first: the name of a delta starts with the name of its candidate.
  const names = [...physicalNames].flatMap(asWritten).sort(([a], [b]) => b.length - a.length)
  return names.reduce((text, [physical, published]) => text.replaceAll(physical, () => published), sql)
}

/** Both names as they stand in SQL: plain, between double quotes and between single ones. */
function asWritten([physical, published]: readonly [string, string]): readonly (readonly [string, string])[] {
  const doubled = (name: string, quote: string) => name.replaceAll(quote, quote + quote)
  const forms = ['"', "'"].flatMap((quote): readonly (readonly [string, string])[] =>
    physical.includes(quote) ? [[doubled(physical, quote), doubled(published, quote)]] : [],
  )
  return [[physical, published], ...forms]
}

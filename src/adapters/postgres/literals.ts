import { physicalIdentifier, type Relation } from '../../sql/relation.ts'

/** An identifier in double quotes, whatever it holds. */
export function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** A string as a literal. Every connection has `standard_conforming_strings` on: a backslash is a backslash. */
export function stringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The names on a search path, `a, "B c"`: as written in quotes, or folded without. */
export function namesOnPath(written: string): readonly string[] {
  const names = written.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? []
  return names.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()))
}

/** A relation as SQL: its physical name, quoted as it says. */
export function render(relation: Relation): string {
  if (relation.expression !== undefined) return relation.expression
  const { database, schema, quoting } = relation
  const parts = [
    ...(database === undefined ? [] : [part(database, quoting?.database)]),
    part(schema, quoting?.schema),
    // A candidate's name is ours, and may be cut inside what the user wrote: it is always quoted.
    part(physicalIdentifier(relation), relation.physical === undefined ? quoting?.identifier : true),
  ]
  return parts.join('.')
}

function part(name: string, isQuoted = true): string {
  return isQuoted ? quote(name) : name
}

/** Every name of text among the types of the engines. */
const TEXT: ReadonlySet<string> = new Set([
  'varchar',
  'character varying',
  'text',
  'char',
  'character',
  'bpchar',
  'string',
])

/**
 * Whether two types, as the engine names them, are one but for their sizes: `numeric(10,2)` and `numeric`, `text` and
 * `varchar(20)`. What has another size is cast, and the engine refuses what does not fit.
 */
export function isSameType(a: string, b: string): boolean {
  return family(a) === family(b)
}

/** The type without its sizes; one name for all text. Sizes of what is inside of a list or a struct count. */
function family(type: string): string {
  const name = type
    .trim()
    .toLowerCase()
    .replace(/\s*\(\s*\d+\s*(?:,\s*\d+\s*)?\)/, '')
    .replace(/\s+/g, ' ')
  return TEXT.has(name) ? 'text' : name
}

/** dbt's only portable name that is no type of every engine (`alias_types`). */
export function translateType(type: string): string {
  return type.trim().toLowerCase() === 'string' ? 'TEXT' : type
}

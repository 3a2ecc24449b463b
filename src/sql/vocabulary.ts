/**
 * What SQL of a project may speak of in a database that is neither a relation nor the engine's own: what an empty database of
 * the same engine must be given so that the SQL means the same there. All names are qualified by their schemas.
 */
export interface Vocabulary {
  /** Where names without a schema are looked up; empty where the engine's own rule holds. */
  readonly searchPath: readonly string[]
  readonly extensions: readonly Extension[]
  /** Statements that make types, each after those that it is made of. */
  readonly types: readonly string[]
  /** What functions take and give: `raw.tax(amount numeric) returns numeric`. What they do is nobody's concern. */
  readonly functions: readonly string[]
  /** Orders of text that the engine need not have: `pg_catalog."pt-BR-x-icu"`. */
  readonly collations: readonly string[]
}

export interface Extension {
  readonly name: string
  /** The schema that its types and functions are in. */
  readonly schema: string
}

export const NO_VOCABULARY: Vocabulary = { searchPath: [], extensions: [], types: [], functions: [], collations: [] }

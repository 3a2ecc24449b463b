import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { Vocabulary } from '../../sql/vocabulary.ts'
import type { Span } from '../../text/source-file.ts'
import type { UniqueId } from '../../text/unique-id.ts'

/** The form of the file; a change of what it may hold makes it one more. */
export const FORM = 1

/** What a project depends on in its database and does not build, as `lavra schema pull` saw it. Holds no rows and no secrets. */
export interface Schema {
  /** The engine with the part of its version that decides what binds: `postgres 18`. */
  readonly engine: string
  readonly vocabulary: Vocabulary
  /** The columns of sources that are relations, in their order. */
  readonly sources: ReadonlyMap<UniqueId, readonly ColumnDefinition[]>
}

/** A schema that stands in a file, and where. */
export interface SchemaFile extends Schema {
  /** Relative to the project folder. */
  readonly path: string
  /** Where an item of the vocabulary stands. */
  readonly placeOf: (list: keyof Vocabulary, index: number) => Span
  /** Where a source stands, or the type of one of its columns. */
  readonly placeOfSource: (source: UniqueId, column?: number) => Span
}

/**
 * Where the schema of an engine stands in a project: one file for all targets of that engine, because sources are known by
 * their names in the project, wherever a target keeps them.
 */
export function schemaPath(engine: string): string {
  return `schema/${engine}.yml`
}

import type { ColumnDefinition } from '../sql/column-definition.ts'
import type { Relation } from '../sql/relation.ts'
import type { Vocabulary } from '../sql/vocabulary.ts'

/** What is asked about the surroundings of a project in its database. */
export interface SurroundingsRequest {
  /** What the project reads and does not build. */
  readonly relations: readonly Relation[]
  /** The names that its SQL speaks of may be among these words, in lower case: others' types and functions are left out. */
  readonly words: ReadonlySet<string>
}

/** What a project's SQL depends on in a database beside what the project builds. Holds no rows. */
export interface Surroundings {
  /** The engine with the part of its version that decides what binds: `postgres 18`. */
  readonly engine: string
  /** In the order of the request; undefined for what is not there. Types are qualified by their schemas. */
  readonly columns: readonly (readonly ColumnDefinition[] | undefined)[]
  readonly vocabulary: Vocabulary
}

import type { JsonObject } from '../util/json.ts'

/**
 * Gives the syntax tree of queries, as DuckDB's parser makes it, for whatever engine they are meant: what is read from it is
 * what the dialects have in common. Opens nothing before the first call of `parse`.
 */
export interface SqlParser {
  /**
   * The tree of each query, in their order; undefined for a text that this parser does not take. Places in it are offsets in
   * bytes of UTF-8.
   */
  parse(queries: readonly string[]): Promise<readonly (JsonObject | undefined)[]>
  /** Frees what it holds. Safe to call twice. */
  close(): void
}

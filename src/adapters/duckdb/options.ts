import path from 'node:path'

/** A DuckDB target of the profile. The keys are those that dbt users know, with values already validated. */
export interface DuckdbOptions {
  /** Absolute path of the database file, or `:memory:` for one that lives as long as the adapter. */
  readonly path: string
  /** For a database in memory: the name that it has, so that what is meant for a file of that name fits it. */
  readonly catalog?: string
  /**
   * Absolute path of the project folder: relative paths in `attach` and relative globs in SQL start here. A relative
   * path without `*` in SQL is looked for in the working directory first, which is DuckDB's own rule.
   */
  readonly projectRoot: string
  /** Options that are fixed when the file is opened, such as `allow_unsigned_extensions`. */
  readonly configOptions?: Readonly<Record<string, string | number | boolean>>
  /** Settings of every connection, such as `memory_limit` and `threads`. They win over ours, `TimeZone` among them. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  readonly attach?: readonly DuckdbAttachment[]
  /** Extensions to load. Lavra downloads nothing: they are bundled with the engine or installed by the user. */
  readonly extensions?: readonly string[]
}

/** Another database, attached to every connection under its alias. */
export interface DuckdbAttachment {
  /** A file, relative to the project folder, or what an extension makes of it. */
  readonly path: string
  /** Absent: DuckDB takes it from the file's name. */
  readonly alias?: string
  /** `duckdb` when absent; others such as `sqlite` and `postgres` are extensions. */
  readonly type?: string
  readonly readOnly?: boolean
}

export const IN_MEMORY = ':memory:'

/**
 * The catalog name that DuckDB gives a database file: its name up to the first dot (dots in front do not count), with
 * `_db` appended where it would be one of DuckDB's own.
 */
export function catalogNameOf(databasePath: string): string {
  if (databasePath === IN_MEMORY) return 'memory'
  const stem =
    path
      .basename(databasePath)
      .split('.')
      .find((part) => part !== '') ?? 'memory'
  return ['main', 'temp', 'system'].includes(stem) ? `${stem}_db` : stem
}

import type { Adapter } from '../adapters/adapter.ts'
import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import { catalogNameOf, IN_MEMORY } from '../adapters/duckdb/options.ts'
import type { WriteParquet } from '../adapters/parquet-writer.ts'
import { postgresDialect } from '../adapters/postgres/dialect.ts'
import type { SqlParser } from '../adapters/sql-parser.ts'
import type { Profile } from '../config/profiles-file.ts'
import type { Environment } from '../config/render-env.ts'
import type { Dialect } from '../sql/dialect.ts'
import { duckdbOptions } from './duckdb-options.ts'
import { postgresTarget } from './postgres-options.ts'

/** What a profile's target is, before anything is opened. */
export interface Engine {
  readonly dialect: Dialect
  /** The database that relations without one belong to. */
  readonly database: string
  /** What must appear nowhere beside the secrets of the profile: a password of the environment or of a password file. */
  readonly secrets: readonly string[]
  /**
   * A database in which the project's relations can be made empty, to bind its SQL: with nothing in it, or, where only the
   * server itself can tell what it takes, the target's own, in a transaction that is rolled back.
   */
  createShadow(): Promise<Shadow>
  /** Writes Parquet files for an engine that cannot do it itself. */
  readonly writeParquet: WriteParquet
  /** Loads the engine's driver, which no other command pays for. Opens nothing. */
  createAdapter(): Promise<Adapter>
}

export interface Shadow {
  readonly adapter: Adapter
  /** Whether the relations of the target are there, so that stand-ins need other names and everything is rolled back. */
  readonly isTarget: boolean
}

/** Parses SQL for rules that look into it, whatever the engine of the target is. Opens nothing. */
export async function openSqlParser(): Promise<SqlParser> {
  return (await import('../adapters/duckdb/sql-parser.ts')).createSqlParser()
}

/** The engine of a profile's target. Throws `UserError` for fields that it cannot do with. */
export function engineOf(profile: Profile, projectRoot: string, environment: Environment): Engine {
  switch (profile.type) {
    case 'duckdb': {
      const options = duckdbOptions(profile, projectRoot)
      return {
        dialect: duckdbDialect,
        database: catalogNameOf(options.path),
        secrets: [],
        writeParquet,
        createAdapter: async () => (await import('../adapters/duckdb/adapter.ts')).createDuckdbAdapter(options),
        createShadow: async () => {
          const { createDuckdbAdapter } = await import('../adapters/duckdb/adapter.ts')
          const { attach: _, ...own } = options
          const adapter = createDuckdbAdapter({ ...own, path: IN_MEMORY, catalog: catalogNameOf(options.path) })
          return { adapter, isTarget: false }
        },
      }
    }
    case 'postgres': {
      const { options, secrets } = postgresTarget(profile, projectRoot, environment)
      const createAdapter = async () => {
        const { createPostgresAdapter } = await import('../adapters/postgres/adapter.ts')
        const { createDuckdbFileReader } = await import('../adapters/duckdb/file-reader.ts')
        return createPostgresAdapter(options, createDuckdbFileReader(projectRoot))
      }
      return {
        dialect: postgresDialect,
        database: options.database,
        secrets,
        writeParquet,
        createAdapter,
        createShadow: async () => ({ adapter: await createAdapter(), isTarget: true }),
      }
    }
  }
}

const writeParquet: WriteParquet = async (input) => {
  const writer = await import('../adapters/duckdb/parquet-writer.ts')
  await writer.writeParquet(input)
}

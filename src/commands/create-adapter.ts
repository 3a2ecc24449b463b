import type { Adapter } from '../adapters/adapter.ts'
import { duckdbDialect } from '../adapters/duckdb/dialect.ts'
import { catalogNameOf, IN_MEMORY } from '../adapters/duckdb/options.ts'
import type { Furnishing } from '../adapters/furnishing.ts'
import type { WriteParquet } from '../adapters/parquet-writer.ts'
import { postgresDialect } from '../adapters/postgres/dialect.ts'
import type { SqlParser } from '../adapters/sql-parser.ts'
import type { Profile } from '../config/profiles-file.ts'
import type { Environment } from '../config/render-env.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Vocabulary } from '../sql/vocabulary.ts'
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
  /** The same without the target's database: nothing is there but what `furnish` makes. */
  createOfflineShadow(vocabulary: Vocabulary): Promise<OfflineShadow>
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

export interface OfflineShadow extends Shadow {
  /** Makes what the vocabulary names, and what `makeRelations` makes, which may need it. Once it is open, in no transaction. */
  furnish(makeRelations: () => Promise<void>): Promise<Furnishing>
}

/** Parses SQL for rules that look into it, whatever the engine of the target is. Opens nothing. */
export async function openSqlParser(): Promise<SqlParser> {
  return (await import('../adapters/duckdb/sql-parser.ts')).createSqlParser()
}

/**
 * The engine of a profile's target. Throws `UserError` for fields that it cannot do with; where nothing is to be connected to,
 * fields that say how are not looked at.
 */
export function engineOf(
  profile: Profile,
  projectRoot: string,
  { environment, isOffline }: { readonly environment: Environment; readonly isOffline: boolean },
): Engine {
  switch (profile.type) {
    case 'duckdb': {
      const options = duckdbOptions(profile, projectRoot)
      const createShadow = async () => {
        const { createDuckdbAdapter } = await import('../adapters/duckdb/adapter.ts')
        const attach = (options.attach ?? []).map(({ path, alias }) => ({
          path: IN_MEMORY,
          alias: alias ?? catalogNameOf(path),
        }))
        const catalog = catalogNameOf(options.path)
        // There are no rows to share among threads: handing such small work on takes longer than doing it.
        const settings = { ...options.settings, threads: 1 }
        const adapter = createDuckdbAdapter({ ...options, settings, path: IN_MEMORY, catalog, attach })
        return { adapter, isTarget: false }
      }
      return {
        dialect: duckdbDialect,
        database: catalogNameOf(options.path),
        secrets: [],
        writeParquet,
        createAdapter: async () => (await import('../adapters/duckdb/adapter.ts')).createDuckdbAdapter(options),
        createShadow,
        createOfflineShadow: async () => ({
          ...(await createShadow()),
          // There is nothing in a vocabulary of DuckDB.
          furnish: async (makeRelations) => {
            await makeRelations()
            return { lacking: [], refused: [] }
          },
        }),
      }
    }
    case 'postgres':
      return isOffline ? offlinePostgres(profile, projectRoot) : postgres(profile, projectRoot, environment)
  }
}

function postgres(profile: Profile, projectRoot: string, environment: Environment): Engine {
  const { options, secrets } = postgresTarget(profile, projectRoot, environment)
  const createAdapter = async () => {
    const { createPostgresAdapter } = await import('../adapters/postgres/adapter.ts')
    const { createDuckdbFileReader } = await import('../adapters/duckdb/file-reader.ts')
    return createPostgresAdapter(options, createDuckdbFileReader(projectRoot))
  }
  return {
    ...offlinePostgres(profile, projectRoot),
    database: options.database,
    secrets,
    createAdapter,
    createShadow: async () => ({ adapter: await createAdapter(), isTarget: true }),
  }
}

/** A server that nobody goes to. */
function offlinePostgres(profile: Profile, projectRoot: string): Engine {
  const { search_path: searchPath } = profile.fields
  const database = profile.database ?? 'offline'
  return {
    dialect: postgresDialect,
    database,
    secrets: [],
    writeParquet,
    createAdapter: () => Promise.reject(new Error(NOT_OFFLINE)),
    createShadow: () => Promise.reject(new Error(NOT_OFFLINE)),
    createOfflineShadow: async (vocabulary) => {
      const { EmbeddedPostgresAdapter } = await import('../adapters/postgres/embedded/adapter.ts')
      const { createDuckdbFileReader } = await import('../adapters/duckdb/file-reader.ts')
      const options = { database, vocabulary, ...(typeof searchPath === 'string' ? { searchPath } : {}) }
      const adapter = new EmbeddedPostgresAdapter(options, createDuckdbFileReader(projectRoot))
      return { adapter, isTarget: true, furnish: (makeRelations) => adapter.furnish(makeRelations) }
    },
  }
}

const NOT_OFFLINE = 'Internal error: the server is not connected to offline'

const writeParquet: WriteParquet = async (input) => {
  const writer = await import('../adapters/duckdb/parquet-writer.ts')
  await writer.writeParquet(input)
}

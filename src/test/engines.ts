import { join } from 'node:path'
import type { Adapter, Connection } from '../adapters/adapter.ts'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import { createPostgresAdapter } from '../adapters/postgres/adapter.ts'
import type { SqlValue } from '../sql/value.ts'
import { createTestPostgres } from './postgres/database.ts'

/** A kind of database that the suite runs small projects on. */
export interface TestEngine {
  readonly name: 'duckdb' | 'postgres'
  /** A database of a project's own: a file in its folder, or a new database of the suite's server. */
  makeDatabase(folder: string): Promise<TestDatabase>
}

/** One project's database, looked at and changed as another program may between two runs. Its schema is `main`. */
export interface TestDatabase {
  /** The fields of a target in `profiles.yml` that say where the database is, as the inside of a flow mapping. */
  readonly target: string
  query(sql: string): Promise<readonly (readonly SqlValue[])[]>
  /** Runs statements; several may stand in one text. */
  change(sql: string): Promise<void>
  /** Takes the database away; what is a file goes with its folder. */
  remove(): Promise<void>
}

export const duckdbEngine: TestEngine = {
  name: 'duckdb',
  async makeDatabase(folder) {
    const options = { path: join(folder, 'shop.duckdb'), projectRoot: folder }
    return {
      target: 'type: duckdb, path: shop.duckdb',
      ...accessBy(() => createDuckdbAdapter(options)),
      remove: async () => {},
    }
  },
}

export const postgresEngine: TestEngine = {
  name: 'postgres',
  async makeDatabase() {
    const { options, remove } = await createTestPostgres()
    const { host, port, user, password, database } = options
    return {
      target: `type: postgres, host: ${host}, port: ${port}, user: ${user}, password: ${JSON.stringify(password)}, dbname: ${database}`,
      // Another program holds no lease of ours: a schema that nobody builds is its own.
      ...accessBy(() => createPostgresAdapter({ ...options, schema: 'another program' })),
      remove,
    }
  },
}

/** Both engines: what holds on one holds on the other. */
export const TEST_ENGINES: readonly TestEngine[] = [duckdbEngine, postgresEngine]

function accessBy(createAdapter: () => Adapter): Pick<TestDatabase, 'query' | 'change'> {
  const connected = async <Result>(mode: 'read' | 'write', work: (connection: Connection) => Promise<Result>) => {
    const adapter = createAdapter()
    await adapter.open({ mode, runId: 'another program', waitMs: 0 })
    try {
      return await work(await adapter.connect())
    } finally {
      await adapter.close()
    }
  }
  return {
    query: async (sql) => (await connected('read', (connection) => connection.query(sql))).rows,
    change: (sql) => connected('write', async (connection) => void (await connection.execute(sql))),
  }
}

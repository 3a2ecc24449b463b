import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { createDuckdbAdapter } from '../adapters/duckdb/adapter.ts'
import type { SqlValue } from '../sql/value.ts'

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
    const path = join(folder, 'shop.duckdb')
    const connected = async <Result>(
      mode: 'read' | 'write',
      work: (connection: Awaited<ReturnType<ReturnType<typeof createDuckdbAdapter>['connect']>>) => Promise<Result>,
    ) => {
      const adapter = createDuckdbAdapter({ path, projectRoot: folder })
      await adapter.open({ mode, runId: 'another program', waitMs: 0 })
      try {
        return await work(await adapter.connect())
      } finally {
        await adapter.close()
      }
    }
    return {
      target: 'type: duckdb, path: shop.duckdb',
      query: (sql) =>
        connected('read', async (connection) => {
          const { rows } = await connection.query(sql)
          return rows
        }),
      change: (sql) => connected('write', async (connection) => void (await connection.execute(sql))),
      remove: async () => {},
    }
  },
}

export const postgresEngine: TestEngine = {
  name: 'postgres',
  async makeDatabase() {
    const name = `shop_${randomUUID().slice(0, 8)}`
    const url = new URL(inject('postgresUrl'))
    await onServer(url, (client) => client.query(`create database ${name} template template0`))
    await onServer(url, (client) => client.query(`alter database ${name} set search_path = main, public`))
    await onServer(url, (client) => client.query(`alter database ${name} set timezone = 'UTC'`))
    const own = new URL(url)
    own.pathname = `/${name}`
    return {
      target: [
        `type: postgres, host: ${url.hostname}, port: ${url.port}, user: ${url.username}`,
        `password: ${JSON.stringify(decodeURIComponent(url.password))}, dbname: ${name}`,
      ].join(', '),
      query: (sql) =>
        onServer(own, async (client) => {
          const { rows } = await client.query<SqlValue[]>({ text: sql, rowMode: 'array' })
          return rows
        }),
      change: (sql) => onServer(own, async (client) => void (await client.query(sql))),
      remove: async () => {
        await onServer(url, (client) => client.query(`drop database ${name} with (force)`))
      },
    }
  },
}

/** Both engines: what holds on one holds on the other. */
export const TEST_ENGINES: readonly TestEngine[] = [duckdbEngine, postgresEngine]

async function onServer<Result>(url: URL, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

import pg from 'pg'
import type { Query, TortureDatabase, Watcher } from '../engine.ts'

const PATIENCE_MILLISECONDS = 60_000

/** Where a target is told to connect to: the server itself, or what stands before it. */
export interface Door {
  readonly host: string
  readonly port: number
}

/**
 * A database of a server, by the superuser's URL. `door` is where the runs are told to go; readers go to the server itself.
 * `retries` is how often a run tries to connect.
 */
export function postgresDatabase(
  url: URL,
  { door = doorOf(url), retries = 20 }: { readonly door?: Door; readonly retries?: number } = {},
): TortureDatabase {
  return {
    url,
    target: [
      `type: postgres, host: ${door.host}, port: ${door.port}, user: ${url.username}`,
      `password: ${JSON.stringify(decodeURIComponent(url.password))}, dbname: ${url.pathname.slice(1)}`,
      `sslmode: disable, retries: ${retries}`,
    ].join(', '),
    look: async (work) => {
      const client = await connectPatiently(url)
      try {
        await untilNobodyWorks(client)
        return await work(queryOf(client))
      } finally {
        await client.end()
      }
    },
    watch: (sql) => watch(url, sql, 'read committed'),
    remove: () => onServer(adminUrl(url), (query) => query(`drop database ${url.pathname.slice(1)} with (force)`)),
  }
}

/** Makes an empty database. `clauses` are those of `create database`. */
export async function createDatabase(server: URL, name: string, clauses = ''): Promise<URL> {
  await onServer(server, (query) => query(`create database ${name} template template0 ${clauses}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return url
}

export async function onServer(url: URL, work: (query: Query) => Promise<unknown>): Promise<void> {
  const client = await connectPatiently(url)
  try {
    await work(queryOf(client))
  } finally {
    await client.end()
  }
}

/**
 * Reads time after time. In `repeatable read`, each transaction reads twice, with a pause between, and tells when they differ.
 */
export async function watch(url: URL, sql: string, isolation: 'read committed' | 'repeatable read'): Promise<Watcher> {
  const client = await connectPatiently(url)
  const query = queryOf(client)
  const seen: string[] = []
  let isReading = true
  const read = async () => {
    const [row = []] = await query(sql)
    return row.join(' ')
  }
  const reading = (async () => {
    try {
      while (isReading) {
        if (isolation === 'read committed') seen.push(await read())
        else {
          await query('begin isolation level repeatable read')
          const first = await read()
          await new Promise((resolve) => setTimeout(resolve, 20))
          const again = await read()
          await query('commit')
          seen.push(first === again ? first : `error: one transaction saw ${first} and then ${again}`)
        }
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    } catch (error) {
      seen.push(`error: ${String(error)}`)
    }
  })()
  return {
    async stop() {
      isReading = false
      await reading
      await client.end().catch(() => {})
      return seen
    },
  }
}

export function doorOf(url: URL): Door {
  return { host: url.hostname, port: Number(url.port) }
}

function adminUrl(url: URL): URL {
  const admin = new URL(url)
  admin.pathname = '/postgres'
  return admin
}

/** A server that recovers from a crash lets nobody in until it has. */
async function connectPatiently(url: URL): Promise<pg.Client> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS
  for (;;) {
    const client = new pg.Client({ connectionString: url.href, application_name: 'torture' })
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** The backend of a client that was killed ends its statement first, also if that is a COMMIT. */
async function untilNobodyWorks(client: pg.Client): Promise<void> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS
  for (;;) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_activity where datname = current_database() and application_name like 'lavra%'`,
    )
    if (rowCount === 0) return
    if (performance.now() > deadline) throw new Error('backends of runs that are over are still there')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function queryOf(client: pg.Client): Query {
  return async (sql) => {
    const { rows } = await client.query<(string | null)[]>({
      text: sql,
      rowMode: 'array',
      types: { getTypeParser: () => (text: string) => text },
    })
    return rows
  }
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import type { PostgresOptions } from '../../adapters/postgres/options.ts'

/** A database of a test's own on the suite's server. Its schema is `main`. */
export interface TestPostgres {
  readonly name: string
  /** The superuser's URL. */
  readonly url: URL
  readonly options: PostgresOptions
  /** Takes it away, whoever is connected. */
  remove(): Promise<void>
}

/** Makes a database in which unqualified names mean `main`, in UTC. A locale orders text as its language does, by ICU. */
export async function createTestPostgres({ locale }: { readonly locale?: string } = {}): Promise<TestPostgres> {
  const name = `shop_${randomUUID().slice(0, 8)}`
  const server = new URL(inject('postgresUrl'))
  await onServer(server, async (client) => {
    const collation = locale === undefined ? '' : ` locale_provider icu icu_locale '${locale}'`
    await client.query(`create database ${name} template template0${collation}`)
    await client.query(`alter database ${name} set search_path = main, public`)
    await client.query(`alter database ${name} set timezone = 'UTC'`)
  })
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    name,
    url,
    options: optionsOf(url),
    remove: () => onServer(server, async (client) => void (await client.query(`drop database ${name} with (force)`))),
  }
}

/** The adapter's options for a URL. */
export function optionsOf(url: URL): PostgresOptions {
  return {
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
    schema: 'main',
    connectTimeoutSeconds: 10,
    retries: 1,
    keepalivesIdleSeconds: 0,
    ssl: { mode: 'prefer' },
    placeOf: () => undefined,
  }
}

/** Runs something with a client of its own. */
export async function onServer<Result>(url: URL, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import type pg from 'pg'
import { main } from '../../commands/main.ts'
import { normalize } from '../docs/normalize.ts'
import { CLI, type Ended, type Running, start } from '../running.ts'
import { createTestPostgres, onServer, type TestPostgres } from './database.ts'

/** What is written for `_` and the eight digits that make a test's names its own: as long, so that columns stay. */
const SUFFIX = '_in_tests'
const PORT = '54321'

/** The fields of the target `dev`, as the inside of lines `key: value`; undefined leaves one out. */
export type Fields = Readonly<Record<string, string | number | undefined>>

/**
 * A small project in a folder and on a database of its own, run as in a terminal. Roles live as long as it does. In its
 * output the database is `shop_in_tests`, the port 54321, the home folder `/home/ana`.
 */
export class PostgresShop {
  readonly home: string
  readonly folder: string
  readonly database: TestPostgres
  readonly #suffix: string
  readonly #roles: string[] = []
  readonly #started: Running[] = []

  private constructor(home: string, database: TestPostgres) {
    this.home = home
    this.folder = join(home, 'shop')
    this.database = database
    this.#suffix = `_${database.name.slice('shop_'.length)}`
  }

  static async make(files: Readonly<Record<string, string>>): Promise<PostgresShop> {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'lavra-postgres-shop-')))
    const shop = new PostgresShop(home, await createTestPostgres())
    await shop.write({
      'project.yml': `name: shop\nversion: '1.0'\nprofile: shop\nmodels:\n  +materialized: table\n`,
      ...files,
    })
    await shop.profile({})
    return shop
  }

  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  }

  /** Writes `profiles.yml`: what the superuser needs, with these fields instead. */
  async profile(fields: Fields): Promise<void> {
    const { host, port, user, password, database } = this.database.options
    const all = { host, port, user, password: JSON.stringify(password), dbname: database, schema: 'main', threads: 1 }
    const lines = Object.entries({ ...all, ...fields }).flatMap(([key, value]) =>
      value === undefined ? [] : [`      ${key}: ${value}\n`],
    )
    const head = 'shop:\n  target: dev\n  outputs:\n    dev:\n      type: postgres\n'
    await this.write({ 'profiles.yml': `${head}${lines.join('')}` })
  }

  /** A role of the shop's own that may log in with the password `hunter2`; gives its name. */
  async role(name: string, options = ''): Promise<string> {
    const own = `${name}${this.#suffix}`
    this.#roles.push(own)
    await this.query(`create role ${own} login password 'hunter2' ${options}`)
    return own
  }

  /** `lavra …` in this process. */
  async lavra(words: string, variables: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const chunks: string[] = []
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk, _, done) => {
        chunks.push(String(chunk))
        done()
      },
    })
    const env = { HOME: this.home, ...variables }
    const exitCode = await main(words.split(' '), { cwd: this.folder, env, stdout: stream, stderr: stream })
    return { exitCode, output: this.told(chunks.join('')) }
  }

  /** `lavra …` in a process of its own, which ends with the shop. */
  start(words: string, env: Readonly<Record<string, string>> = {}): Running {
    const running = start({ folder: this.folder, home: this.home, env }, process.execPath, [
      '--no-warnings',
      CLI,
      ...words.split(' '),
    ])
    this.#started.push(running)
    return {
      ...running,
      ended: async () => {
        const { exitCode, output } = await running.ended()
        return { exitCode, output: this.told(output) }
      },
    }
  }

  /** Text without what is of this test alone. */
  told(text: string): string {
    const { port } = this.database.options
    const own = text.replaceAll(this.home, '/home/ana').replaceAll(this.#suffix, SUFFIX).replaceAll(String(port), PORT)
    return normalize(own)
  }

  /** Rows of a query of the superuser's; of several statements those of the last. */
  async query(sql: string): Promise<readonly (readonly unknown[])[]> {
    return this.connected(async (client) => {
      const results = await client.query<unknown[]>({ text: sql, rowMode: 'array' })
      const last = Array.isArray(results) ? (results.at(-1) as pg.QueryArrayResult<unknown[]>) : results
      return last.rows
    })
  }

  connected<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    return onServer(this.database.url, work)
  }

  /** `schema.name` of everything that stands outside the state. */
  async relations(): Promise<readonly string[]> {
    const rows = await this.query(
      `select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname not in ('_lavra', 'pg_catalog', 'information_schema', 'pg_toast') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c')
       order by 1`,
    )
    return rows.flat().map(String)
  }

  async remove(): Promise<void> {
    for (const { child } of this.#started) child.kill('SIGKILL')
    await this.database.remove()
    const server = new URL(this.database.url)
    server.pathname = '/postgres'
    await onServer(server, async (client) => {
      for (const role of this.#roles) await client.query(`drop role if exists ${role}`)
    })
    rmSync(this.home, { recursive: true, force: true })
  }
}

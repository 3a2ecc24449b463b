import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const PROFILES = `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: shop.duckdb
      schema: main
      threads: 4
`

const PROJECT = `name: shop
version: '1.0'
profile: shop
models:
  +materialized: table
`

/** Writes a project into a folder: the files given, with a project file and a profile of its own where there are none. */
export function writeProject(root: string, files: ReadonlyMap<string, string>): void {
  const all = new Map([['project.yml', PROJECT], ['profiles.yml', PROFILES], ...files])
  for (const [path, text] of all) {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** The text of a `profiles.yml` whose only target is this server. */
export function postgresProfiles(url: URL): string {
  const fields = {
    type: 'postgres',
    host: url.hostname,
    port: url.port,
    user: url.username,
    password: JSON.stringify(decodeURIComponent(url.password)),
    dbname: url.pathname.slice(1),
    schema: 'shop',
  }
  const lines = Object.entries(fields).map(([key, value]) => `      ${key}: ${value}\n`)
  return `shop:\n  target: dev\n  outputs:\n    dev:\n${lines.join('')}`
}

/** Takes away the database, so that the next run finds nothing. */
export function removeDatabase(root: string, name = 'shop.duckdb'): void {
  for (const suffix of ['', '.wal', '.lavra-lock']) rmSync(join(root, `${name}${suffix}`), { force: true })
}

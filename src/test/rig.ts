import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { normalize } from './docs/normalize.ts'
import { Shell } from './docs/shell.ts'

/** The project that every case starts from: `cases/shop` holds its files, built once and published. */
const SHOP = join(import.meta.dirname, 'shop')
const DATABASE = 'shop.duckdb'

/** Every published relation by name, with its rows as text, sorted. */
type Published = ReadonlyMap<string, readonly string[]>

/**
 * A shop that is built and published, in a folder of its own. Cases take copies of it, so that each of them starts from
 * the same good version and shows what became of it.
 */
export class Rig {
  readonly #home = realpathSync(mkdtempSync(join(tmpdir(), 'lavra-cases-')))
  readonly #good = join(this.#home, 'good')
  #number = 0

  /** Builds the good version. Throws when that is not possible. */
  async start(): Promise<void> {
    cpSync(SHOP, this.#good, { recursive: true })
    await build(this.#good)
  }

  /** A copy of the good version, with the files of a folder over it. */
  open(overlay?: string): Shop {
    const home = join(this.#home, String(this.#number++))
    const folder = join(home, 'shop')
    mkdirSync(home)
    cpSync(this.#good, folder, { recursive: true })
    if (overlay !== undefined) {
      cpSync(overlay, folder, { recursive: true, filter: (path) => !/[\\/](command|expected\.txt)$/.test(path) })
    }
    return new Shop(home, folder)
  }

  stop(): void {
    rmSync(this.#home, { recursive: true, force: true })
  }
}

/** What one line of a case did. */
export interface Step {
  /** The line with what it printed, and its exit code unless it is 0. */
  readonly shown: string
  readonly failed: boolean
  /** Published relations that are not what they were. */
  readonly changed: readonly string[]
}

/** One copy of the shop. */
export class Shop {
  readonly home: string
  readonly folder: string
  readonly #shell: Shell
  /** What was published after the last line. */
  #seen: Published | undefined

  constructor(home: string, folder: string) {
    this.home = home
    this.folder = folder
    this.#shell = new Shell(home, folder)
  }

  /** Runs a line as in a terminal, and looks at what is published before and after. */
  async run(line: string): Promise<Step> {
    const before = this.#seen ?? (await this.published())
    const output = await this.#runLine(line)
    const exitCode = isForeign(line) ? '0' : (await this.#shell.run('echo $?')).trim()
    const shown = `$ ${line}\n${output}${exitCode === '0' ? '' : `exit ${exitCode}\n`}`
    this.#seen = await this.published()
    return { shown: normalize(shown), failed: exitCode !== '0', changed: changes(before, this.#seen) }
  }

  /** A line `duckdb "…"` is another program that writes the database. */
  async #runLine(line: string): Promise<string> {
    if (!isForeign(line)) return this.#shell.run(line)
    await withDatabase(join(this.folder, DATABASE), (query) => query(line.slice('duckdb "'.length, -1)))
    return ''
  }

  /** What is published now. Opens the file, so nobody else may hold it. */
  async published(): Promise<Published> {
    return withDatabase(join(this.folder, DATABASE), async (query) => {
      const names = await query(
        `select schema_name || '.' || table_name, format('"{}"."{}"', schema_name, table_name) from (
           select schema_name, table_name from duckdb_tables() union all
           select schema_name, view_name from duckdb_views() where not internal
         ) where schema_name <> '_lavra' and not schema_name like '%dbt_test__audit' order by all`,
      )
      const found = new Map<string, readonly string[]>()
      for (const [name, quoted] of names) {
        const rows = await query(`select * from ${quoted}`)
        found.set(name!, rows.map((row) => row.join(' | ')).sort())
      }
      return found
    })
  }

  /** Whether a run left anything that the next one would have to sweep. */
  async leftovers(): Promise<readonly string[]> {
    const names = [...(await this.published()).keys()].filter((name) => /__lavra_[0-9a-f]{8}/.test(name))
    const recorded = await withDatabase(join(this.folder, DATABASE), (query) =>
      query('select mark from _lavra.candidates'),
    )
    return [...names, ...recorded.map(([mark]) => `a record of candidates marked ${mark}`)]
  }

  /** Puts the good files back and builds them on the database as it stands now. Throws when that fails. */
  async buildGoodVersion(): Promise<void> {
    for (const name of readdirSync(this.folder)) {
      if (!name.startsWith(DATABASE)) rmSync(join(this.folder, name), { recursive: true })
    }
    cpSync(SHOP, this.folder, { recursive: true })
    await build(this.folder)
  }
}

/** Names of relations that differ, came or went. */
function changes(before: Published, after: Published): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.filter((name) => before.get(name)?.join('\n') !== after.get(name)?.join('\n'))
}

function isForeign(line: string): boolean {
  return /^duckdb ".*"$/.test(line)
}

/** The lines of a case: its file `command`, or one plain build. */
export function commandsOf(folder: string): readonly string[] {
  const path = join(folder, 'command')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : ['lavra build']
}

async function build(folder: string): Promise<void> {
  const shell = new Shell(folder)
  const output = await shell.run('lavra build')
  if ((await shell.run('echo $?')).trim() !== '0') throw new Error(`The good version cannot be built:\n${output}`)
}

async function withDatabase<Result>(
  path: string,
  work: (query: (sql: string) => Promise<readonly (readonly string[])[]>) => Promise<Result>,
): Promise<Result> {
  const instance = await DuckDBInstance.create(path)
  try {
    const connection = await instance.connect()
    const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String))
    const result = await work(query)
    connection.closeSync()
    return result
  } finally {
    instance.closeSync()
  }
}

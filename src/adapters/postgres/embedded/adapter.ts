import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { invariant } from '../../../diagnostics/errors.ts'
import type { Vocabulary } from '../../../sql/vocabulary.ts'
import type { Adapter, Connection, Fact } from '../../adapter.ts'
import type { FileReader } from '../../file-reader.ts'
import type { Furnishing } from '../../furnishing.ts'
import { SESSION_SETTINGS } from '../client.ts'
import { PostgresConnection } from '../connection.ts'
import { postgresDialect } from '../dialect.ts'
import { namesOnPath, quote, stringLiteral } from '../literals.ts'
import { TypeNames } from '../type-names.ts'
import { adviser } from './advice.ts'
import { furnish } from './furnish.ts'
import { loadExtensions, loadPglite } from './pglite.ts'

export interface EmbeddedOptions {
  /** How the database is called, so that names with a database in front mean this one. */
  readonly database: string
  /** `search_path` of the profile; what the vocabulary says where it is absent. */
  readonly searchPath?: string
  readonly vocabulary: Vocabulary
}

/**
 * Postgres in this process and in memory: to bind SQL where no server is. It is empty until `furnish` was called. It has one
 * session, and whoever connects gets that one.
 */
export class EmbeddedPostgresAdapter implements Adapter {
  readonly dialect = postgresDialect
  readonly database: string
  readonly location = 'memory'
  readonly #options: EmbeddedOptions
  readonly #fileReader: FileReader
  readonly #beyond = { extensions: new Set<string>(), functions: new Set<string>() }
  #available: ReadonlySet<string> = new Set()
  #pglite: PGlite | undefined
  #connection: PostgresConnection | undefined

  constructor(options: EmbeddedOptions, fileReader: FileReader) {
    this.#options = options
    this.#fileReader = fileReader
    this.database = options.database
  }

  /** Throws `UserError` where the package that has Postgres is not installed. */
  async open(): Promise<void> {
    invariant(this.#pglite === undefined, 'the embedded Postgres is open already')
    const { vocabulary, searchPath } = this.#options
    const { PGlite, createPgConfig } = await loadPglite()
    const extensions = await loadExtensions(vocabulary.extensions.map(({ name }) => name))
    this.#available = new Set(extensions.keys())
    this.#pglite = await PGlite.create({ extensions: Object.fromEntries(extensions) })
    // The package puts a connection in the place of the driver's own, which the driver's types do not know.
    const client = new pg.Client(createPgConfig(this.#pglite) as pg.ClientConfig)
    client.on('error', () => {})
    await client.connect()
    const path = searchPath === undefined ? vocabulary.searchPath : namesOnPath(searchPath)
    const setup = [
      // A database in use cannot be renamed by `alter database`.
      `update pg_catalog.pg_database set datname = ${stringLiteral(this.database)} where datname = current_database()`,
      ...SESSION_SETTINGS,
      ...(path.length === 0 ? [] : [`set search_path = ${path.map(quote).join(', ')}`]),
    ]
    await client.query(setup.join(';\n'))
    this.#connection = new PostgresConnection({
      client,
      server: {
        grantee: { role: 'postgres', database: this.database },
        adjust: adviser(this.#beyond),
        cancel: async () => {},
        hasEnded: async () => true,
      },
      typeNames: new TypeNames(),
      fileReader: this.#fileReader,
      openHelper: () => Promise.reject(new Error('Internal error: the embedded Postgres has one session')),
      onClose: () => {},
    })
  }

  /** Makes what the vocabulary names, and what `makeRelations` makes. Must not be in a transaction. */
  async furnish(makeRelations: () => Promise<void>): Promise<Furnishing> {
    const connection = await this.connect()
    const furnishing = await furnish(connection, this.#options.vocabulary, this.#available, async (lacking) => {
      for (const name of lacking) this.#beyond.extensions.add(name)
      await makeRelations()
    })
    const { rows } = await connection.query('select distinct proname::text from pg_catalog.pg_proc')
    for (const [name] of rows) this.#beyond.functions.add(String(name))
    return furnishing
  }

  async probe(): Promise<readonly Fact[]> {
    return []
  }

  async connect(): Promise<Connection> {
    invariant(this.#connection, 'the embedded Postgres is not open')
    return this.#connection
  }

  publisher(): Promise<Connection> {
    return this.connect()
  }

  /** Nothing else runs while a statement does. */
  interrupt(): void {}

  async close(): Promise<void> {
    await this.#connection?.end()
    await this.#pglite?.close()
    await this.#fileReader.close()
    this.#connection = undefined
    this.#pglite = undefined
  }
}

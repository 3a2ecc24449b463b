import { type ColumnInfo, type Connection, isRefusal } from '../adapters/adapter.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import { isLoaded, loadedFilesOf, type Reading } from '../manifest/loaded-files.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Source } from '../manifest/nodes.ts'
import { candidateOf } from '../sql/candidate-name.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Candidates } from './candidates.ts'

/** What names a candidate that holds the rows of files. */
const PURPOSE = 'files'

/**
 * The sources that are files, for an engine that cannot read files itself: each is loaded into a table before the first
 * statement that reads it. In a run that is one table for all, which is dropped with the candidates; where nothing is
 * built, and once the candidates are gone, it is a temporary table of the connection that asks. Other sources, and engines
 * that read files themselves, need nothing of this.
 */
export class SourceFiles {
  readonly #manifest: Pick<Manifest, 'nodes' | 'sources'>
  readonly #dialect: Dialect
  readonly #mark: string
  readonly #signal: AbortSignal | undefined
  /** Where tables of the run are remembered. */
  #candidates: Candidates | undefined
  readonly #ofRun = new Map<UniqueId, Promise<void>>()
  readonly #ofConnection = new WeakMap<Connection, Map<UniqueId, Promise<void>>>()

  /** Without `candidates` every table is temporary. */
  constructor(input: {
    readonly manifest: Pick<Manifest, 'nodes' | 'sources'>
    readonly dialect: Dialect
    readonly mark: string
    readonly candidates?: Candidates
    readonly signal?: AbortSignal
  }) {
    this.#manifest = input.manifest
    this.#dialect = input.dialect
    this.#mark = input.mark
    this.#candidates = input.candidates
    this.#signal = input.signal
  }

  /** The table that stands for the files of a source; undefined for everything else. */
  relationOf(id: UniqueId): Relation | undefined {
    const source = this.#manifest.sources.get(id)
    if (!source || !isLoaded(source)) return undefined
    const relation = candidateOf(source.relation, this.#mark, this.#dialect.maxIdentifierBytes, PURPOSE)
    if (this.#candidates) return relation
    const { database: _, ...temporary } = relation
    return { ...temporary, schema: this.#dialect.temporarySchema }
  }

  /**
   * Loads what a node reads, also through ephemeral models, unless that was done before. Does not start after an
   * interruption. Throws `UserError` at the source; an interruption stays a `DatabaseError`.
   */
  async load(connection: Connection, node: Reading): Promise<void> {
    for (const source of loadedFilesOf(this.#manifest, node)) {
      const loaded = this.#loadedBy(connection)
      const known = loaded.get(source.id)
      if (known) await known
      else {
        const loading = this.#loadOne(connection, source)
        loaded.set(source.id, loading)
        await loading
      }
    }
  }

  /** The columns of a source that has to be loaded. Throws `UserError` at the source. */
  async describe(connection: Connection, source: Source): Promise<readonly ColumnInfo[]> {
    invariant(source.external && connection.describeFiles, `${source.id} cannot be described`)
    const { external, columns } = source
    return await this.#located(source, connection.describeFiles({ external, columns }))
  }

  /** The candidates were dropped, and these tables with them. */
  areGone(): void {
    this.#candidates = undefined
  }

  #loadedBy(connection: Connection): Map<UniqueId, Promise<void>> {
    if (this.#candidates) return this.#ofRun
    const known = this.#ofConnection.get(connection)
    if (known) return known
    const loaded = new Map<UniqueId, Promise<void>>()
    this.#ofConnection.set(connection, loaded)
    return loaded
  }

  async #loadOne(connection: Connection, source: Source): Promise<void> {
    this.#signal?.throwIfAborted()
    const relation = this.relationOf(source.id)
    invariant(relation && source.external && connection.loadFiles, `${source.id} cannot be loaded`)
    const { external, columns } = source
    this.#candidates?.willMake([{ relation, kind: 'table' }])
    const lifetime = this.#candidates ? 'run' : 'connection'
    await this.#located(source, connection.loadFiles({ relation, external, columns, lifetime }))
  }

  async #located<Result>(source: Source, work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      if (!isRefusal(error)) throw error
      const failed = {
        subject: `source ${source.sourceName}.${source.name}`,
        engine: this.#dialect.name,
        fallback: source.externalPlace ?? source.place,
      }
      throw new UserError(databaseDiagnostic(error, failed), { cause: error })
    }
  }
}

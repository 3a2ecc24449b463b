import { type ColumnInfo, type Connection, DatabaseError } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import { testQuery } from '../compile/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest, Model, RunnableNode, Seed, Snapshot, Source } from '../manifest/nodes.ts'
import { contractFor } from '../materialization/contract/compare.ts'
import { hasContract } from '../materialization/contract/contract.ts'
import { readSeed } from '../materialization/seed/read.ts'
import { checkSnapshotColumns, initialSnapshotQuery } from '../materialization/snapshot/index.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type Relation, relationKey } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { promisedTypes } from './promised-types.ts'
import { settingsProblems } from './settings-problems.ts'

/** What binding needs of the one who asks for it. */
export interface BindInput {
  readonly manifest: Manifest
  readonly dialect: Dialect
  /** A connection to a database in which every relation may be made under the name that `standIn` gives it. */
  readonly connection: Connection
  /** What to bind, and everything that it reads, parents first: nodes and sources. */
  readonly order: readonly UniqueId[]
  /** The empty relation that stands for a published one. */
  readonly standIn: (relation: Relation) => Relation
  /** The columns of a source that is a relation; undefined where nobody knows them. */
  readonly sourceColumns: (source: Source) => Promise<readonly ColumnInfo[] | undefined>
  /** A node as SQL over stand-ins. */
  readonly compile: <Node extends RunnableNode>(node: Node, how: HowToCompile) => Promise<Rendered<Node>>
}

export interface HowToCompile {
  readonly thisRelation: Relation | undefined
  readonly isIncremental: boolean
}

export interface Rendered<Node extends RunnableNode> {
  readonly compiled: CompiledNode<Node>
  /** The template asked the database for rows, of which there are none here. */
  readonly asksForRows: boolean
}

/** What the engine says of a project's SQL without any of its rows. */
export interface Binding {
  /** The columns of every node and source that was bound, in their order. */
  readonly columns: ReadonlyMap<UniqueId, readonly ColumnInfo[]>
  /** What the engine refused, each in the user's file; nothing that only follows from another. */
  readonly problems: readonly Diagnostic[]
  /** Nodes of which columns are known only when data is there, with the reason as a phrase. */
  readonly unknown: ReadonlyMap<UniqueId, string>
  /**
   * The SQL of every node that the engine took, over stand-ins; of an incremental model that of its first run and that of a
   * later one. Nodes whose template asked for rows are left out: with rows it may have made something else.
   */
  readonly compiled: ReadonlyMap<UniqueId, readonly CompiledNode[]>
  /** How many nodes were bound. */
  readonly bound: number
}

/**
 * Binds every node against empty relations, in the order of the graph: the engine itself says which names, types and
 * functions it does not know. No row is read beyond what an engine reads of a file to know its columns.
 */
export async function bindProject(input: BindInput): Promise<Binding> {
  const binder = new Binder(input)
  for (const id of input.order) await binder.bind(id)
  return binder.result()
}

class Binder {
  readonly #input: BindInput
  readonly #columns = new Map<UniqueId, readonly ColumnInfo[]>()
  readonly #problems: Diagnostic[] = []
  readonly #unknown = new Map<UniqueId, string>()
  /** Nodes that are wrong, and what reads them: nothing more is said of these. */
  readonly #broken = new Set<UniqueId>()
  readonly #compiled = new Map<UniqueId, CompiledNode[]>()
  readonly #schemas = new Set<string>()
  readonly #made = new Set<string>()
  #bound = 0

  constructor(input: BindInput) {
    this.#input = input
  }

  result(): Binding {
    return {
      columns: this.#columns,
      problems: this.#problems,
      unknown: this.#unknown,
      compiled: this.#compiled,
      bound: this.#bound,
    }
  }

  async bind(id: UniqueId): Promise<void> {
    const source = this.#input.manifest.sources.get(id)
    if (source) return await this.#collecting(id, () => this.#bindSource(source))
    const node = this.#input.manifest.nodes.get(id)
    if (!node) return
    const parents = node.kind === 'seed' ? [] : node.dependsOn
    if (parents.some((parent) => this.#broken.has(parent))) return void this.#broken.add(id)
    const unknown = parents.find((parent) => this.#unknown.has(parent))
    if (unknown !== undefined) return void this.#unknown.set(id, this.#unknown.get(unknown)!)
    this.#bound += 1
    await this.#collecting(id, () => this.#bindNode(node))
  }

  async #collecting(id: UniqueId, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.#broken.add(id)
      this.#problems.push(...error.diagnostics)
    }
  }

  async #bindSource(source: Source): Promise<void> {
    // Files that the engine reads itself are bound where they are read.
    if (source.relation.expression !== undefined) return
    const columns = await this.#input.sourceColumns(source)
    if (columns === undefined) {
      this.#unknown.set(source.id, `the columns of the source "${source.sourceName}.${source.name}" are not known`)
    } else {
      await this.#make(source.id, source.relation, columns)
    }
  }

  async #bindNode(node: RunnableNode): Promise<void> {
    switch (node.kind) {
      case 'seed':
        return await this.#bindSeed(node)
      case 'test':
        return await this.#bindTest(node)
      case 'snapshot':
        return await this.#bindSnapshot(node)
      case 'model':
        return node.config.per_value ? this.#bindPerValue(node) : await this.#bindModel(node)
    }
  }

  async #bindSeed(seed: Seed): Promise<void> {
    const { columns } = await readSeed(seed, this.#input.dialect)
    await this.#make(seed.id, seed.relation, columns)
  }

  async #bindTest(test: DataTest): Promise<void> {
    const rendered = await this.#input.compile(test, { thisRelation: undefined, isIncremental: false })
    const { sql, mainOffset = 0 } = testQuery(rendered.compiled.sql, test)
    if (await this.#describe(rendered, sql, mainOffset)) this.#keep(rendered)
  }

  /** One relation for each value: which there are, and what is in them, only the data tells. */
  #bindPerValue(model: Model): void {
    this.#unknown.set(model.id, `"${model.name}" is one relation per value of a query`)
  }

  async #bindModel(model: Model): Promise<void> {
    const isEphemeral = model.config.materialized === 'ephemeral'
    const { relation } = model
    const thisRelation = relation && this.#input.standIn(relation)
    const rendered = await this.#input.compile(model, { thisRelation, isIncremental: false })
    const columns = await this.#describe(rendered, rendered.compiled.sql, 0)
    if (!columns) return
    if (isEphemeral) this.#columns.set(model.id, columns)
    if (isEphemeral) return this.#keep(rendered)
    if (hasContract(model))
      contractFor(model, await promisedTypes(this.#input.connection, model), columns, this.#input.dialect)
    invariant(relation, `${model.id} has no relation`)
    await this.#make(model.id, relation, columns)
    const problems = settingsProblems(model, columns, this.#input.dialect)
    // Whoever reads the model has its columns all the same.
    this.#problems.push(...problems)
    if (problems.length > 0) return
    this.#keep(rendered)
    if (model.config.materialized !== 'incremental') return
    const later = await this.#input.compile(model, { thisRelation, isIncremental: true })
    if (await this.#describe(later, later.compiled.sql, 0)) this.#keep(later)
  }

  async #bindSnapshot(snapshot: Snapshot): Promise<void> {
    const thisRelation = this.#input.standIn(snapshot.relation)
    const rendered = await this.#input.compile(snapshot, { thisRelation, isIncremental: false })
    // The query alone first: what is wrong in it is not the fault of the settings around it.
    const selected = await this.#describe(rendered, rendered.compiled.sql, 0)
    if (!selected) return
    checkSnapshotColumns(snapshot, selected)
    this.#keep(rendered)
    const whole = initialSnapshotQuery(snapshot, this.#input.dialect, rendered.compiled.sql)
    const columns = await this.#describe(rendered, whole, whole.indexOf(rendered.compiled.sql))
    if (columns) await this.#make(snapshot.id, snapshot.relation, columns)
  }

  /**
   * The columns of a statement that holds a node's SQL. Undefined where the template asked for rows and the engine does not
   * take what it made of having none: with rows it may. Throws `UserError` in the user's file.
   */
  async #describe<Node extends RunnableNode>(
    { compiled, asksForRows }: Rendered<Node>,
    sql: string,
    mainOffset: number,
  ): Promise<readonly ColumnInfo[] | undefined> {
    const { node } = compiled
    try {
      return await this.#input.connection.describeQuery(sql)
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code === 'interrupted') throw error
      if (asksForRows) {
        this.#unknown.set(node.id, `the template of "${node.name}" asks the database for rows`)
        return undefined
      }
      const engine = this.#input.dialect.name
      const failed = { compiled, mainOffset, subject: `${node.kind} ${node.name}`, engine, fallback: node.place }
      throw new UserError(databaseDiagnostic(error, failed), { cause: error })
    }
  }

  #keep<Node extends RunnableNode>({ compiled, asksForRows }: Rendered<Node>): void {
    if (asksForRows) return
    const { id } = compiled.node
    this.#compiled.set(id, [...(this.#compiled.get(id) ?? []), compiled])
  }

  async #make(id: UniqueId, relation: Relation, columns: readonly ColumnInfo[]): Promise<void> {
    const { connection, dialect, standIn } = this.#input
    const made = standIn(relation)
    const schema = dialect.createSchema(made)
    if (!this.#schemas.has(schema)) await connection.execute(schema)
    this.#schemas.add(schema)
    this.#columns.set(id, columns)
    // A source may be the table of a seed or of a model: what came first stands for both.
    if (this.#made.has(relationKey(made))) return
    this.#made.add(relationKey(made))
    await connection.execute(dialect.createTable(made, columns.map(storable)))
  }
}

/** A column of nothing but nulls has no type of its own; in a table it gets one. */
function storable(column: ColumnInfo): ColumnInfo {
  return /^"?null"?$/i.test(column.type) ? { ...column, type: 'integer' } : column
}

import { type ColumnInfo, type Connection, DatabaseError, isRefusal } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
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
import type { SqlValue } from '../sql/value.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { LineageNotes, Lineages } from './lineage-notes.ts'
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
  /** The query of a model that is one relation per value, as SQL over stand-ins. */
  readonly compileValues: (model: Model, how: HowToCompile) => Promise<CompiledText>
  /** Who asks where columns come from; absent where nobody wants to know. */
  readonly lineage?: LineageNotes
}

export interface HowToCompile {
  readonly thisRelation: Relation | undefined
  readonly isIncremental: boolean
  /** What nodes and sources are read from; those that are not among them from what they are. */
  readonly readAs: ReadonlyMap<UniqueId, Relation>
  /** The row that a relation of a model of one relation per value stands for. */
  readonly value?: Readonly<Record<string, SqlValue>>
}

export interface Rendered<Node extends RunnableNode> {
  readonly compiled: CompiledNode<Node>
  /** The template asked the database for rows, of which there are none here. */
  readonly asksForRows: boolean
}

interface Described<Node extends RunnableNode> {
  /** The statement that was described: the node's SQL, or what is around it. */
  readonly sql: string
  readonly columns: readonly ColumnInfo[]
  readonly rendered: Rendered<Node>
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
  /** The stand-in of every node and source that has one. */
  readonly standIns: ReadonlyMap<UniqueId, Relation>
  /** Where the columns of a node's query come from; undefined where the engine cannot say. Empty unless it was wanted. */
  readonly lineage: Lineages
}

/**
 * Binds every node against empty relations, in the order of the graph: the engine itself says which names, types and
 * functions it does not know. No row is read beyond what an engine reads of a file to know its columns.
 */
export async function bindProject(input: BindInput): Promise<Binding> {
  const binder = new Binder(input)
  for (const id of input.order) await binder.bind(id)
  return await binder.result()
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
  readonly #standIns = new Map<UniqueId, Relation>()
  readonly #made = new Set<string>()
  #bound = 0

  constructor(input: BindInput) {
    this.#input = input
  }

  async result(): Promise<Binding> {
    return {
      columns: this.#columns,
      problems: this.#problems,
      unknown: this.#unknown,
      compiled: this.#compiled,
      bound: this.#bound,
      standIns: this.#standIns,
      lineage: (await this.#input.lineage?.answers()) ?? new Map(),
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
      if (isBeyond(error)) return this.#leaveOpen(id, error)
      this.#broken.add(id)
      this.#problems.push(...error.diagnostics)
    }
  }

  /** What the engine here does not know may be right at the server: the node stays unknown, and so does what reads it. */
  #leaveOpen(id: UniqueId, { diagnostics, cause }: UserError): void {
    const hint = cause instanceof DatabaseError ? cause.hint : undefined
    this.#problems.push(
      ...diagnostics.map((found) => ({
        ...found,
        ...(hint === undefined ? {} : { hint }),
        code: 'offline-unknown',
        severity: 'warning' as const,
      })),
    )
    const name = this.#input.manifest.nodes.get(id)?.name ?? id
    this.#unknown.set(id, `"${name}" uses what cannot be had offline`)
  }

  async #bindSource(source: Source): Promise<void> {
    const columns = await this.#input.sourceColumns(source)
    if (columns !== undefined) {
      await this.#make(source.id, source.relation.expression === undefined ? source.relation : filesOf(source), columns)
    } else if (source.relation.expression === undefined) {
      this.#unknown.set(source.id, `the columns of the source "${source.sourceName}.${source.name}" are not known`)
    }
    // Files that cannot be looked at are told where they are read.
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
        return node.config.per_value ? await this.#bindPerValue(node) : await this.#bindModel(node)
    }
  }

  async #bindSeed(seed: Seed): Promise<void> {
    const { columns } = await readSeed(seed, this.#input.dialect)
    await this.#make(seed.id, seed.relation, columns)
  }

  async #bindTest(test: DataTest): Promise<void> {
    const described = await this.#describe(test, { thisRelation: undefined, isIncremental: false }, (sql) =>
      testQuery(sql, test),
    )
    if (described) this.#keep(described.rendered)
  }

  /**
   * One relation for each value: which there are, only the data tells. The query of the values is bound, and the model for a
   * value that is made up; what that makes the engine refuse may be right for others.
   */
  async #bindPerValue(model: Model): Promise<void> {
    this.#unknown.set(model.id, `"${model.name}" is one relation per value of a query`)
    const how = { thisRelation: undefined, isIncremental: false, readAs: this.#standIns }
    const values = await this.#input.compileValues(model, how)
    const columns = await this.#describeSql(values.sql, { compiled: values, mainOffset: 0, node: model })
    const value = Object.fromEntries(columns.map(({ name, type }) => [name, madeUp(type)]))
    try {
      const { compiled } = await this.#input.compile(model, { ...how, value })
      const given = await this.#input.connection.describeQuery(compiled.sql)
      this.#columns.set(model.id, given)
      await this.#input.lineage?.ask(model.id, compiled.sql, given)
    } catch (error) {
      if (!(error instanceof UserError) && !isRefusal(error)) throw error
    }
  }

  async #bindModel(model: Model): Promise<void> {
    const isEphemeral = model.config.materialized === 'ephemeral'
    const { relation } = model
    const thisRelation = relation && this.#input.standIn(relation)
    const described = await this.#describe(model, { thisRelation, isIncremental: false })
    if (!described) return
    const { columns, rendered, sql } = described
    await this.#input.lineage?.ask(model.id, sql, columns)
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
    const later = await this.#describe(model, { thisRelation, isIncremental: true })
    if (later) this.#keep(later.rendered)
  }

  async #bindSnapshot(snapshot: Snapshot): Promise<void> {
    const how = { thisRelation: this.#input.standIn(snapshot.relation), isIncremental: false }
    // The query alone first: what is wrong in it is not the fault of the settings around it.
    const selected = await this.#describe(snapshot, how)
    if (!selected) return
    checkSnapshotColumns(snapshot, selected.columns)
    this.#keep(selected.rendered)
    const { dialect } = this.#input
    const described = await this.#describe(snapshot, how, (sql) => {
      const whole = initialSnapshotQuery(snapshot, dialect, sql)
      return { sql: whole, mainOffset: whole.indexOf(sql) }
    })
    if (!described) return
    await this.#input.lineage?.ask(snapshot.id, described.sql, described.columns)
    await this.#make(snapshot.id, snapshot.relation, described.columns)
  }

  /**
   * The columns of a node's SQL, or of a statement around it. Undefined where the template asked for rows and the engine does
   * not take what it made of having none: with rows it may. Throws `UserError` in the user's file.
   */
  async #describe<Node extends RunnableNode>(
    node: Node,
    how: Pick<HowToCompile, 'thisRelation' | 'isIncremental'>,
    wrap: (sql: string) => { readonly sql: string; readonly mainOffset?: number } = (sql) => ({ sql }),
  ): Promise<Described<Node> | undefined> {
    const rendered = await this.#input.compile(node, { ...how, readAs: this.#standIns })
    const { sql, mainOffset = 0 } = wrap(rendered.compiled.sql)
    try {
      const columns = await this.#describeSql(sql, { compiled: rendered.compiled, mainOffset, node })
      return { sql, columns, rendered }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (isBeyond(error)) throw error
      if (this.#readsFiles(node)) return await this.#describeWithFiles(node, how, wrap)
      if (!rendered.asksForRows) throw error
      this.#unknown.set(node.id, `the template of "${node.name}" asks the database for rows`)
      return undefined
    }
  }

  /** Readers of files offer more than the columns that they give when nothing is named: what counts is what they say. */
  async #describeWithFiles<Node extends RunnableNode>(
    node: Node,
    how: Pick<HowToCompile, 'thisRelation' | 'isIncremental'>,
    wrap: (sql: string) => { readonly sql: string; readonly mainOffset?: number },
  ): Promise<Described<Node>> {
    const rendered = await this.#input.compile(node, { ...how, readAs: this.#withoutFiles() })
    const { sql, mainOffset = 0 } = wrap(rendered.compiled.sql)
    const columns = await this.#describeSql(sql, { compiled: rendered.compiled, mainOffset, node })
    return { sql, columns, rendered }
  }

  async #describeSql(
    sql: string,
    { compiled, mainOffset, node }: { compiled: CompiledText; mainOffset: number; node: RunnableNode },
  ): Promise<readonly ColumnInfo[]> {
    try {
      return await this.#input.connection.describeQuery(sql)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const engine = this.#input.dialect.name
      const failed = { compiled, mainOffset, subject: `${node.kind} ${node.name}`, engine, fallback: node.place }
      throw new UserError(databaseDiagnostic(error, failed), { cause: error })
    }
  }

  #readsFiles(node: RunnableNode): boolean {
    return node.kind !== 'seed' && node.dependsOn.some((id) => isFiles(this.#standIns.get(id)))
  }

  /** The stand-ins of everything but files, which are read from what they are. */
  #withoutFiles(): ReadonlyMap<UniqueId, Relation> {
    return new Map([...this.#standIns].filter(([, relation]) => !isFiles(relation)))
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
    this.#standIns.set(id, made)
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

const FILES = '_lavra_files'

/** The table that stands for files. */
function filesOf(source: Source): Relation {
  return { schema: FILES, identifier: `${source.sourceName}.${source.name}` }
}

function isFiles(relation: Relation | undefined): boolean {
  return relation?.schema === FILES
}

/** A value of a type, such as there might be. */
function madeUp(type: string): SqlValue {
  if (/char|text/i.test(type)) return 'value'
  return /int|dec|num|double|float|real/i.test(type) ? 1 : null
}

/** Whether the engine says of itself that another one of its kind may know better. */
function isBeyond({ cause }: UserError): boolean {
  return cause instanceof DatabaseError && cause.code === 'beyond'
}

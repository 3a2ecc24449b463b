import { type BoundQuery, type ColumnInfo, type Connection, DatabaseError, isRefusal } from '../adapters/adapter.ts'
import type { CompiledText } from '../compile/compile-text.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import { databaseDiagnostic } from '../compile/database-diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import type { DataTest, Model, RunnableNode, Seed, Snapshot, Source } from '../manifest/nodes.ts'
import { contractFor } from '../materialization/contract/compare.ts'
import { hasContract } from '../materialization/contract/contract.ts'
import { readSeed } from '../materialization/seed/read.ts'
import { checkSnapshotColumns, initialSnapshotQuery } from '../materialization/snapshot/index.ts'
import type { QueryLineage } from '../sql/query-lineage.ts'
import { type Relation, relationKey } from '../sql/relation.ts'
import type { SqlValue } from '../sql/value.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { BindInput, Rendered } from './bind-input.ts'
import { columnsInRelation } from './columns-in-relation.ts'
import { LookAhead } from './look-ahead.ts'
import { promisedTypes } from './promised-types.ts'
import { firstQuestion, type Question } from './question.ts'
import { settingsProblems } from './settings-problems.ts'
import { TablesToMake } from './tables-to-make.ts'

interface Described<Node extends RunnableNode> {
  /** The statement that was described: the node's SQL, or what is around it. */
  readonly sql: string
  readonly columns: readonly ColumnInfo[]
  /** Where they come from, where the engine was asked of that as well. */
  readonly lineage?: BoundQuery['lineage']
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
  /** Where the columns of a node's query come from; undefined where the engine cannot say. */
  readonly lineage: ReadonlyMap<UniqueId, QueryLineage | undefined>
}

/**
 * Binds every node against empty relations, in the order of the graph: the engine itself says which names, types and
 * functions it does not know. No row is read beyond what an engine reads of a file to know its columns.
 */
export async function bindProject(input: BindInput): Promise<Binding> {
  const binder = new Binder(input)
  for (const [position, id] of input.order.entries()) {
    await binder.lookAhead(position)
    await binder.bind(id)
  }
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
  readonly #lineage = new Map<UniqueId, QueryLineage | undefined>()
  /** Lineages that are worked out while the engine is at work. */
  readonly #toFollow: (() => void)[] = []
  readonly #ahead: LookAhead
  readonly #tables: TablesToMake
  /** Nodes and sources that had their turn. */
  readonly #met = new Set<UniqueId>()
  #bound = 0

  constructor(input: BindInput) {
    this.#input = input
    this.#ahead = new LookAhead(input)
    this.#tables = new TablesToMake(input.connection)
  }

  async result(): Promise<Binding> {
    await this.#tables.made()
    this.#followAll()
    return {
      columns: this.#columns,
      problems: this.#problems,
      unknown: this.#unknown,
      compiled: this.#compiled,
      bound: this.#bound,
      standIns: this.#standIns,
      lineage: this.#lineage,
    }
  }

  /** Asks the engine of the node at this place in the order and of others after it, as far as it can be asked of many at once. */
  async lookAhead(position: number): Promise<void> {
    if (!this.#ahead.isDue(position)) return
    this.#tables.start()
    await this.#ahead.from(position, {
      readiness: (node) => this.#readiness(node),
      readAs: this.#standIns,
      stands: (relation) => relation.expression === undefined && this.#made.has(relationKey(relation)),
      before: () => this.#tables.made(),
      meanwhile: () => this.#followAll(),
    })
  }

  async bind(id: UniqueId): Promise<void> {
    await this.#bind(id)
    this.#met.add(id)
  }

  #readiness(node: RunnableNode): 'ready' | 'wait' | 'leave' {
    if (node.kind === 'seed' || (node.kind === 'model' && node.config.per_value)) return 'leave'
    if (node.dependsOn.some((id) => !this.#met.has(id))) return 'wait'
    return node.dependsOn.some((id) => this.#broken.has(id) || this.#unknown.has(id)) ? 'leave' : 'ready'
  }

  /** The connection, once everything that was bound stands there. */
  async #connection(): Promise<Connection> {
    await this.#tables.made()
    return this.#input.connection
  }

  async #bind(id: UniqueId): Promise<void> {
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
    await this.#tables.made()
    const columns = await this.#input.sourceColumns(source)
    if (columns !== undefined) {
      this.#make(source.id, source.relation.expression === undefined ? source.relation : filesOf(source), columns)
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
    this.#make(seed.id, seed.relation, columns)
  }

  async #bindTest(test: DataTest): Promise<void> {
    const described = await this.#describeFirst(test)
    if (described) this.#keep(described.rendered)
  }

  /**
   * One relation for each value: which there are, only the data tells. The query of the values is bound, and the model for a
   * value that is made up; what that makes the engine refuse may be right for others.
   */
  async #bindPerValue(model: Model): Promise<void> {
    this.#unknown.set(model.id, `"${model.name}" is one relation per value of a query`)
    const how = { thisRelation: undefined, isIncremental: false, readAs: this.#standIns }
    const connection = await this.#connection()
    const values = await this.#input.compileValues(model, how)
    const columns = await this.#describeSql(values.sql, { compiled: values, mainOffset: 0, node: model })
    const value = Object.fromEntries(columns.map(({ name, type }) => [name, madeUp(type)]))
    try {
      const { compiled } = await this.#input.compile(model, { ...how, value })
      const given = await connection.describeQuery(compiled.sql)
      this.#columns.set(model.id, given)
      await this.#follow(model.id, { sql: compiled.sql, columns: given })
    } catch (error) {
      if (!(error instanceof UserError) && !isRefusal(error)) throw error
    }
  }

  async #bindModel(model: Model): Promise<void> {
    const isEphemeral = model.config.materialized === 'ephemeral'
    const { relation } = model
    const first = await this.#describeFirst(model)
    if (!first) return
    const described = await this.#inRelation(model, first)
    const { columns, rendered } = described
    await this.#follow(model.id, described)
    if (isEphemeral) this.#columns.set(model.id, columns)
    if (isEphemeral) return this.#keep(rendered)
    if (hasContract(model))
      contractFor(model, await promisedTypes(await this.#connection(), model), columns, this.#input.dialect)
    invariant(relation, `${model.id} has no relation`)
    this.#make(model.id, relation, columns)
    const problems = settingsProblems(model, columns, this.#input.dialect)
    // Whoever reads the model has its columns all the same.
    this.#problems.push(...problems)
    if (problems.length > 0) return
    this.#keep(rendered)
    if (model.config.materialized !== 'incremental') return
    const { how, ...question } = firstQuestion(model, this.#input.standIn)
    const later = await this.#describe({ ...question, how: { ...how, isIncremental: true } })
    if (later) this.#keep(later.rendered)
  }

  async #bindSnapshot(snapshot: Snapshot): Promise<void> {
    // The query alone first: what is wrong in it is not the fault of the settings around it.
    const selected = await this.#describeFirst(snapshot)
    if (!selected) return
    checkSnapshotColumns(snapshot, selected.columns)
    this.#keep(selected.rendered)
    const { dialect } = this.#input
    const described = await this.#describe({
      ...firstQuestion(snapshot, this.#input.standIn),
      wrap: (sql) => {
        const whole = initialSnapshotQuery(snapshot, dialect, sql)
        return { sql: whole, mainOffset: whole.indexOf(sql) }
      },
    })
    if (!described) return
    const inRelation = await this.#inRelation(snapshot, described)
    await this.#follow(snapshot.id, inRelation)
    this.#make(snapshot.id, snapshot.relation, inRelation.columns)
  }

  /** The columns as a relation of the query has them. */
  async #inRelation<Node extends Model | Snapshot>(node: Node, described: Described<Node>): Promise<Described<Node>> {
    const connect = () => this.#connection()
    const columns = await columnsInRelation(node, described, { dialect: this.#input.dialect, connect })
    if (columns === described.columns) return described
    const { sql, rendered } = described
    return { sql, columns, rendered }
  }

  /** What a node's first question gives, which may have been asked ahead. As `#describe`. */
  async #describeFirst<Node extends RunnableNode>(node: Node): Promise<Described<Node> | undefined> {
    const question = firstQuestion(node, this.#input.standIn)
    const ahead = this.#ahead.take(node)
    if (!ahead) return await this.#describe(question)
    const { bound, giveTurn } = ahead
    if (!bound) await this.#tables.made()
    giveTurn()
    const rendered = await ahead.rendered
    if (!bound) return await this.#describe(question, rendered)
    return { sql: question.wrap(rendered.compiled.sql).sql, ...bound, rendered }
  }

  /**
   * The columns of a node's SQL, or of a statement around it. Undefined where the template asked for rows and the engine does
   * not take what it made of having none: with rows it may. Throws `UserError` in the user's file.
   */
  async #describe<Node extends RunnableNode>(
    question: Question<Node>,
    known?: Rendered<Node>,
  ): Promise<Described<Node> | undefined> {
    const { node } = question
    const rendered = known ?? (await this.#render(question, this.#standIns))
    try {
      return await this.#describeRendered(question, rendered)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      if (isBeyond(error)) throw error
      // Readers of files offer more than the columns that they give when nothing is named: what counts is what they say.
      if (this.#readsFiles(node)) {
        return await this.#describeRendered(question, await this.#render(question, this.#withoutFiles()))
      }
      if (!rendered.asksForRows) throw error
      this.#unknown.set(node.id, `the template of "${node.name}" asks the database for rows`)
      return undefined
    }
  }

  async #render<Node extends RunnableNode>(
    { node, how }: Question<Node>,
    readAs: ReadonlyMap<UniqueId, Relation>,
  ): Promise<Rendered<Node>> {
    await this.#tables.made()
    return await this.#input.compile(node, { ...how, readAs })
  }

  async #describeRendered<Node extends RunnableNode>(
    { node, wrap }: Question<Node>,
    rendered: Rendered<Node>,
  ): Promise<Described<Node>> {
    const { sql, mainOffset = 0 } = wrap(rendered.compiled.sql)
    const columns = await this.#describeSql(sql, { compiled: rendered.compiled, mainOffset, node })
    return { sql, columns, rendered }
  }

  async #describeSql(
    sql: string,
    { compiled, mainOffset, node }: { compiled: CompiledText; mainOffset: number; node: RunnableNode },
  ): Promise<readonly ColumnInfo[]> {
    const connection = await this.#connection()
    try {
      return await connection.describeQuery(sql)
    } catch (error) {
      if (!isRefusal(error)) throw error
      const engine = this.#input.dialect.name
      const failed = { compiled, mainOffset, subject: `${node.kind} ${node.name}`, engine, fallback: node.place }
      throw new UserError(databaseDiagnostic(error, failed), { cause: error })
    }
  }

  /** Notes where the columns of a node's query come from. */
  async #follow(
    id: UniqueId,
    { sql, columns, lineage }: Pick<Described<RunnableNode>, 'sql' | 'columns' | 'lineage'>,
  ): Promise<void> {
    if (lineage) this.#toFollow.push(() => this.#lineage.set(id, lineage()))
    else this.#lineage.set(id, await (await this.#connection()).lineageOf(sql, columns))
  }

  #followAll(): void {
    for (const follow of this.#toFollow.splice(0)) follow()
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

  #make(id: UniqueId, relation: Relation, columns: readonly ColumnInfo[]): void {
    const { dialect, standIn } = this.#input
    const made = standIn(relation)
    const schema = dialect.createSchema(made)
    if (!this.#schemas.has(schema)) this.#tables.add(schema)
    this.#schemas.add(schema)
    this.#columns.set(id, columns)
    this.#standIns.set(id, made)
    // A source may be the table of a seed or of a model: what came first stands for both.
    if (this.#made.has(relationKey(made))) return
    this.#made.add(relationKey(made))
    this.#tables.add(dialect.createStandIn(made, columns.map(storable)))
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

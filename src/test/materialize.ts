import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import { duckdbDialect as dialect } from '../adapters/duckdb/dialect.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { NodeConfig } from '../config/node-config.ts'
import { invariant, UserError } from '../diagnostics/errors.ts'
import type { ColumnProperties, Model, Seed, Snapshot } from '../manifest/nodes.ts'
import { materializationFor } from '../materialization/index.ts'
import type { Build, Existing, SeedShape } from '../materialization/materialization.ts'
import { candidateIdentifier } from '../sql/candidate-name.ts'
import { published, type Relation } from '../sql/relation.ts'
import type { Statement } from '../sql/statement.ts'
import type { SqlValue } from '../sql/value.ts'
import { span } from '../text/source-file.ts'
import { uniqueId } from '../text/unique-id.ts'

type BuiltNode = Model | Seed | Snapshot

export interface NodeToBuild {
  readonly name: string
  readonly kind?: BuiltNode['kind']
  readonly config?: Partial<NodeConfig>
  readonly description?: string
  readonly columns?: readonly Pick<ColumnProperties, 'name' | 'description'>[]
  readonly sql?: string
  /** The SQL with published names, where that is another. */
  readonly publishedSql?: string
  readonly csvPath?: string
  readonly seed?: SeedShape
  readonly fullRefresh?: boolean
  readonly runStartedAt?: string
}

/** A candidate that stands in the database and can be published. */
export interface BuiltCandidate {
  readonly candidate: Relation
  readonly build: Build
  publish(options?: { readonly retainAs?: string }): Promise<void>
}

/** A node with nothing in it but what materializations look at. */
export function nodeToBuild(node: NodeToBuild): BuiltNode {
  const kind = node.kind ?? 'model'
  const file = { path: `${kind}s/${node.name}.sql`, text: node.sql ?? '' }
  const config: NodeConfig = {
    enabled: true,
    materialized: kind === 'model' ? 'table' : kind,
    tags: [],
    meta: {},
    quoting: {},
    pre_hook: [],
    post_hook: [],
    persist_docs: {},
    grants: {},
    contract: { enforced: false },
    on_schema_change: 'ignore',
    column_types: {},
    severity: 'error',
    warn_if: '!= 0',
    error_if: '!= 0',
    fail_calc: 'count(*)',
    ...node.config,
  }
  // The rest is what the template stages fill in, and nothing below them reads.
  return {
    kind,
    id: uniqueId(kind, 'shop', node.name),
    name: node.name,
    package: 'shop',
    file,
    place: span(file, 0),
    description: node.description ?? '',
    columns: node.columns ?? [],
    config,
    configPlaces: new Map(),
    relation: { schema: 'main', identifier: node.name },
    csvPath: node.csvPath ?? '',
  } as unknown as BuiltNode
}

/** Builds a node's candidate as a run does: statements, what depends on the columns, checks. Throws what they throw. */
export async function buildOn(connection: Connection, input: NodeToBuild): Promise<BuiltCandidate> {
  const node = nodeToBuild(input)
  const target: Relation = { schema: 'main', identifier: input.name }
  const named = (purpose?: string): Relation => ({
    ...target,
    physical: candidateIdentifier(target.identifier, '3f9a1c2b', dialect.maxIdentifierBytes, purpose),
  })
  const compiled: CompiledNode<BuiltNode> = {
    node,
    sql: input.sql ?? '',
    publishedSql: input.publishedSql ?? input.sql ?? '',
    map: { locate: () => undefined },
  }
  const materialization = materializationFor(node.config.materialized)
  invariant(materialization, `no materialization "${node.config.materialized}"`)
  const existing = await existingOn(connection, target)
  const names = { compiled, dialect, target, candidate: named(), auxiliary: named, existing }
  const build = materialization.build({
    ...names,
    fullRefresh: input.fullRefresh ?? false,
    runStartedAt: input.runStartedAt ?? '2020-02-03T14:00:00.000Z',
    ...(input.seed ? { seed: input.seed } : {}),
  })
  const candidateColumns = await make(connection, build).catch(async (error: unknown) => {
    await discard(connection, build)
    throw error
  })
  return {
    candidate: named(),
    build,
    async publish({ retainAs } = {}) {
      const publishedColumns = existing ? await connection.columnsOf(target) : []
      const publishedIndexes = await connection.listIndexes([target])
      const options = retainAs === undefined ? {} : { retainAs }
      await connection.begin()
      try {
        const columns = { publishedColumns, publishedIndexes, candidateColumns }
        const steps = materialization.publish({
          ...names,
          ...columns,
          build,
          inPlace: false,
          privileges: [],
          ...options,
        })
        await send(connection, [...steps.data, ...steps.swap])
        await connection.commit()
      } catch (error) {
        await connection.rollback()
        throw error
      }
      await discard(connection, build)
    },
  }
}

/** Sends what a build consists of; returns the columns that it asked for. */
async function make(connection: Connection, build: Build): Promise<readonly ColumnInfo[]> {
  await send(connection, build.statements)
  if (!build.finish) return []
  const described = await connection.columnsOf(build.finish.describe)
  const finished = build.finish.complete(described)
  await send(connection, finished.statements)
  for (const check of finished.checks) {
    const { rows, columns } = await connection.query(check.sql)
    const names = columns.map((column) => column.name)
    if (rows[0]) throw new UserError(check.diagnostic(rows[0], names))
  }
  return described
}

/** Drops what is left of a candidate. */
async function discard(connection: Connection, build: Build): Promise<void> {
  for (const { relation, kind } of build.makes.toReversed()) await connection.execute(dialect.drop(relation, kind))
}

/** Builds a node and publishes it. */
export async function run(connection: Connection, input: NodeToBuild): Promise<void> {
  await (await buildOn(connection, input)).publish()
}

/** The rows of a relation as text, sorted, with a first row of its columns and types. */
export async function contents(connection: Connection, relation: Relation): Promise<readonly string[]> {
  const { columns, rows } = await connection.query(`select * from ${dialect.render(relation)}`)
  const header = columns.map(({ name, type }) => `${name} ${type}`).join(' | ')
  return [header, ...rows.map((row) => row.map(text).join(' | ')).sort()]
}

async function existingOn(connection: Connection, target: Relation): Promise<Existing | undefined> {
  const found = (await connection.listRelations([target.schema])).find(
    ({ identifier }) => identifier === target.identifier,
  )
  return found && { kind: found.kind, columns: await connection.columnsOf(published(target)) }
}

async function send(connection: Connection, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) {
    await (statement.kind === 'sql' ? connection.execute(statement.sql) : connection.load(statement))
  }
}

function text(value: SqlValue): string {
  return value === null ? 'null' : String(value)
}

import type { Connection } from '../adapters/adapter.ts'
import type { SqlParser } from '../adapters/sql-parser.ts'
import { placeInTemplate } from '../compile/place-in-template.ts'
import { ephemeralName } from '../context/index.ts'
import type { ProjectLineage } from '../lineage/node-lineage.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { RunnableNode, Source } from '../manifest/nodes.ts'
import type { Binding } from '../shadow/bind-project.ts'
import type { Dialect } from '../sql/dialect.ts'
import { physicalIdentifier } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { readKeys } from './keys.ts'
import type { CheckedProject, CheckedQuery, LintedNode } from './rule.ts'
import { readTree } from './sql/read-tree.ts'
import { type Catalog, type KnownRelation, resolveQuery } from './sql/resolve.ts'

export interface ProjectInput {
  readonly manifest: Manifest
  readonly binding: Pick<Binding, 'columns' | 'compiled' | 'standIns'>
  readonly lineage: ProjectLineage
  readonly selected: ReadonlySet<UniqueId>
  readonly parser: SqlParser
  readonly dialect: Dialect
  /** The connection on which the project was bound. */
  readonly connection: Pick<Connection, 'query'>
}

/** What rules look at. Parses nothing before a rule asks for it. */
export function checkedProject(input: ProjectInput): CheckedProject {
  const { manifest, binding, selected } = input
  const nodes = [...manifest.nodes.values()].filter(
    (node): node is LintedNode => isLinted(node) && selected.has(node.id) && binding.compiled.has(node.id),
  )
  const keys = readKeys(manifest)
  let queries: Promise<readonly CheckedQuery[]> | undefined
  return {
    manifest,
    binding,
    lineage: input.lineage,
    nodes,
    keys,
    queries: () => {
      queries ??= readQueries(input, nodes, keys)
      return queries
    },
    areValues: (texts) => areValues(input, texts),
  }
}

/** How many texts one query asks of. */
const BATCH = 200

async function areValues(
  { dialect, connection }: ProjectInput,
  texts: readonly { readonly text: string; readonly type: string }[],
): Promise<readonly boolean[]> {
  const { isValue } = dialect
  if (!isValue) return []
  const answers: boolean[] = []
  for (let start = 0; start < texts.length; start += BATCH) {
    const asked = texts.slice(start, start + BATCH).map(({ text, type }) => isValue(text, type))
    const { rows } = await connection.query(`select ${asked.join(', ')}`)
    answers.push(...(rows[0] ?? []).map((answer) => answer === true))
  }
  return answers
}

function isLinted(node: RunnableNode): node is LintedNode {
  return node.kind !== 'seed' && !(node.kind === 'test' && node.generic)
}

async function readQueries(
  input: ProjectInput,
  nodes: readonly LintedNode[],
  keys: CheckedProject['keys'],
): Promise<readonly CheckedQuery[]> {
  const relations = new RelationsOfProject(input, keys)
  const compiled = nodes.flatMap((node) =>
    (input.binding.compiled.get(node.id) ?? []).map((each) => ({ node, compiled: each })),
  )
  const trees = await input.parser.parse(compiled.map((each) => each.compiled.sql))
  return compiled.flatMap(({ node, compiled }, index): readonly CheckedQuery[] => {
    const read = trees[index]
    if (!read) return []
    const tree = readTree(read, compiled.sql)
    const resolved = resolveQuery(tree, relations.catalogOf(node, compiled.sql))
    const placeOf = (at: number | undefined) => (at === undefined ? undefined : placeInTemplate(compiled, at))
    return [{ node, compiled, tree, resolved, placeOf }]
  })
}

/** The nodes and sources by the names under which SQL reads them. */
class RelationsOfProject {
  readonly #input: ProjectInput
  readonly #keys: CheckedProject['keys']
  readonly #tables = new Map<
    string,
    { readonly id: UniqueId; readonly database: string | undefined; readonly label: string }
  >()
  readonly #ephemerals = new Map<string, KnownRelation>()

  constructor(input: ProjectInput, keys: CheckedProject['keys']) {
    this.#input = input
    this.#keys = keys
    for (const node of [...input.manifest.nodes.values(), ...input.manifest.sources.values()]) {
      const label = node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name
      if (node.kind === 'model' && node.config.materialized === 'ephemeral') {
        this.#ephemerals.set(ephemeralName(node).toLowerCase(), this.#known(node.id, label))
      }
      const relation = input.binding.standIns.get(node.id)
      if (relation === undefined) continue
      const key = tableKey(relation.schema, physicalIdentifier(relation))
      this.#tables.set(key, { id: node.id, database: relation.database, label })
    }
  }

  catalogOf(node: LintedNode, sql: string): Catalog {
    const sources = node.dependsOn.flatMap((id) => this.#input.manifest.sources.get(id) ?? [])
    return {
      table: ({ database, schema, name }) => {
        const found = schema === undefined ? undefined : this.#tables.get(tableKey(schema, name))
        if (!found || (database !== undefined && !isSame(database, found.database))) return undefined
        return this.#known(found.id, found.label)
      },
      call: (at) => {
        const source = sources.find((each) => standsAt(each, sql, at))
        return source && this.#known(source.id, `${source.sourceName}.${source.name}`)
      },
      ephemeral: (name) => this.#ephemerals.get(name.toLowerCase()),
    }
  }

  #known(id: UniqueId, label: string): KnownRelation {
    const keys = this.#keys.get(id)?.map(({ columns }) => columns)
    return { label, columns: this.#input.binding.columns.get(id), keys, passes: [id] }
  }
}

function standsAt({ relation: { expression } }: Source, sql: string, at: number | undefined): boolean {
  return expression !== undefined && at !== undefined && sql.startsWith(expression, at)
}

function isSame(database: string, other: string | undefined): boolean {
  return other === undefined || database.toLowerCase() === other.toLowerCase()
}

function tableKey(schema: string, identifier: string): string {
  return `${schema}\u0000${identifier}`.toLowerCase()
}

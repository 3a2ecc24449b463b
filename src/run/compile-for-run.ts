import type { Connection } from '../adapters/adapter.ts'
import { type CompileInput, compileNode, compileText, type EphemeralMemo } from '../compile/index.ts'
import { describeNode } from '../context/describe-node.ts'
import type { ProjectContext, TemplateDatabase } from '../context/index.ts'
import { relationNameFor, relocatedText, withTemplateTextAsync } from '../context/index.ts'
import { invariant } from '../diagnostics/errors.ts'
import { findGraphNode } from '../manifest/manifest.ts'
import type { Operation, RunnableNode } from '../manifest/nodes.ts'
import { published, type Relation, relationKey } from '../sql/relation.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Compiler, NodeSubject } from './compiler.ts'
import type { RunEnvironment } from './environment.ts'

export type CompilerEnvironment = Pick<
  RunEnvironment,
  'manifest' | 'project' | 'adapter' | 'catalog' | 'candidates' | 'sourceFiles' | 'compiled'
>

/** The compiler of a run: names of this run's candidates where it has built them, published names for the rest. */
export function compilerForRun(environment: CompilerEnvironment): Compiler {
  const ephemerals: EphemeralMemo = new Map()
  const inputFor = <Node extends RunnableNode | Operation>(
    connection: Connection | undefined,
    node: Node,
    subject: NodeSubject,
    extra: Readonly<Record<string, unknown>> = {},
  ) => ({
    project: environment.project,
    manifest: environment.manifest,
    node,
    ...(connection ? { database: databaseFor(environment, connection, node) } : {}),
    relationOf: (id: UniqueId) => subject.readAs?.get(id) ?? relationInRun(environment, id),
    ...(subject.thisRelation ? { thisRelation: subject.thisRelation } : {}),
    isIncremental: subject.isIncremental,
    fullRefresh: subject.fullRefresh,
    // What an ephemeral model reads must not depend on who asked first.
    ephemerals: subject.readAs && subject.readAs.size > 0 ? new Map() : ephemerals,
    extra: { ...extra, ...(subject.value === undefined ? {} : { value: subject.value }) },
  })
  return {
    compile: async <Node extends RunnableNode>(
      connection: Connection | undefined,
      node: Node,
      subject: NodeSubject,
    ) => {
      const input: CompileInput<Node> = inputFor(connection, node, subject)
      const compiled = await compileNode(input)
      environment.compiled.set(node.id, compiled)
      return compiled
    },
    async text(connection, node, text, subject, what, compiled) {
      const place = node.configPlaces.get(what.replace('-', '_')) ?? node.place
      const extra = compiled ? { sql: compiled.sql, compiled_code: compiled.sql } : {}
      const input = inputFor(connection, node, subject, extra)
      return withTemplateTextAsync(text, place, async (tree) => {
        const result = await compileText(tree, input)
        if (tree.file === place.file) return result
        return { ...result, map: relocatedText({ text: result.sql, map: result.map }, tree.file, place).map }
      })
    },
    async comment(node) {
      const { queryComment } = environment.project
      if (!queryComment) return ''
      const subject = { thisRelation: undefined, isIncremental: false, fullRefresh: false, value: undefined }
      const extra = { node: describeNode(node, () => ''), connection_name: node.id }
      const input = inputFor(undefined, node, subject, extra)
      const { text, place } = queryComment
      return withTemplateTextAsync(text, place, async (tree) => (await compileText(tree, input)).sql)
    },
    async operation(connection, operation, extra) {
      const subject = { thisRelation: undefined, isIncremental: false, fullRefresh: false, value: undefined }
      // What an ephemeral model read when a node of the run wanted it may be published or gone by now.
      return compileText(operation.tree, { ...inputFor(connection, operation, subject, extra), ephemerals: new Map() })
    },
    relationBase: (node) => relationBase(environment.project, node),
  }
}

/** Where a node's relations lie: its relation, or only database and schema where it has several or keeps failing rows. */
export function relationBase(project: ProjectContext, node: RunnableNode): Relation {
  if (node.kind !== 'test' && node.relation) return node.relation
  return relationNameFor(project, { ...node, resourceType: node.kind, path: node.file.path })
}

/** The relation that a node or source is read from in this run. */
export function relationInRun(
  environment: Pick<CompilerEnvironment, 'manifest' | 'candidates' | 'sourceFiles'>,
  id: UniqueId,
): Relation {
  const made = environment.candidates.relationOf(id) ?? environment.sourceFiles.relationOf(id)
  if (made) return made
  const node = findGraphNode(environment.manifest, id)
  invariant(node && 'relation' in node && node.relation, `${id} has no relation`)
  return node.relation
}

/**
 * What a node's templates may ask of the database: on its own connection, with candidates in the place of their nodes, and
 * with the files that it reads.
 */
function databaseFor(
  environment: CompilerEnvironment,
  connection: Connection,
  node: RunnableNode | Operation,
): TemplateDatabase {
  const { adapter, catalog, candidates } = environment
  const builtAs = (relation: Relation) => {
    const key = relationKey({ database: adapter.database, ...published(relation) })
    return candidates.unpublished().find(({ target }) => relationKey({ database: adapter.database, ...target }) === key)
  }
  const inRun = (relation: Relation): Relation => {
    if (relation.physical !== undefined) return relation
    const built = builtAs(relation)
    return built ? { ...relation, physical: built.candidate.physical ?? relation.identifier } : relation
  }
  const asked = () => environment.project.dependencies?.elsewhere()
  return {
    async query(sql) {
      asked()
      await environment.sourceFiles.load(connection, node)
      return await connection.query(sql)
    },
    async kindOf(relation) {
      asked()
      const { physical } = relation
      // What it becomes: an incremental model's candidate is a view, and a table for whoever asks.
      const built = builtAs(relation)?.build.becomes
      if (built) return built
      const known = physical === undefined ? catalog.kindOf(relation) : undefined
      if (known) return known
      const identifier = physical ?? relation.identifier
      const found = await connection.listRelations([relation.schema])
      return found.find((other) => other.identifier.toLowerCase() === identifier.toLowerCase())?.kind
    },
    async columnsOf(relation) {
      asked()
      await environment.sourceFiles.load(connection, node)
      return await connection.columnsOf(inRun(relation))
    },
    listRelations(schema) {
      asked()
      return connection.listRelations([schema])
    },
  }
}

import type { Operation, RunnableNode } from '../manifest/nodes.ts'
import { published, type Relation, relationKey } from '../sql/relation.ts'
import { hostFunction, type Scope, str, toTemplateValue } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { describeGraph, describeNode } from './describe-node.ts'
import { makeScope } from './make-scope.ts'
import { AdapterObject, apiObject } from './names/adapter.ts'
import { ConfigObject } from './names/config.ts'
import type { MacroNames } from './names/macros.ts'
import type { Names } from './names/names.ts'
import { Queries } from './names/queries.ts'
import { refFunction, resolveRef, resolveSource, sourceFunction } from './names/references.ts'
import { SMALL_NAMES } from './names/small.ts'
import { RelationObject } from './objects/relation-object.ts'
import { hostValue } from './objects/result-table.ts'
import type { NodeScopeInput } from './scope-input.ts'

/** The names of a node's template when it is rendered for execution, by `renderAsync`. */
export function createNodeScope(input: NodeScopeInput): Scope {
  return nodeScope(input, 'async')
}

/** The same for a render that cannot wait: what would ask the database finds nothing. */
export function createSyncNodeScope(input: NodeScopeInput): Scope {
  const { database: _, ...rest } = input
  return nodeScope(rest, 'sync')
}

function nodeScope(input: NodeScopeInput, mode: 'sync' | 'async'): Scope {
  return makeScope({
    project: input.project,
    packageName: input.node.package,
    mode,
    execute: true,
    extra:
      input.extra && Object.fromEntries(Object.entries(input.extra).map(([name, value]) => [name, hostValue(value)])),
    names: (macros) => nodeNames(input, macros),
  })
}

function nodeNames(input: NodeScopeInput, macros: MacroNames): readonly Names[] {
  const { project, manifest, node, database, isIncremental } = input
  const { dialect, target } = project
  const queries = new Queries(project, database)
  const relationText = (other: RunnableNode) => relationTextOf(input, other)
  const own = thisRelation(input)
  const names: Names = {
    ref: () => refFunction((ref, call) => relationObject(input, resolveRef(node, manifest, ref, call))),
    source: () => sourceFunction((source, call) => relationObject(input, resolveSource(node, manifest, source, call))),
    config: () => new ConfigObject(node.config, node.name),
    this: () => new RelationObject({ relation: own, dialect }),
    model: () => toTemplateValue(describeNode(node, relationText)),
    graph: () => toTemplateValue(describeGraph(manifest, relationText)),
    schema: () => own.schema,
    database: () => own.database ?? null,
    adapter: () => {
      return new AdapterObject({
        dialect,
        databaseName: target.database,
        macros,
        queries,
        database,
        current: (relation) => currentRelation(input, relation),
      })
    },
    api: () => apiObject(dialect),
    is_incremental: () => hostFunction('is_incremental', () => isIncremental),
    doc: () => hostFunction('doc', (args) => manifest.docs.get(str(args.at(-1))) ?? ''),
    selected_resources: () => [],
  }
  return [names, queries.names(), SMALL_NAMES]
}

/** The relation of a node or source; for an ephemeral model the name of its common table expression. */
function relationObject(input: NodeScopeInput, id: UniqueId): RelationObject {
  const { dialect } = input.project
  const node = input.manifest.nodes.get(id)
  if (node?.kind !== 'model' || node.config.materialized !== 'ephemeral') {
    return new RelationObject({ relation: input.relationOf(id), dialect })
  }
  input.onEphemeral?.(id)
  const expression = ephemeralName(node)
  return new RelationObject({ relation: { schema: '', identifier: expression, expression }, dialect, type: 'cte' })
}

/** The name of an ephemeral model's common table expression. */
export function ephemeralName(node: Pick<RunnableNode, 'name' | 'config'>): string {
  return `__dbt__cte__${node.config.alias ?? node.name}`
}

function thisRelation({ project, node, thisRelation: given }: NodeScopeInput): Relation {
  if (given) return given
  if ('relation' in node && node.relation) return published(node.relation)
  return {
    database: project.target.database,
    schema: project.target.schema,
    identifier: node.config.alias ?? node.name,
  }
}

function relationTextOf({ project }: NodeScopeInput, node: RunnableNode | Operation): string {
  return 'relation' in node && node.relation ? project.dialect.render(published(node.relation)) : ''
}

/** A relation as this run has it, found by its published name. */
function currentRelation(input: NodeScopeInput, relation: Relation): Relation {
  const id = idsByRelation(input).get(relationKey(relation))
  return id === undefined ? relation : input.relationOf(id)
}

const idsOfManifest = new WeakMap<object, ReadonlyMap<string, UniqueId>>()

function idsByRelation({ manifest }: NodeScopeInput): ReadonlyMap<string, UniqueId> {
  const known = idsOfManifest.get(manifest)
  if (known) return known
  const ids = new Map<string, UniqueId>()
  for (const node of manifest.nodes.values()) {
    if ('relation' in node && node.relation) ids.set(relationKey(published(node.relation)), node.id)
  }
  idsOfManifest.set(manifest, ids)
  return ids
}

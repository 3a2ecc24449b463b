import { isDeepStrictEqual } from 'node:util'
import type { PreviousManifest, PreviousNode } from '../artifacts/manifest-artifact.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Exposure, GraphNode, Macro, RunnableNode, Source } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { JsonObject } from '../util/json.ts'
import { type Method, needsState, oneOf } from './method.ts'

const STATES = [
  'new',
  'old',
  'modified',
  'unmodified',
  'modified.body',
  'modified.configs',
  'modified.persisted_descriptions',
  'modified.relation',
  'modified.macros',
  'modified.contract',
] as const

/**
 * `state:`: compares every node with the manifest of an earlier run, as dbt does. Settings are compared as they were
 * written, before templates were rendered: otherwise everything would differ between a development and a production
 * target. A new node is modified.
 */
export const stateMethod: Method = (criterion, { manifest, state }) => {
  const value = oneOf(criterion, STATES)
  if (!state) throw needsState(criterion, 'the manifest.json of an earlier run')
  const hasModifiedMacro = macroComparison(manifest, state)
  const isKnown = (node: GraphNode) => previousOf(node, state) !== undefined
  const differs = (aspect: (node: RunnableNode, before: PreviousNode) => boolean) => (node: GraphNode) => {
    if (node.kind === 'source' || node.kind === 'exposure') return false
    const before = state.nodes.get(node.id)
    return before === undefined || !aspect(node, before)
  }
  const isModified = (node: GraphNode) => hasModifiedMacro(node) || hasOtherContents(node, state)
  switch (value) {
    case 'new':
      return (node) => !isKnown(node)
    case 'old':
      return isKnown
    case 'modified':
      return isModified
    case 'unmodified':
      return (node) => !isModified(node)
    case 'modified.body':
      return differs(hasSameBody)
    case 'modified.configs':
      return differs(hasSameConfig)
    case 'modified.persisted_descriptions':
      return differs(hasSamePersistedDescriptions)
    case 'modified.relation':
      return differs(hasSameRelation)
    case 'modified.contract':
      return differs(hasSameContract)
    case 'modified.macros':
      return hasModifiedMacro
  }
}

function previousOf(node: GraphNode, state: PreviousManifest): unknown {
  return state.nodes.get(node.id) ?? state.sources.get(node.id) ?? state.exposures.get(node.id)
}

function hasOtherContents(node: GraphNode, state: PreviousManifest): boolean {
  if (node.kind === 'source') return !hasSameSource(node, state.sources.get(node.id))
  if (node.kind === 'exposure') return !hasSameExposure(node, state.exposures.get(node.id))
  const before = state.nodes.get(node.id)
  if (before === undefined) return true
  const isSame = isDeepStrictEqual(node.fqn, before.fqn) && hasSameConfig(node, before)
  // The body of a generic test belongs to its macro.
  if (node.kind === 'test' && node.generic) return !isSame
  const aspects = [hasSameBody, hasSamePersistedDescriptions, hasSameRelation, hasSameContract]
  return !isSame || aspects.some((aspect) => !aspect(node, before))
}

function hasSameBody(node: RunnableNode, before: PreviousNode): boolean {
  if (node.kind === 'seed') return node.checksum === before.checksum
  return before.rawCode === undefined ? node.checksum === before.checksum : node.rawCode === before.rawCode
}

/** Where a node is put and how it is labelled is not what it is; relations have their own comparison. */
const NOT_COMPARED = new Set(['alias', 'schema', 'database', 'tags', 'group'])

function hasSameConfig(node: RunnableNode, before: PreviousNode): boolean {
  return isDeepStrictEqual(comparable(node.unrenderedConfig), comparable(before.unrenderedConfig))
}

function comparable(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !NOT_COMPARED.has(key)))
}

/** Descriptions count where they are written into the database. */
function hasSamePersistedDescriptions(node: RunnableNode, before: PreviousNode): boolean {
  const { relation, columns } = node.config.persist_docs
  if (relation && node.description !== before.description) return false
  if (!columns) return true
  const now = node.columns.map((column) => [column.name, column.description])
  const then = [...before.columns].map(([name, column]) => [name, column.description])
  return isDeepStrictEqual(new Map(now as [string, string][]), new Map(then as [string, string][]))
}

function hasSameRelation(node: RunnableNode, before: PreviousNode): boolean {
  const keys = ['database', 'schema', 'alias'] as const
  return keys.every((key) => isDeepStrictEqual(node.unrenderedConfig[key], before.unrenderedConfig[key]))
}

/** The columns of an enforced contract, without the size of their types: a wider `varchar` breaks no reader. */
function hasSameContract(node: RunnableNode, before: PreviousNode): boolean {
  if (node.config.contract.enforced !== before.contractEnforced) return false
  if (!before.contractEnforced) return true
  const now = new Map(node.columns.map((column) => [column.name, baseType(column.data_type)]))
  const then = new Map([...before.columns].map(([name, column]) => [name, baseType(column.dataType)]))
  return isDeepStrictEqual(now, then)
}

function baseType(type: string | undefined): string | undefined {
  return type?.replace(/\(.*$/s, '').trim().toLowerCase()
}

function hasSameSource(source: Source, before: JsonObject | undefined): boolean {
  if (before === undefined) return false
  return (
    source.relation.schema === before.schema &&
    source.relation.identifier === before.identifier &&
    isDeepStrictEqual(source.fqn, before.fqn) &&
    (source.loadedAtField ?? null) === (before.loaded_at_field ?? null)
  )
}

function hasSameExposure(exposure: Exposure, before: JsonObject | undefined): boolean {
  if (before === undefined) return false
  const keys = ['type', 'maturity', 'url', 'description', 'label'] as const
  const dependsOn = before.depends_on as JsonObject | undefined
  return (
    isDeepStrictEqual(exposure.fqn, before.fqn) &&
    keys.every((key) => (exposure.properties[key] ?? '') === (before[key] ?? '')) &&
    isDeepStrictEqual(new Set<unknown>(exposure.dependsOn), new Set(dependsOn?.nodes as readonly unknown[] | undefined))
  )
}

/** Tells whether a node uses a macro, directly or through others, whose text differs from before. */
function macroComparison(manifest: Manifest, state: PreviousManifest): (node: GraphNode) => boolean {
  const modified = new Set<UniqueId>()
  for (const macro of manifest.macros.values()) {
    if (state.macros.get(macro.id) !== macroText(macro)) modified.add(macro.id)
  }
  return (node) => 'macros' in node && node.macros.some((id) => modified.has(id))
}

/** The text of a macro as the manifest artifact holds it. */
export function macroText(macro: Macro): string {
  const { file, start, end } = macro.definition.place
  return file.text.slice(start, end)
}

import { describeNode, describeSource } from '../context/describe-node.ts'
import type { GraphNode } from '../manifest/nodes.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { artifactConfig } from './artifacts/artifact-config.ts'
import { artifactExposure } from './artifacts/artifact-others.ts'
import { writeJson } from './rows-json.ts'

export type ListForm = 'selector' | 'name' | 'path' | 'json'

/** dbt's keys, in dbt's order; a node has those that it has. */
const DEFAULT_KEYS = [
  'name',
  'resource_type',
  'package_name',
  'original_file_path',
  'unique_id',
  'alias',
  'source_name',
  'config',
  'tags',
  'depends_on',
] as const

/** What `ls` prints: one line for each node, by unique id, with a final newline. */
export function listNodes(nodes: Iterable<GraphNode>, form: ListForm, keys: readonly string[] = DEFAULT_KEYS): string {
  const sorted = [...nodes].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return sorted.map((node) => `${lineOf(node, form, keys)}\n`).join('')
}

function lineOf(node: GraphNode, form: ListForm, keys: readonly string[]): string {
  switch (form) {
    case 'selector':
      return selectorOf(node)
    case 'name':
      return node.kind === 'source' ? `${node.sourceName}.${node.name}` : node.name
    case 'path':
      return node.file.path
    case 'json':
      return writeJson(pick(described(node), keys))
  }
}

/** What selects exactly this node. */
function selectorOf(node: GraphNode): string {
  switch (node.kind) {
    case 'source':
      return `source:${node.package}.${node.sourceName}.${node.name}`
    case 'exposure':
      return `exposure:${node.package}.${node.name}`
    default:
      return node.fqn.join('.')
  }
}

function described(node: GraphNode): JsonObject {
  switch (node.kind) {
    case 'source':
      return describeSource(node)
    case 'exposure':
      return artifactExposure(node)
    default:
      return { ...describeNode(node, () => ''), config: artifactConfig(node) }
  }
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  const present = keys.filter((key) => object[key] !== undefined)
  return Object.fromEntries(present.map((key): [string, Json] => [key, object[key]!]))
}

import { problem, UserError } from '../diagnostics/errors.ts'
import type { GraphNode, Source } from '../manifest/nodes.ts'
import { isJsonObject, type Json } from '../util/json.ts'
import { matchesFqn } from './match-fqn.ts'
import { type Method, needsState, oneOf } from './method.ts'
import type { Criterion, MethodName } from './selector.ts'
import { stateMethod } from './state.ts'
import { pathWildcard, wildcard } from './wildcard.ts'

const RESOURCE_TYPES = ['model', 'seed', 'snapshot', 'test', 'source', 'exposure'] as const
const ABSENT_TYPES = ['analysis', 'unit_test', 'metric', 'semantic_model', 'saved_query', 'group', 'function'] as const
const TEST_TYPES = ['generic', 'singular', 'data', 'schema', 'unit'] as const
const ACCESS = ['private', 'protected', 'public'] as const
const VERSIONS = ['latest', 'prerelease', 'old', 'none'] as const

/** What each method of a selector looks at. The rules are dbt's. */
export const SELECTION_METHODS: Readonly<Record<MethodName, Method>> = {
  fqn: ({ value }, { relations }) => {
    const matches = wildcard(value)
    const byRelation = new Set([...(relations ?? [])].flatMap(([name, id]) => (matches(name) ? [id] : [])))
    return (node) => node.kind !== 'source' && (byRelation.has(node.id) || matchesFqn(node.fqn, value))
  },

  tag: ({ value }) => {
    const matches = wildcard(value)
    return (node) => tagsOf(node).some(matches)
  },

  path: ({ value }) => {
    const matches = pathWildcard(
      value
        .replaceAll('\\', '/')
        .replace(/^(\.\/)+/, '')
        .replace(/\/+$/, ''),
    )
    return (node) => pathsOf(node).some((path) => folderAndFile(path).some(matches))
  },

  file: ({ value }) => {
    const matches = wildcard(value)
    return (node) => {
      const name = node.file.path.slice(node.file.path.lastIndexOf('/') + 1)
      return matches(name) || matches(name.replace(/\.[^.]*$/, ''))
    }
  },

  package: ({ value }, { manifest }) => {
    const matches = wildcard(value === 'this' ? manifest.project.name : value)
    return (node) => matches(node.package)
  },

  config: (criterion) => {
    if (criterion.args.length === 0) throw new UserError(configWithoutKey(criterion))
    return (node) => matchesConfig(configValue(node, criterion.args), criterion)
  },

  resource_type: (criterion) => {
    oneOf(criterion, [...RESOURCE_TYPES, ...ABSENT_TYPES])
    return (node) => node.kind === criterion.value
  },

  source: (criterion) => {
    const parts = criterion.value.split('.')
    if (parts.length > 3) throw new UserError(tooManyParts(criterion, 'package.source.table'))
    const [first = '*', second = '*', third] = parts
    const [inPackage, source, table] = third === undefined ? ['*', first, second] : [first, second, third]
    const matches: readonly [(source: Source) => string, (text: string) => boolean][] = [
      [(node) => node.package, wildcard(inPackage)],
      [(node) => node.sourceName, wildcard(source)],
      [(node) => node.name, wildcard(table)],
    ]
    return (node) => node.kind === 'source' && matches.every(([part, isMatch]) => isMatch(part(node)))
  },

  exposure: (criterion) => {
    const parts = criterion.value.split('.')
    if (parts.length > 2) throw new UserError(tooManyParts(criterion, 'package.exposure'))
    const isName = wildcard(parts.at(-1)!)
    const isPackage = wildcard(parts.length === 2 ? parts[0]! : '*')
    return (node) => node.kind === 'exposure' && isPackage(node.package) && isName(node.name)
  },

  test_name: ({ value }) => {
    const matches = wildcard(value)
    return (node) => node.kind === 'test' && node.generic !== undefined && matches(node.generic.name)
  },

  test_type: (criterion) => {
    const type = oneOf(criterion, TEST_TYPES)
    if (type === 'unit') return selectsNothing
    if (type === 'data') return (node) => node.kind === 'test'
    const wantsGeneric = type !== 'singular'
    return (node) => node.kind === 'test' && (node.generic !== undefined) === wantsGeneric
  },

  group: ({ value }) => {
    const matches = wildcard(value)
    return (node) => isNode(node) && node.config.group !== undefined && matches(node.config.group)
  },

  access: (criterion) => {
    const access = oneOf(criterion, ACCESS)
    return (node) => node.kind === 'model' && (configValue(node, ['access']) ?? 'protected') === access
  },

  // No model has versions, so all are of none.
  version: (criterion) => {
    const version = oneOf(criterion, VERSIONS)
    return (node) => node.kind === 'model' && version === 'none'
  },

  state: stateMethod,

  result: (criterion, { results }) => {
    if (!results) throw needsState(criterion, 'the run_results.json of an earlier run')
    const status = criterion.value === 'skip' ? 'skipped' : criterion.value
    return (node) => results.statuses.get(node.id) === status
  },

  source_status: (criterion, { loadedAt }) => {
    oneOf(criterion, ['fresher'])
    if (!loadedAt)
      throw needsState(criterion, 'the sources.json of an earlier "lavra source freshness", and one of now')
    const { before, now } = loadedAt
    return ({ id }) => {
      const moment = now.get(id)
      if (moment === undefined) return false
      if (!before.has(id)) return true
      const earlier = before.get(id)
      return earlier !== undefined && moment > earlier
    }
  },

  unit_test: () => selectsNothing,
  metric: () => selectsNothing,
  semantic_model: () => selectsNothing,
  saved_query: () => selectsNothing,
}

const selectsNothing = () => false

function isNode(node: GraphNode): node is Exclude<GraphNode, { kind: 'source' | 'exposure' }> {
  return node.kind !== 'source' && node.kind !== 'exposure'
}

/** The tags of anything in the graph. */
export function tagsOf(node: GraphNode): readonly string[] {
  if (node.kind !== 'exposure') return node.config.tags
  const { config, tags } = node.properties
  return [tags, isJsonObject(config) ? config.tags : undefined].flatMap(textsOf)
}

function textsOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.map(String) : []
}

function pathsOf(node: GraphNode): readonly string[] {
  const patch = isNode(node) ? node.patchFile : undefined
  return patch ? [node.file.path, patch.path] : [node.file.path]
}

/** `models/gold/orders.sql`, `models/gold`, `models`. */
function folderAndFile(path: string): readonly string[] {
  const paths = [path]
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) paths.push(path.slice(0, at))
  return paths
}

/** A setting by its dotted key: as it is in force, or, for keys that Lavra gives no meaning to, as it was written. */
function configValue(node: GraphNode, keys: readonly string[]): unknown {
  if (node.kind === 'exposure') return undefined
  const inForce = descend(node.config, keys)
  return inForce === undefined && isNode(node) ? descend(node.unrenderedConfig, keys) : inForce
}

function descend(value: unknown, keys: readonly string[]): unknown {
  let at = value
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Record<string, unknown>)[key] // own property, just seen
  }
  return at
}

function matchesConfig(value: unknown, { args, value: wanted }: Criterion): boolean {
  if (Array.isArray(value)) return value.some((item) => matchesScalar(item, wanted))
  const isSeverity = args.length === 1 && args[0] === 'severity'
  return matchesScalar(value, isSeverity ? wanted.toLowerCase() : wanted)
}

/** Booleans in any case (`True`, `true`), everything else as its text. */
function matchesScalar(value: unknown, wanted: string): boolean {
  if (typeof value === 'boolean') return String(value) === wanted.toLowerCase()
  return (typeof value === 'string' || typeof value === 'number') && String(value) === wanted
}

function configWithoutKey(criterion: Criterion) {
  return problem('selector-value', `The selector "${criterion.text}" does not say which setting it means.`, {
    hint: 'name it behind a dot, such as "config.materialized:incremental" or "config.meta.owner:ana"',
  })
}

function tooManyParts(criterion: Criterion, form: string) {
  return problem('selector-value', `"${criterion.value}" has too many parts, in the selector "${criterion.text}".`, {
    hint: `the longest form is ${form}`,
  })
}

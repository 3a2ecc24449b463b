import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isJsonObject } from '../util/json.ts'
import { configKey, normalConfigKey } from './config-keys.ts'
import { childOf, entriesOf, type LocatedValue } from './located-value.ts'
import type { ConfigEntries } from './merge-config.ts'

/**
 * The layers that a tree of the project file (`models:`, `seeds:` …) has for a node, the nearest last: one for the root
 * and one for each step of the fqn that the tree knows. A key is a setting when it starts with `+` or holds no map.
 */
export function layersFromTree(tree: LocatedValue | undefined, fqn: readonly string[]): readonly ConfigEntries[] {
  const layers: ConfigEntries[] = []
  let level = tree
  for (const step of [...fqn, undefined]) {
    if (level === undefined || !isJsonObject(level.value)) break
    layers.push(settingsOf(level))
    if (step !== undefined) level = childOf(level, step)
  }
  return layers
}

function settingsOf(level: LocatedValue): ConfigEntries {
  return entriesOf(level)
    .filter(([key, at]) => isSetting(key, at) && !isEmptyFolder(key, at))
    .map(([key, at]) => ({ key, at }))
}

function isSetting(key: string, at: LocatedValue): boolean {
  return key.startsWith('+') || !isJsonObject(at.value)
}

/** A folder under which nothing is set: `staging:` and no more. */
function isEmptyFolder(key: string, at: LocatedValue): boolean {
  return at.value === null && configKey(normalConfigKey(key)) === undefined
}

/** A warning for every folder in a tree that is the beginning of no fqn; only the outermost of nested ones. */
export function unusedPaths(
  kind: string,
  tree: LocatedValue | undefined,
  fqns: Iterable<readonly string[]>,
): readonly Diagnostic[] {
  if (tree === undefined) return []
  const known = new Set<string>()
  for (const fqn of fqns)
    for (let length = 1; length <= fqn.length; length++) known.add(fqn.slice(0, length).join('\0'))
  const found: Diagnostic[] = []
  const visit = (level: LocatedValue, path: readonly string[]) => {
    for (const [key, at] of entriesOf(level)) {
      if (isSetting(key, at)) continue
      const here = [...path, key]
      if (known.has(here.join('\0'))) visit(at, here)
      else found.push(configPathUnused(kind, here, key, at))
    }
  }
  visit(tree, [])
  return found
}

function configPathUnused(kind: string, path: readonly string[], key: string, at: LocatedValue): Diagnostic {
  const isConfig = configKey(normalConfigKey(key)) !== undefined
  return {
    code: 'config-path-unused',
    severity: 'warning',
    message: `The settings under "${[kind, ...path].join('.')}" belong to nothing: there is no such folder or node.`,
    place: at.keyPlace,
    ...(isConfig ? { hint: `to set the config of that name, write "+${key}"` } : {}),
  }
}

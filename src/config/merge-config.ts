import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Span } from '../text/source-file.ts'
import type { Json, JsonObject } from '../util/json.ts'
import { isJsonObject } from '../util/json.ts'
import { configKey, configKeyNames, normalConfigKey, readConfigValue } from './config-keys.ts'
import { entriesOf, type LocatedValue } from './located-value.ts'
import type { NodeConfig } from './node-config.ts'

/** One setting as it was written. A layer is a list of them; a key may come more than once. */
export interface ConfigEntry {
  readonly key: string
  readonly at: LocatedValue
}

export type ConfigEntries = readonly ConfigEntry[]

export type ConfiguredType = 'model' | 'seed' | 'snapshot' | 'test' | 'source' | 'operation' | 'exposure'

export interface MergedConfig {
  readonly config: NodeConfig
  /** Where the setting that holds now was written; for what appends, the last one. */
  readonly places: ReadonlyMap<string, Span>
}

/**
 * One config of all layers, the strongest last, as dbt merges them: tags and hooks append; meta, docs, quoting and column
 * types merge by key; grants merge by key, and a key with `+` appends; everything else replaces. Problems are added at
 * the places of the settings.
 */
export function mergeConfig(
  layers: readonly ConfigEntries[],
  type: ConfiguredType,
  problems: Diagnostic[],
): MergedConfig {
  const merged: Record<string, Json> = { ...defaultConfig(type) }
  const places = new Map<string, Span>()
  for (const { key: written, at } of layers.flat()) {
    const key = normalConfigKey(written)
    const rule = configKey(key)
    if (rule === undefined) {
      problems.push(configKeyUnknown(key, at))
      continue
    }
    const value = readConfigValue(key, at, problems)
    if (value === undefined) continue
    const before = merged[key]
    const after = rule.merge === 'replace' ? value : combine(rule.merge, before, value)
    if (after === null) delete merged[key]
    else merged[key] = after
    places.set(key, at.place)
  }
  if (merged.invalidate_hard_deletes === true) merged.hard_deletes ??= 'invalidate'
  // Every value was read by the shape of its key, and the defaults hold what must be there.
  return { config: merged as unknown as NodeConfig, places }
}

/** The entries of a `config:` map. */
export function configEntries(at: LocatedValue | undefined): ConfigEntries {
  if (at === undefined) return []
  return entriesOf(at).map(([key, child]) => ({ key, at: child }))
}

/** The layers as they were written, one over the other: what `state:modified` compares. Later settings replace earlier. */
export function unrenderedConfig(layers: readonly ConfigEntries[]): JsonObject {
  return Object.fromEntries(layers.flat().map(({ key, at }) => [normalConfigKey(key), at.value]))
}

function combine(rule: 'append' | 'merge' | 'privileges', before: Json | undefined, value: Json): Json {
  if (rule === 'append') return union(before, value)
  const earlier = isJsonObject(before) ? before : {}
  if (!isJsonObject(value)) return value
  if (rule === 'merge') return { ...earlier, ...value }
  const grants: Record<string, Json> = { ...earlier }
  for (const [written, grantees] of Object.entries(value)) {
    const privilege = written.replace(/^\+/, '')
    grants[privilege] = written.startsWith('+') ? union(grants[privilege], grantees) : grantees
  }
  return grants
}

/** Both lists, each text once. */
function union(before: Json | undefined, value: Json): Json {
  return [...new Set([...(Array.isArray(before) ? before : []), ...(Array.isArray(value) ? value : [value])])]
}

/** What holds where nobody says anything; dbt's defaults. */
export function defaultConfig(type: ConfiguredType): JsonObject {
  return {
    enabled: true,
    materialized: type === 'model' ? 'view' : type,
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
    ...(type === 'test' ? { schema: 'dbt_test__audit' } : {}),
  }
}

function configKeyUnknown(key: string, at: LocatedValue): Diagnostic {
  return problem('config-key-unknown', `There is no config "${key}".`, {
    place: at.keyPlace,
    hint: didYouMean(key, configKeyNames()) ?? `put settings of your own under "meta": { ${key}: … }`,
  })
}

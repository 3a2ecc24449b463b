import { configKey, normalConfigKey } from '../../config/config-keys.ts'
import { layersFromTree } from '../../config/config-tree.ts'
import { valueAt } from '../../config/located-value.ts'
import {
  type ConfigEntries,
  type ConfigEntry,
  type ConfiguredType,
  type MergedConfig,
  mergeConfig,
  unrenderedConfig,
} from '../../config/merge-config.ts'
import type { ParseCapture } from '../../context/index.ts'
import { type ScannedCall, scanCalls, type TemplateTree } from '../../template/index.ts'
import { type Span, span } from '../../text/source-file.ts'
import type { JsonObject } from '../../util/json.ts'
import { type ParseContext, renderValue } from './parse-context.ts'

/** The layers of a node's config that stand outside its own file, weakest first, as written and as rendered. */
export interface ConfigLayers {
  readonly written: readonly ConfigEntries[]
  readonly rendered: readonly ConfigEntries[]
}

const TREES = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  test: 'data_tests',
  source: 'sources',
  exposure: 'exposures',
} as const

export type TreeType = keyof typeof TREES

/** The project file's settings for a node, and above them those of `entries` (a properties file). */
export function outerLayers(
  context: ParseContext,
  type: TreeType,
  fqn: readonly string[],
  entries: readonly ConfigEntries[] = [],
): ConfigLayers {
  const written = [...layersFromTree(context.projectFile.configTrees[TREES[type]], fqn), ...entries]
  return { written, rendered: written.map((layer) => renderLayer(context, layer)) }
}

/** The layers with one more on top. */
export function withLayer(layers: ConfigLayers, written: ConfigEntries, rendered = written): ConfigLayers {
  return { written: [...layers.written, written], rendered: [...layers.rendered, rendered] }
}

/** A layer whose templates are rendered; settings that hold templates for later (hooks) keep theirs. */
export function renderLayer(context: ParseContext, entries: ConfigEntries): ConfigEntries {
  return entries.map(({ key, at }) => {
    const holdsTemplates = configKey(normalConfigKey(key))?.holdsTemplates ?? false
    return { key, at: holdsTemplates ? at : renderValue(context, at) }
  })
}

export interface FinalConfig extends MergedConfig {
  readonly unrenderedConfig: JsonObject
}

/** The config that `config()` of the file sees: all layers but the file's own. Problems are reported by `finalConfig`. */
export function outerConfig(layers: ConfigLayers, type: ConfiguredType): MergedConfig['config'] {
  return mergeConfig(layers.rendered, type, []).config
}

/** The config of all layers. Reports unknown settings and wrong values. */
export function finalConfig(context: ParseContext, layers: ConfigLayers, type: ConfiguredType): FinalConfig {
  const merged = mergeConfig(layers.rendered, type, context.problems)
  return { ...merged, unrenderedConfig: unrenderedConfig(layers.written) }
}

/** What `config()` was called with: as it is now, and as it stands in the file, so that a variable's value is no change. */
export function inFileLayers(
  capture: ParseCapture,
  tree: TemplateTree,
  fallback: Span,
): { readonly written: ConfigEntries; readonly rendered: ConfigEntries } {
  const calls = scanCalls(tree, new Set(['config']))
  const rendered = capture.config.map(({ key, value, place }) => {
    const argument = place && place.file !== tree.file ? undefined : argumentOf(calls, key)?.place
    const at = argument ?? place ?? fallback
    return { key, at: valueAt(at, value, key, argument && nameBefore(argument)) }
  })
  const written = rendered.map(({ key, at }): ConfigEntry => {
    const argument = argumentOf(calls, key)
    return { key, at: argument?.kind === 'dynamic' ? valueAt(argument.place, textOf(argument.place), key) : at }
  })
  return { written, rendered }
}

/** The name in `name=value`. */
function nameBefore(value: Span): Span | undefined {
  const name = /(\w+)\s*=\s*$/.exec(value.file.text.slice(0, value.start))
  return name ? span(value.file, name.index, name.index + name[1]!.length) : undefined
}

function argumentOf(calls: readonly ScannedCall[], key: string) {
  for (const call of calls) {
    for (const [name, value] of call.kwargs) if (normalConfigKey(name) === key) return value
  }
  return undefined
}

function textOf(place: Span): string {
  return place.file.text.slice(place.start, place.end)
}

import type { UniqueId } from '../text/unique-id.ts'
import type { RefCall, SourceCall } from './nodes.ts'
import type { ParsedNode, ParsedProject, ParsedSource } from './parse/parsed.ts'

/** Finds what refs and source calls name. */
export interface ReferenceIndex {
  ref(call: RefCall): Found<ParsedNode>
  source(call: SourceCall): Found<ParsedSource>
  /** Names of everything a ref may name, with their nodes. */
  readonly refNames: ReadonlyMap<string, ParsedNode>
  /** `source.table` of everything a source call may name. */
  readonly sourceNames: readonly string[]
  readonly packages: ReadonlySet<string>
}

export type Found<Item> =
  | { readonly kind: 'found'; readonly item: Item; readonly id: UniqueId }
  | { readonly kind: 'disabled'; readonly item: Item }
  | { readonly kind: 'missing' }

export function createReferenceIndex({ nodes, sources }: ParsedProject): ReferenceIndex {
  const buildable = nodes.filter(({ kind }) => kind !== 'test')
  const refs = indexBy(buildable, ({ name }) => name)
  const tables = indexBy(sources, sourceKey)
  return {
    ref(call) {
      // Models have no versions, so nothing has one.
      if (call.version !== undefined) return { kind: 'missing' }
      const isElsewhere = (node: ParsedNode) => call.package !== undefined && call.package !== node.package
      return found(refs, call.name, (node) => !isElsewhere(node))
    },
    source: (call) => found(tables, `${call.source}.${call.table}`, () => true),
    refNames: refs.enabled,
    sourceNames: [...tables.enabled.keys()],
    packages: new Set(nodes.map((node) => node.package)),
  }
}

interface Index<Item> {
  readonly enabled: ReadonlyMap<string, Item>
  readonly disabled: ReadonlyMap<string, Item>
}

function indexBy<Item extends { readonly config: { readonly enabled: boolean } }>(
  items: readonly Item[],
  key: (item: Item) => string,
): Index<Item> {
  const entries = (enabled: boolean) =>
    items.filter(({ config }) => config.enabled === enabled).map((item) => [key(item), item] as const)
  return { enabled: new Map(entries(true)), disabled: new Map(entries(false)) }
}

function found<Item extends { readonly id: UniqueId }>(
  index: Index<Item>,
  key: string,
  accept: (item: Item) => boolean,
): Found<Item> {
  const enabled = index.enabled.get(key)
  if (enabled && accept(enabled)) return { kind: 'found', item: enabled, id: enabled.id }
  const disabled = index.disabled.get(key)
  if (disabled && accept(disabled)) return { kind: 'disabled', item: disabled }
  return { kind: 'missing' }
}

function sourceKey({ sourceName, name }: ParsedSource): string {
  return `${sourceName}.${name}`
}

import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Model, Seed, Snapshot, Source } from '../manifest/nodes.ts'
import { isSameName } from '../text/names.ts'

/** What has columns. */
export type ColumnOwner = Model | Seed | Snapshot | Source

/** What was asked for: a node, or one of its columns. */
export interface Asked {
  readonly owner: ColumnOwner
  /** As it was written. */
  readonly column: string | undefined
}

/**
 * Understands `orders`, `orders.amount`, `gold.orders.amount` and `shop.orders.amount`: the name of a model, seed, snapshot
 * or source, before it folders, the schema, the package or the name of the source, and behind it perhaps a column. Throws
 * `UserError` for what is nothing or more than one thing.
 */
export function findNode(manifest: Manifest, text: string): Asked {
  const parts = text.split('.')
  const owners = ownersOf(manifest)
  const whole = owners.filter((owner) => isCalled(owner, parts))
  const withColumn = whole.length > 0 ? [] : owners.filter((owner) => isCalled(owner, parts.slice(0, -1)))
  const found = whole.length > 0 ? whole : withColumn
  const [owner, other] = found
  if (owner === undefined) throw new UserError(nothingCalled(text, owners))
  if (other !== undefined) {
    throw new UserError(
      problem('ambiguous-name', `"${text}" can be ${found.map(labelOf).join(' or ')}.`, {
        hint: 'put its folder, its package or its source before the name',
      }),
    )
  }
  return { owner, column: whole.length > 0 ? undefined : parts.at(-1) }
}

/** `gold.orders`, `shop.orders` of a source: how people call it. */
export function labelOf(owner: ColumnOwner): string {
  if (owner.kind === 'source') return `${owner.sourceName}.${owner.name}`
  const folder = owner.fqn.length > 2 ? owner.fqn.at(-2) : undefined
  return folder === undefined || folder === owner.name ? owner.name : `${folder}.${owner.name}`
}

function ownersOf(manifest: Manifest): readonly ColumnOwner[] {
  const nodes = [...manifest.nodes.values()].filter((node) => node.kind !== 'test')
  return [...nodes, ...manifest.sources.values()]
}

function isCalled(owner: ColumnOwner, parts: readonly string[]): boolean {
  const [name, ...before] = [...parts].reverse()
  if (name === undefined || !isSameName(owner.name, name)) return false
  const known = [
    ...(owner.kind === 'source' ? [owner.sourceName] : []),
    ...owner.fqn,
    owner.package,
    ...(owner.relation ? [owner.relation.schema] : []),
  ]
  return before.every((part) => known.some((one) => isSameName(one, part)))
}

function nothingCalled(text: string, owners: readonly ColumnOwner[]) {
  const names = owners.flatMap((owner) => [owner.name, labelOf(owner)])
  const parts = text.split('.')
  const hint = didYouMean(text, names) ?? didYouMean(parts.slice(0, -1).join('.'), names)
  return problem('unknown-node', `There is no model, seed, snapshot or source called "${text}".`, {
    hint: hint ?? '"lavra ls" lists what there is',
  })
}

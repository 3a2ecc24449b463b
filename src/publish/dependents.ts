import type { Attachments, Dependent } from '../adapters/adapter.ts'
import { relationKey, relationLabel } from '../sql/relation.ts'

/** The views that read one of these relations, at any depth. Keys are those of `relationKey`. */
export function dependentsOf({ dependents }: Attachments, keys: Iterable<string>): readonly Dependent[] {
  const reached = new Set(keys)
  const found = new Set<Dependent>()
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const dependent of dependents) {
      if (!dependent.reads.some((key) => reached.has(key))) continue
      found.add(dependent)
      reached.add(keyOf(dependent))
    }
  }
  return [...found]
}

/** Why a relation cannot be replaced by another of its name: a phrase for each thing that hangs on it and has to stay. */
export function obstaclesTo(attachments: Attachments, key: string): readonly string[] {
  const held = attachments.relations.get(key)?.holds ?? []
  const stay = dependentsOf(attachments, [key]).filter(({ stays }) => stays !== undefined)
  return [...held, ...stay.map((dependent) => `${describeDependent(dependent)}: ${dependent.stays}`)]
}

/** `view finance.report`. */
export function describeDependent({ kind, relation }: Pick<Dependent, 'kind' | 'relation'>): string {
  return `${kind.replace('_', ' ')} ${relationLabel(relation)}`
}

export function keyOf({ relation }: Pick<Dependent, 'relation'>): string {
  return relationKey(relation)
}

/** Something to be made after what it reads. */
export interface ToMake {
  readonly key: string
  readonly reads: readonly string[]
}

/**
 * Puts what is to be made in an order in which everything that something reads comes before it; otherwise the order stays.
 * What is read and not among them is there already. In a circle, which the database will refuse, the order stays.
 */
export function inOrderOfReading<Item extends ToMake>(items: readonly Item[]): readonly Item[] {
  const waiting = new Map(items.map((item) => [item.key, item]))
  const ordered: Item[] = []
  const place = (item: Item): void => {
    if (!waiting.delete(item.key)) return
    for (const key of item.reads) {
      const read = waiting.get(key)
      if (read) place(read)
    }
    ordered.push(item)
  }
  for (const item of items) place(item)
  return ordered
}

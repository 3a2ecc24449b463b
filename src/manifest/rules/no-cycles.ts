import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { invariant, problem } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import type { Manifest } from '../manifest.ts'
import type { RunnableNode } from '../nodes.ts'

/**
 * Nodes that depend on themselves. Each cycle is reported once, the shortest through its first node, with the place of
 * every ref that makes it.
 */
export function checkNoCycles(manifest: Manifest): readonly Diagnostic[] {
  const done = new Set<UniqueId>()
  const found: Diagnostic[] = []
  for (const id of cyclic(manifest)) {
    if (done.has(id)) continue
    const cycle = shortestCycle(manifest, id)
    if (!cycle) continue
    for (const step of cycle) done.add(step)
    found.push(cycleProblem(cycle.map((step) => nodeOf(manifest, step))))
  }
  return found
}

function parentsOf(manifest: Manifest, id: UniqueId): readonly UniqueId[] {
  const node = manifest.nodes.get(id)
  return node && node.kind !== 'seed' ? node.dependsOn : []
}

/** What is left when every node whose parents are all gone is taken away, again and again: cycles and what hangs below. */
function cyclic(manifest: Manifest): readonly UniqueId[] {
  const waiting = new Map<UniqueId, number>()
  const children = new Map<UniqueId, UniqueId[]>()
  for (const id of manifest.nodes.keys()) {
    const parents = parentsOf(manifest, id).filter((parent) => manifest.nodes.has(parent))
    waiting.set(id, parents.length)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id])
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([id]) => id)
  for (const id of ready) {
    waiting.delete(id)
    for (const child of children.get(id) ?? []) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) ready.push(child)
    }
  }
  return [...waiting.keys()]
}

/** The shortest way from a node over its parents back to itself: `[a, parent of a, …]`. */
function shortestCycle(manifest: Manifest, start: UniqueId): readonly UniqueId[] | undefined {
  const cameFrom = new Map<UniqueId, UniqueId>()
  const queue = [start]
  for (const id of queue) {
    for (const parent of parentsOf(manifest, id)) {
      if (parent === start) return wayTo(id, start, cameFrom)
      if (cameFrom.has(parent)) continue
      cameFrom.set(parent, id)
      queue.push(parent)
    }
  }
  return undefined
}

function wayTo(end: UniqueId, start: UniqueId, cameFrom: ReadonlyMap<UniqueId, UniqueId>): readonly UniqueId[] {
  const way = [end]
  for (let at = end; at !== start; ) {
    const before = cameFrom.get(at)
    invariant(before !== undefined, 'a search lost its way')
    way.unshift(before)
    at = before
  }
  return way
}

function nodeOf(manifest: Manifest, id: UniqueId): RunnableNode {
  const node = manifest.nodes.get(id)
  invariant(node, `${id} is not in the manifest`)
  return node
}

function cycleProblem(cycle: readonly RunnableNode[]): Diagnostic {
  const [first] = cycle
  invariant(first, 'a cycle has a node')
  if (cycle.length === 1) {
    const message = `The ${first.kind} "${first.name}" refers to itself.`
    return problem('cycle', message, {
      place: refPlace(first, first) ?? first.place,
      hint: 'use {{ this }} for what the model was before',
    })
  }
  const names = [...cycle, first].map(({ name }) => `"${name}"`).join(' → ')
  const edges = cycle.map((node, index) => {
    const parent = cycle[(index + 1) % cycle.length]!
    const place = refPlace(node, parent)
    return { message: `"${node.name}" refers to "${parent.name}"`, ...(place ? { place } : {}) }
  })
  const place = edges[0]?.place ?? first.place
  return problem('cycle', `These nodes depend on each other: ${names}.`, { place, related: edges })
}

function refPlace(node: RunnableNode, parent: RunnableNode): Span | undefined {
  if (node.kind === 'seed') return undefined
  return node.refs.find(({ id }) => id === parent.id)?.call.place
}

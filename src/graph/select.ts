import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { findGraphNode, type Manifest } from '../manifest/manifest.ts'
import type { GraphNode } from '../manifest/nodes.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Dag } from './dag.ts'
import type { MethodInput } from './method.ts'
import { SELECTION_METHODS, tagsOf } from './methods.ts'
import type { Criterion, Selector } from './selector.ts'

/**
 * Which tests come along with the nodes they test. `eager`: when any parent is selected. `cautious`: when all are.
 * `buildable`: when all are selected or above what is selected. `empty`: none.
 */
export type IndirectSelection = 'eager' | 'cautious' | 'buildable' | 'empty'

export interface SelectInput extends MethodInput {
  readonly dag: Dag<UniqueId>
  /** Default `eager`, as in dbt. */
  readonly indirect?: IndirectSelection | undefined
}

export interface Selection {
  readonly ids: ReadonlySet<UniqueId>
  /** One `nothing-selected` for each part of the selector that matches nothing. */
  readonly warnings: readonly Diagnostic[]
}

/** The nodes, sources and exposures that a selector means, in the order of the graph. Throws `UserError` for what cannot be applied. */
export function select(selector: Selector, input: SelectInput): Selection {
  const selecting = new Selecting(input)
  const { direct } = selecting.resolve(selector)
  return {
    ids: new Set(input.dag.topologicalOrder().filter((id) => direct.has(id))),
    warnings: selecting.warnings,
  }
}

/**
 * What part of a selector means: the nodes, and tests that touch them without qualifying yet. The second are kept because
 * another part of the selector may bring their other parents.
 */
interface Part {
  readonly direct: ReadonlySet<UniqueId>
  readonly undecided: ReadonlySet<UniqueId>
}

class Selecting {
  readonly warnings: Diagnostic[] = []
  readonly #input: SelectInput
  readonly #indirect: IndirectSelection

  constructor(input: SelectInput) {
    this.#input = input
    this.#indirect = input.indirect ?? 'eager'
  }

  resolve(selector: Selector): Part {
    switch (selector.kind) {
      case 'everything':
        return { direct: new Set(this.#input.dag.topologicalOrder()), undecided: new Set() }
      case 'criterion':
        return this.#withTests(this.#reached(selector))
      case 'union': {
        const parts = selector.parts.map((part) => this.resolve(part))
        return this.#combine(parts, (sets) => sets.reduce((a, b) => a.union(b), new Set()))
      }
      case 'intersection': {
        const parts = selector.parts.map((part) => this.resolve(part))
        const combined = this.#combine(parts, (sets) => sets.reduce((a, b) => a.intersection(b)))
        if (combined.direct.size === 0) this.warnings.push(nothingSelected(selector, this.#input))
        return combined
      }
      case 'difference': {
        const from = this.resolve(selector.from)
        const without = this.resolve(selector.without)
        return {
          direct: from.direct.difference(without.direct),
          undecided: from.undecided.difference(without.direct.union(without.undecided)),
        }
      }
    }
  }

  /** The nodes of a criterion and those its `+` and `@` reach. */
  #reached({ method, ...criterion }: Criterion): ReadonlySet<UniqueId> {
    const { dag, manifest } = this.#input
    const isMatch = SELECTION_METHODS[method]({ method, ...criterion }, this.#input)
    const found = dag.topologicalOrder().filter((id) => isMatch(nodeOf(manifest, id)))
    const reached = new Set(found)
    const add = (ids: readonly UniqueId[]) => {
      for (const id of ids) reached.add(id)
    }
    if (criterion.withChildrensParents) {
      add(dag.descendants(found))
      add(dag.ancestors([...reached]))
    }
    if (criterion.parents !== undefined) add(dag.ancestors(found, criterion.parents))
    if (criterion.children !== undefined) add(dag.descendants(found, criterion.children))
    return reached
  }

  #withTests(selected: ReadonlySet<UniqueId>): Part {
    if (this.#indirect === 'empty') return { direct: selected, undecided: new Set() }
    const { dag, manifest } = this.#input
    const direct = new Set(selected)
    const undecided = new Set<UniqueId>()
    const qualifies = this.#testRule(selected)
    for (const id of dag.descendants(selected, 1)) {
      if (selected.has(id) || manifest.nodes.get(id)?.kind !== 'test') continue
      if (qualifies(id)) direct.add(id)
      else undecided.add(id)
    }
    return { direct, undecided }
  }

  #combine(parts: readonly Part[], combine: (sets: readonly ReadonlySet<UniqueId>[]) => ReadonlySet<UniqueId>): Part {
    const direct = combine(parts.map((part) => part.direct))
    const all = combine(parts.map((part) => part.direct.union(part.undecided)))
    const undecided = all.difference(direct)
    if (undecided.size === 0 || this.#indirect === 'eager' || this.#indirect === 'empty') return { direct, undecided }
    const qualifies = this.#testRule(direct)
    const decided = [...undecided].filter(qualifies)
    return { direct: direct.union(new Set(decided)), undecided: undecided.difference(new Set(decided)) }
  }

  /** Whether a test below some of these nodes comes along. */
  #testRule(selected: ReadonlySet<UniqueId>): (test: UniqueId) => boolean {
    const { dag, manifest } = this.#input
    if (this.#indirect === 'eager') return () => true
    const accepted = new Set(selected)
    if (this.#indirect === 'buildable') {
      for (const id of dag.ancestors(selected)) accepted.add(id)
      for (const id of manifest.sources.keys()) accepted.add(id)
    }
    return (test) => dag.parents(test).every((parent) => accepted.has(parent))
  }
}

function nodeOf(manifest: Manifest, id: UniqueId): GraphNode {
  return findGraphNode(manifest, id)! // the graph is made of the manifest's nodes
}

function nothingSelected(selector: Extract<Selector, { kind: 'intersection' }>, input: SelectInput): Diagnostic {
  const only = selector.parts.length === 1 ? selector.parts[0] : undefined
  const hint = only?.kind === 'criterion' ? didYouMean(only.value, namesFor(only, input)) : undefined
  return {
    severity: 'warning',
    code: 'nothing-selected',
    message: `The selector "${selector.text}" matches nothing.`,
    ...(hint === undefined ? {} : { hint }),
  }
}

/** What the value of a criterion could have named. */
function namesFor({ method }: Criterion, { manifest, relations }: SelectInput): readonly string[] {
  const all = [...manifest.nodes.values(), ...manifest.sources.values(), ...manifest.exposures.values()]
  switch (method) {
    case 'tag':
      return all.flatMap(tagsOf)
    case 'package':
      return all.map((node) => node.package)
    case 'source':
      return [...manifest.sources.values()].flatMap(({ sourceName, name }) => [sourceName, `${sourceName}.${name}`])
    case 'exposure':
      return [...manifest.exposures.values()].map((exposure) => exposure.name)
    case 'path':
    case 'file':
      return all.map((node) => (method === 'path' ? node.file.path : node.file.path.replace(/^.*\//, '')))
    case 'test_name':
      return all.flatMap((node) => (node.kind === 'test' && node.generic ? [node.generic.name] : []))
    case 'fqn':
      return [...all.flatMap((node) => (node.kind === 'source' ? [] : [node.name])), ...(relations?.keys() ?? [])]
    default:
      return []
  }
}

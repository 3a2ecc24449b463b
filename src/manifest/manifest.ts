import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { UniqueId } from '../text/unique-id.ts'
import type { Exposure, GraphNode, Macro, Operation, RunnableNode, Source } from './nodes.ts'

/** The whole project, resolved: every name is an id, every id is here. Never changes once made. */
export interface Manifest {
  readonly project: ProjectIdentity
  readonly nodes: ReadonlyMap<UniqueId, RunnableNode>
  readonly sources: ReadonlyMap<UniqueId, Source>
  readonly exposures: ReadonlyMap<UniqueId, Exposure>
  readonly macros: ReadonlyMap<UniqueId, Macro>
  /** `on-run-start` and `on-run-end` hooks, in the order in which they run. */
  readonly operations: readonly Operation[]
  /** Nodes with `enabled: false`: known, so that a ref to one can say so. */
  readonly disabled: readonly RunnableNode[]
  readonly docs: ReadonlyMap<string, string>
  /** What parse and resolve warn of. */
  readonly warnings: readonly Diagnostic[]
}

export interface ProjectIdentity {
  readonly name: string
  readonly version: string
  /** Absolute path of the project folder. */
  readonly root: string
}

/** A node, source or exposure by id, or undefined. */
export function findGraphNode(manifest: Manifest, id: UniqueId): GraphNode | undefined {
  return manifest.nodes.get(id) ?? manifest.sources.get(id) ?? manifest.exposures.get(id)
}

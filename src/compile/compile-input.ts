import type { NodeScopeInput } from '../context/index.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { Rendered } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What compiling one node takes: its context, and the ephemeral models that the run has compiled already. */
export interface CompileInput<Node extends RunnableNode = RunnableNode>
  extends Omit<NodeScopeInput, 'onEphemeral' | 'node'> {
  readonly node: Node
  readonly ephemerals: EphemeralMemo
}

/** Every ephemeral model that was compiled in this run, so that each is compiled once. Make one a run: `new Map()`. */
export type EphemeralMemo = Map<UniqueId, Promise<CompiledBody>>

/** A node's own SQL before the ephemeral models that it reads are put in front. */
export interface CompiledBody {
  readonly rendered: Rendered
  /** The ephemeral models that it refers to, in the order in which they were reached. */
  readonly ephemerals: readonly UniqueId[]
  /** From the identifiers of candidates that it may name to the published ones. */
  readonly physicalNames: ReadonlyMap<string, string>
}

import type { NodeScopeInput } from '../context/index.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { Rendered } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What rendering a template takes: the context, and the ephemeral models that the run has rendered already. */
export interface CompileTextInput extends Omit<NodeScopeInput, 'onEphemeral'> {
  readonly ephemerals: EphemeralMemo
}

/** What compiling one node takes. */
export interface CompileInput<Node extends RunnableNode = RunnableNode> extends CompileTextInput {
  readonly node: Node
}

/** Every ephemeral model that was rendered in this run, so that each is rendered once. Make one a run: `new Map()`. */
export type EphemeralMemo = Map<UniqueId, Promise<RenderedBody>>

/** A template's own SQL, before the ephemeral models that it reads are put in front. */
export interface RenderedBody {
  readonly rendered: Rendered
  /** The ephemeral models that it refers to, in the order in which they were reached. */
  readonly ephemerals: readonly UniqueId[]
  /** From the identifiers of candidates that it may name to the published ones. */
  readonly physicalNames: ReadonlyMap<string, string>
}

import type { RunnableNode } from '../manifest/nodes.ts'
import type { CompileInput } from './compile-input.ts'
import type { CompiledNode } from './compiled-node.ts'

/** Renders a node to SQL, with the ephemeral models it reads put in front. Throws UserError. */
export async function compileNode<Node extends RunnableNode>(_input: CompileInput<Node>): Promise<CompiledNode<Node>> {
  throw new Error('Internal error: the template engine is not there')
}

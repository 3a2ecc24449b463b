import type { NodeScopeInput } from '../context/index.ts'
import type { TemplateTree } from '../template/index.ts'
import type { EphemeralMemo } from './compile-input.ts'
import type { CompiledNode } from './compiled-node.ts'

/**
 * Renders a template that is not a node's own SQL with that node's names: a hook, the query of `show --inline`, the query
 * and the name of `per_value` (with `value` in `extra`). Ephemeral models are put in front. Throws UserError.
 */
export async function compileText(
  _tree: TemplateTree,
  _input: Omit<NodeScopeInput, 'onEphemeral'> & { readonly ephemerals: EphemeralMemo },
): Promise<Omit<CompiledNode, 'node'>> {
  throw new Error('Internal error: the template engine is not there')
}

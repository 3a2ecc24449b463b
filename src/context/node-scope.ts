import type { Scope } from '../template/index.ts'
import type { NodeScopeInput } from './scope-input.ts'

/** The names of a node's template when it is rendered for execution, by `renderAsync`. */
export function createNodeScope(_input: NodeScopeInput): Scope {
  throw new Error('Internal error: the template engine is not there')
}

import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { CompileInput, RenderedBody } from './compile-input.ts'
import { finish } from './compile-text.ts'
import type { CompiledNode } from './compiled-node.ts'
import { renderBody, renderGenericTest } from './render-body.ts'
import { isBlankSql } from './sql-scan.ts'

/**
 * Renders a node to SQL, with the ephemeral models that it reads put in front. A seed gives empty text. Throws UserError, also for
 * what the database says to a query of the template; only an interruption is thrown as it comes.
 */
export async function compileNode<Node extends RunnableNode>(input: CompileInput<Node>): Promise<CompiledNode<Node>> {
  return { node: input.node, ...(await finish(await bodyOf(input), input)) }
}

async function bodyOf(input: CompileInput): Promise<RenderedBody> {
  const { node } = input
  if (node.kind === 'seed') return NOTHING
  if (node.kind === 'test' && node.generic) return renderGenericTest(node, node.generic, input)
  const body = await renderBody(node.tree, input)
  if (isBlankSql(body.rendered.text)) throw new UserError(sqlMissing(node))
  return body
}

function sqlMissing(node: RunnableNode): Diagnostic {
  return problem('sql-missing', `The ${node.kind} "${node.name}" has no SQL.`, {
    place: node.place,
    hint: 'write a query, or set "enabled" to false while there is none',
  })
}

const NOTHING: RenderedBody = {
  rendered: { text: '', map: { locate: () => undefined } },
  ephemerals: [],
  physicalNames: new Map(),
}

import type { TemplateTree } from '../template/index.ts'
import type { CompileTextInput, RenderedBody } from './compile-input.ts'
import type { CompiledNode } from './compiled-node.ts'
import { withEphemerals } from './ephemerals.ts'
import { publishLiterals } from './literal-names.ts'
import { toPublishedSql } from './published-sql.ts'
import { renderBody } from './render-body.ts'

/** SQL as it is sent, as it is published, and the way back to the templates. */
export type CompiledText = Omit<CompiledNode, 'node'>

/**
 * Renders a template that is not a node's own SQL with that node's names: a hook, the query of `show --inline`, the query
 * and the name of `per_value` (with `value` in `extra`). Ephemeral models are put in front. Throws UserError.
 */
export async function compileText(tree: TemplateTree, input: CompileTextInput): Promise<CompiledText> {
  return finish(await renderBody(tree, input), input)
}

/** Puts the ephemeral models in front of a rendered body. */
export async function finish(body: RenderedBody, input: CompileTextInput): Promise<CompiledText> {
  const { rendered: query, physicalNames } = await withEphemerals(body, input)
  const { text: sql, map } = publishLiterals(query, physicalNames)
  return { sql, publishedSql: toPublishedSql(sql, physicalNames), map }
}

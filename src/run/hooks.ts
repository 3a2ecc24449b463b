import type { Connection } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { HookConfig } from '../config/node-config.ts'
import { placeOfText } from '../context/index.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import type { Relation } from '../sql/relation.ts'
import { sql } from '../sql/statement.ts'
import type { Span } from '../text/source-file.ts'
import type { NodeSubject } from './compiler.ts'
import type { RunEnvironment } from './environment.ts'
import { send } from './send.ts'

/** Renders and sends a node's hooks in their order. `this` is what the subject says: the candidate, or the published relation. */
export async function runHooks(
  environment: RunEnvironment,
  connection: Connection,
  node: RunnableNode,
  hooks: readonly HookConfig[],
  kind: 'pre-hook' | 'post-hook',
  subject: NodeSubject,
  compiled?: CompiledNode,
): Promise<void> {
  for (const hook of hooks) {
    const text = await environment.compiler.text(connection, node, hook.sql, subject, kind, compiled)
    if (text.sql.trim() === '') continue
    const setting = node.configPlaces.get(kind === 'pre-hook' ? 'pre_hook' : 'post_hook') ?? node.place
    const place = placeOfText(hook.sql, setting)
    if (kind === 'pre-hook' && writesTo(environment, subject.thisRelation, text.sql)) {
      throw new UserError(hookWritesPublished(node, place))
    }
    await send(environment, connection, [{ ...sql(text.sql), main: true, mainOffset: 0 }], {
      id: node.id,
      failed: { compiled: text, subject: `${kind} of ${node.kind} ${node.name}`, fallback: place },
    })
    if (kind === 'pre-hook' || subject.thisRelation?.physical !== undefined) environment.hooks.ranOutside = true
  }
}

const WRITES = /^\s*(?:insert|update|delete|truncate|drop|alter|merge|create|replace)\b/i

/** Before the candidate stands, `this` is what readers see: a hook that writes it would change that untested. */
function writesTo(environment: RunEnvironment, relation: Relation | undefined, text: string): boolean {
  if (!relation) return false
  const name = environment.adapter.dialect.render(relation)
  return text.split(';').some((statement) => WRITES.test(statement) && statement.includes(name))
}

function hookWritesPublished(node: RunnableNode, place: Span) {
  return problem('hook-writes-published', `A pre-hook of "${node.name}" writes the relation that readers see.`, {
    place,
    subject: `${node.kind} ${node.name}`,
    hint: 'do it in the model itself, or in a post-hook, where "this" is what the run has built',
  })
}

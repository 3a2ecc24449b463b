import type { Connection } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { HookConfig } from '../config/node-config.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { sql } from '../sql/statement.ts'
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
    const place = node.configPlaces.get(kind === 'pre-hook' ? 'pre_hook' : 'post_hook') ?? node.place
    await send(environment, connection, [{ ...sql(text.sql), main: true, mainOffset: 0 }], {
      id: node.id,
      failed: { compiled: text, subject: `${kind} of ${node.kind} ${node.name}`, fallback: place },
    })
  }
}

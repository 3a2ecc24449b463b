import type { Connection } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'
import { relationKey, relationLabel } from '../sql/relation.ts'

/**
 * Refuses a run that would publish a relation under a name that something else has, such as a sequence, before anything is
 * built. Relations whose names are only known at run time are not looked at. Throws `UserError` (`relation-name-taken`).
 */
export async function refuseNamesTaken(connection: Connection, nodes: readonly RunnableNode[]): Promise<void> {
  const relations = nodes.flatMap((node) => (node.kind === 'test' || !node.relation ? [] : [node.relation]))
  const obstacles = await connection.obstacles?.(relations)
  if (obstacles === undefined || obstacles.length === 0) return
  const kinds = new Map(obstacles.map((found) => [relationKey(found.relation), found.kind]))
  const problems = nodes.flatMap((node) => {
    const kind = node.kind === 'test' || !node.relation ? undefined : kinds.get(relationKey(node.relation))
    return kind === undefined ? [] : [nameTaken(node, kind)]
  })
  throw new UserError(problems)
}

function nameTaken(node: RunnableNode, kind: string): Diagnostic {
  const label = node.kind !== 'test' && node.relation ? relationLabel(node.relation) : node.name
  const place = node.configPlaces.get('alias') ?? node.configPlaces.get('schema') ?? node.place
  return problem(
    'relation-name-taken',
    `There is ${kind} named ${label}, where the ${node.kind} "${node.name}" goes.`,
    {
      place,
      hint: `drop or rename it, or give the ${node.kind} another "alias" or "schema"`,
    },
  )
}

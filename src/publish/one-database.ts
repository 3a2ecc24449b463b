import { problem, UserError } from '../diagnostics/errors.ts'
import type { RunnableNode } from '../manifest/nodes.ts'

/**
 * Refuses a run whose relations do not all lie in the run's own database, before anything is built: a transaction writes one
 * of them, so neither the relations nor their record could be published together. Throws `UserError`
 * (`publish-across-databases`).
 */
export function refuseOtherDatabases(nodes: Iterable<RunnableNode>, own: string): void {
  const elsewhere = [...nodes].filter((node) => !isIn(node, own))
  if (elsewhere.length === 0) return
  throw new UserError(
    elsewhere.map((node) =>
      problem(
        'publish-across-databases',
        `"${node.name}" lies in the database "${databaseOf(node)}", the run in "${own}": one transaction cannot write both.`,
        {
          place: node.configPlaces.get('database') ?? node.place,
          hint: 'leave "database" out, and build it in a run with a target of that database',
        },
      ),
    ),
  )
}

function isIn(node: RunnableNode, own: string): boolean {
  const database = databaseOf(node)
  return database === undefined || database.toLowerCase() === own.toLowerCase()
}

function databaseOf(node: RunnableNode): string | undefined {
  return node.kind === 'test' ? undefined : node.relation?.database
}

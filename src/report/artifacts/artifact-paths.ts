import type { Operation, RunnableNode } from '../../manifest/nodes.ts'

/**
 * Where a node's SQL lies below `target/compiled` and `target/run`: `shop/models/gold/orders.sql`, as in dbt. What may share its
 * file with others, a generic test or a snapshot, has a file of its own in a folder of that name.
 */
export function sqlPath(node: RunnableNode | Operation): string {
  // Built-in files and those of packages may begin with "./" or climb; the folder of the package comes first anyway.
  const file = `${node.package}/${node.file.path.replace(/^(\.\.?\/)+/, '')}`
  if (node.kind === 'operation') return `${file}/hooks/${node.name}.sql`
  const mayShareItsFile = node.kind === 'snapshot' || (node.kind === 'test' && node.generic !== undefined)
  return mayShareItsFile ? `${file}/${node.name}.sql` : file
}

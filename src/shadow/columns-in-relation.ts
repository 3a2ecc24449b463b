import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Model, Snapshot } from '../manifest/nodes.ts'
import { plainName } from '../text/names.ts'

/** Whether columns may be of one name in a relation. */
export function hasTwins(columns: readonly ColumnInfo[]): boolean {
  return columnTwice(columns, plainName) !== undefined
}

/**
 * The columns of a query with twins as a relation has them: of two columns of one name an engine renames one, or takes neither.
 * Throws `UserError`.
 */
export async function columnsInRelation(
  node: Model | Snapshot,
  sql: string,
  connection: Connection,
): Promise<readonly ColumnInfo[]> {
  const columns = await connection.describeQuery(`select * from (\n${sql}\n) as lavra`)
  const twice = columnTwice(columns, (name) => name)
  const isRelation = node.kind === 'snapshot' || node.config.materialized !== 'ephemeral'
  if (twice !== undefined && isRelation) throw new UserError(columnSelectedTwice(node, twice))
  return columns
}

/** The first column whose name another one before it has. */
function columnTwice(columns: readonly ColumnInfo[], nameOf: (name: string) => string): string | undefined {
  const names = columns.map(({ name }) => nameOf(name))
  return columns.find((_, place) => names.indexOf(names[place]!) < place)?.name
}

function columnSelectedTwice({ kind, name, place }: Model | Snapshot, column: string): Diagnostic {
  return problem('column-twice', `"${name}" selects two columns that are called "${column}".`, {
    place,
    subject: `${kind} ${name}`,
    hint: 'name one of them with "as", or leave it out',
  })
}

import type { ColumnInfo, Connection } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import type { Model, Snapshot } from '../manifest/nodes.ts'
import type { Dialect } from '../sql/dialect.ts'
import { plainName } from '../text/names.ts'

/**
 * The columns of a query as a relation of it has them: of two columns of one name an engine renames one, or takes neither.
 * Throws `UserError` where there can be no such relation.
 */
export async function columnsInRelation(
  node: Model | Snapshot,
  query: { readonly sql: string; readonly columns: readonly ColumnInfo[] },
  { dialect, connect }: { readonly dialect: Dialect; readonly connect: () => Promise<Connection> },
): Promise<readonly ColumnInfo[]> {
  const hasTwins = columnTwice(query.columns, plainName) !== undefined
  const columns = hasTwins ? await inBrackets(await connect(), query.sql) : query.columns
  if (node.kind === 'model' && node.config.materialized === 'ephemeral') return columns
  const twice = columnTwice(columns, (name) => name)
  if (twice) throw new UserError(columnSelectedTwice(node, twice))
  const strange = columns.find(({ type }) => !dialect.canStore(type))
  if (strange) throw new UserError(columnOfStrangeType(node, strange))
  return columns
}

function inBrackets(connection: Connection, sql: string): Promise<readonly ColumnInfo[]> {
  return connection.describeQuery(`select * from (\n${sql}\n) as lavra`)
}

/** The first column whose name another one before it has. */
function columnTwice(columns: readonly ColumnInfo[], nameOf: (name: string) => string): ColumnInfo | undefined {
  const names = columns.map(({ name }) => nameOf(name))
  return columns.find((_, place) => names.indexOf(names[place]!) < place)
}

function columnSelectedTwice({ kind, name, place }: Model | Snapshot, column: ColumnInfo): Diagnostic {
  return problem('column-twice', `"${name}" selects two columns that are called "${column.name}".`, {
    place,
    subject: `${kind} ${name}`,
    hint: 'name one of them with "as", or leave it out',
  })
}

function columnOfStrangeType({ kind, name, place }: Model | Snapshot, column: ColumnInfo): Diagnostic {
  const message = `The column "${column.name}" of "${name}" is of the type "${column.type}", which no relation can hold.`
  return problem('column-type', message, {
    place,
    subject: `${kind} ${name}`,
    hint: 'select its parts, or cast it to another type',
  })
}

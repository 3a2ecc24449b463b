import type { ColumnInfo, Connection, DatabaseError } from '../adapters/adapter.ts'
import { saidOfType } from '../compile/database-diagnostic.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem } from '../diagnostics/errors.ts'
import type { Source } from '../manifest/nodes.ts'
import { firstRefused } from '../shadow/written-types.ts'

/** The columns of a source as they are declared, where all of them say their types. */
export function declaredColumns({ columns }: Source): readonly ColumnInfo[] | undefined {
  const typed = columns.flatMap(({ name, data_type: type }) => (type === undefined ? [] : [{ name, type }]))
  return typed.length > 0 && typed.length === columns.length ? typed : undefined
}

/** What is wrong with the first declared type that the engine does not know; undefined where it knows all of them. */
export async function declaredTypeProblem(
  source: Source,
  columns: readonly ColumnInfo[],
  connection: Connection,
): Promise<Diagnostic | undefined> {
  const types = columns.map(({ type }) => type)
  const wrong = await firstRefused(connection, types)
  return wrong && sourceTypeUnknown(source, wrong.index, wrong.refusal)
}

/** The declared type of a column is none of the engine's. */
export function sourceTypeUnknown(source: Source, index: number, refusal: DatabaseError): Diagnostic {
  const { name = '', data_type: type = '', typePlace } = source.columns[index] ?? {}
  const { message, hint } = saidOfType(type, refusal)
  return problem('source-type', `The type "${type}" of the column "${name}" is none: ${message}`, {
    place: typePlace ?? source.place,
    subject: sourceLabel(source),
    hint,
  })
}

export function sourceLabel({ sourceName, name }: Source): string {
  return `source ${sourceName}.${name}`
}

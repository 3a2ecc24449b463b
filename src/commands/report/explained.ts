import { DatabaseError } from '../../adapters/adapter.ts'
import { databaseDiagnostic } from '../../compile/database-diagnostic.ts'
import type { RowsQuery } from '../../compile/rows-query.ts'
import { UserError } from '../../diagnostics/errors.ts'
import { placeOnCommandLine } from '../../report/choices.ts'
import type { PreparedView } from '../../report/views.ts'
import type { Span } from '../../text/source-file.ts'
import type { Flags } from '../flags.ts'

/**
 * Does what sends the query of a view. What the engine refuses is the reader's predicate or value, or the author's: a
 * `UserError` at its place.
 */
export async function explained(
  { view, query }: PreparedView,
  { where, filter = [] }: Flags,
  engine: string,
  sql: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const ofFilter = filter.find((written) => error.code === 'conversion' && isAbout(error, written))
    const ofWhere = () => (where === undefined ? view.panel.where?.place : placeInPredicate(where, sql, error, query))
    const fallback = ofFilter === undefined ? ofWhere() : placeOnCommandLine('--filter', ofFilter)
    throw new UserError(databaseDiagnostic(error, { subject: `report ${view.name}`, engine, fallback }), {
      cause: error,
    })
  }
}

/** Whether the engine names the value of a choice. */
function isAbout({ message }: DatabaseError, written: string): boolean {
  const value = written.slice(written.indexOf('=') + 1)
  return message.includes(`'${value}'`) || message.includes(`"${value}"`)
}

/** Where the engine points into `--where`; the whole of it where it points nowhere. */
function placeInPredicate(
  where: string,
  sql: string,
  { position }: DatabaseError,
  { where: ofAuthor }: RowsQuery,
): Span | undefined {
  const place = placeOnCommandLine('--where', where)
  const start = sql.lastIndexOf(`(\n${where}\n)`) + '(\n'.length
  if (position === undefined) return ofAuthor === undefined ? place : undefined
  const offset = position - start
  if (offset < 0 || offset >= where.length) return undefined
  const [word = ' '] = /^(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|[\p{L}\p{N}_$]+)/u.exec(where.slice(offset)) ?? []
  return { ...place, start: offset, end: offset + word.length }
}

import type { Connection } from '../adapters/adapter.ts'
import type { Dialect } from '../sql/dialect.ts'
import { stateTable } from './tables.ts'

/** The time now, ISO 8601 in UTC. */
export type Clock = () => string

/**
 * The clock by which a run records: it never stands before what is recorded of the target already. What was published last
 * is what is recorded as last, so that a machine whose clock is behind (or was ahead) does not put the kept versions into
 * another order. Call it while the lease is held.
 */
export async function openClock(connection: Connection, dialect: Dialect, targetSchema: string): Promise<Clock> {
  const target = dialect.stringLiteral(targetSchema)
  const { rows } = await connection.query(
    [
      'select max(moment) from (',
      `  select max(finished_at) as moment from ${stateTable(dialect, 'runs')} where target_schema = ${target} and published`,
      '  union all',
      `  select max(published_at) as moment from ${stateTable(dialect, 'relations')} where target_schema = ${target}`,
      ') as recorded',
    ].join('\n'),
  )
  const recorded = rows[0]?.[0] ?? null
  return clockAfter(recorded === null ? 0 : Date.parse(String(recorded)))
}

/** A clock that tells only times after this one, in milliseconds since 1970, and never an earlier one after a later. */
function clockAfter(moment: number): Clock {
  let last = moment + 1
  return () => {
    last = Math.max(last, Date.now())
    return new Date(last).toISOString()
  }
}

import { relationKey } from '../../sql/relation.ts'
import type { QueryResult } from '../../sql/value.ts'
import { DatabaseError, type LockOptions, type LockTarget } from '../adapter.ts'
import { postgresDialect } from './dialect.ts'
import { quote, stringLiteral } from './literals.ts'

const { render } = postgresDialect
const SAVEPOINT = 'lavra_locks'

/**
 * One try. Whoever waits for an exclusive lock makes everybody who comes later wait behind it: half a second of that, and
 * then a pause. It is also less than the server's `deadlock_timeout`, so that a deadlock ends our try and nobody's
 * transaction.
 */
const TRY_MILLISECONDS = 500
const FIRST_PAUSE_MILLISECONDS = 100
const LONGEST_PAUSE_MILLISECONDS = 2000

interface Session {
  readonly execute: (sql: string) => Promise<number>
  readonly query: (sql: string) => Promise<QueryResult>
}

/**
 * Locks relations exclusively, all or none at a time, in the order of their names: two runs that want the same ones never
 * wait for each other in a circle. Runs inside a transaction.
 */
export async function lockRelations(
  session: Session,
  targets: readonly LockTarget[],
  { waitMs, signal }: LockOptions,
): Promise<void> {
  if (targets.length === 0) return
  const sorted = [...targets].sort((a, b) => (relationKey(a.relation) < relationKey(b.relation) ? -1 : 1))
  const statements = await lockStatements(session, sorted)
  const start = performance.now()
  let pauseMs = FIRST_PAUSE_MILLISECONDS
  for (;;) {
    await session.execute(`savepoint ${SAVEPOINT}; set local lock_timeout = ${TRY_MILLISECONDS}`)
    try {
      await session.execute(statements.join(';\n'))
      await session.execute(`release savepoint ${SAVEPOINT}`)
      return
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== 'locked') throw error
      await session.execute(`rollback to savepoint ${SAVEPOINT}`)
      if (performance.now() - start >= waitMs || signal.aborted) throw await heldByOthers(session, sorted, error)
      // A little by chance: two that wait for each other's readers must not go on in step.
      await new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random())))
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MILLISECONDS)
    }
  }
}

/**
 * `lock table` on a view would lock what the view reads, too, and asks for rights on that. To give a view the owner that it
 * has takes the lock of the view alone.
 */
async function lockStatements(session: Session, targets: readonly LockTarget[]): Promise<readonly string[]> {
  const views = targets.filter(({ kind }) => kind !== 'table')
  const owners = new Map<string, string>()
  if (views.length > 0) {
    const { rows } = await session.query(
      [
        'select n.nspname::text, c.relname::text, pg_catalog.pg_get_userbyid(c.relowner)::text',
        'from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
        `where (n.nspname::text, c.relname::text) in (${views.map(nameRow).join(', ')})`,
      ].join('\n'),
    )
    for (const [schema, identifier, owner] of rows) owners.set(`${schema}.${identifier}`, String(owner))
  }
  return targets.flatMap(({ relation, kind }) => {
    if (kind === 'table') return [`lock table only ${render(relation)} in access exclusive mode`]
    const owner = owners.get(`${relation.schema}.${relation.identifier}`)
    return owner === undefined ? [] : [`alter ${kind.replace('_', ' ')} ${render(relation)} owner to ${quote(owner)}`]
  })
}

function nameRow({ relation }: LockTarget): string {
  return `(${stringLiteral(relation.schema)}, ${stringLiteral(relation.identifier)})`
}

/** Says who holds what: the error of the last try names neither. */
async function heldByOthers(
  session: Session,
  targets: readonly LockTarget[],
  cause: DatabaseError,
): Promise<DatabaseError> {
  const { rows } = await session.query(
    [
      "select n.nspname || '.' || c.relname, l.pid, a.usename, a.application_name",
      'from pg_catalog.pg_locks as l',
      'join pg_catalog.pg_class as c on c.oid = l.relation',
      'join pg_catalog.pg_namespace as n on n.oid = c.relnamespace',
      'left join pg_catalog.pg_stat_activity as a on a.pid = l.pid',
      `where l.granted and l.pid <> pg_catalog.pg_backend_pid() and (n.nspname::text, c.relname::text) in (${targets.map(nameRow).join(', ')})`,
      'order by 1, 2 limit 3',
    ].join('\n'),
  )
  const holders = rows.map(([name, pid, user, application]) => {
    const named = application === null || application === '' ? '' : `, "${application}"`
    return `"${name}" by backend ${pid} (role ${user}${named})`
  })
  const message = holders.length === 0 ? cause.message : `it is in use: ${[...new Set(holders)].join('; ')}`
  return new DatabaseError({ message, code: 'locked', title: 'Lock Error', cause })
}

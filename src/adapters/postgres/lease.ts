import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type pg from 'pg'
import { UserError } from '../../diagnostics/errors.ts'
import type { OpenOptions } from '../adapter.ts'
import { pause } from './client.ts'
import { targetLocked } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'

/** The first half of our advisory locks' keys: `LAVR` and `LAVS` as numbers. The second half is the target schema's. */
const LEASE = 0x4c415652
const WORK = 0x4c415653

const POLL_MILLISECONDS = 100
/** How long the backends of a dead run may take to notice that they have nobody to work for. */
const ORPHANS_MILLISECONDS = 30_000

/** What the session of the lease calls itself, so that whoever waits can say who holds it: at most 63 bytes. */
export function leaseName(runId: string): string {
  return `lavra ${runId} ${process.pid}@${hostname()}`.slice(0, 63)
}

/** What a session that works for a run does first: while it lives, no other run starts on the same target. */
export function workStatement({ schema }: PostgresOptions): string {
  return `select pg_catalog.pg_advisory_lock_shared(${WORK}, ${schemaKey(schema)})`
}

/**
 * Takes the lease of the target, which is the database and the schema: an advisory lock that lives as long as the client's
 * session. Then waits until nothing works any more for a run that lost it: the backend of a killed client finishes its
 * statement, and what that makes must not come after the sweep. Throws `UserError` (`database-locked`).
 */
export async function takeLease(client: pg.Client, options: PostgresOptions, open: OpenOptions): Promise<void> {
  const key = schemaKey(options.schema)
  const start = performance.now()
  let isTold = false
  while (!(await tryLock(client, LEASE, key))) {
    const waited = performance.now() - start
    const holder = await describeHolder(client, key)
    if (waited >= open.waitMs || open.signal?.aborted) throw new UserError(targetLocked(holder, options, waited))
    if (!isTold) open.onWait?.(`The schema "${options.schema}" is being built by ${holder}.`)
    isTold = true
    await pause(Math.min(POLL_MILLISECONDS, open.waitMs - waited), open.signal)
  }
  await endOrphans(client, options, open.signal)
}

/** Who has the lease of the target, as a phrase; undefined where nobody has. */
export async function leaseHolder(client: pg.Client, { schema }: PostgresOptions): Promise<string | undefined> {
  const key = schemaKey(schema)
  const { rows } = await client.query(holdersOf(LEASE, key))
  return rows.length === 0 ? undefined : await describeHolder(client, key)
}

/** Whether the session of this backend still has the lease. */
export async function holdsLease(client: pg.Client, { schema }: PostgresOptions, backend: number): Promise<boolean> {
  const { rowCount } = await client.query(`${holdersOf(LEASE, schemaKey(schema))} and l.pid = ${backend}`)
  return rowCount === 1
}

async function endOrphans(client: pg.Client, options: PostgresOptions, signal: AbortSignal | undefined): Promise<void> {
  const key = schemaKey(options.schema)
  const start = performance.now()
  while (!(await tryLock(client, WORK, key))) {
    const waited = performance.now() - start
    if (waited >= ORPHANS_MILLISECONDS || signal?.aborted) {
      throw new UserError(targetLocked('what is left of a run that was killed', options, waited))
    }
    // They are ours, or of another role's run: then they end by themselves.
    await client
      .query(`select pg_catalog.pg_terminate_backend(pid) from (${holdersOf(WORK, key)}) as orphans`)
      .catch(() => {})
    await pause(POLL_MILLISECONDS / 2, signal)
  }
  await client.query(`select pg_catalog.pg_advisory_unlock(${WORK}, ${key})`)
}

async function tryLock(client: pg.Client, space: number, key: number): Promise<boolean> {
  const { rows } = await client.query<[boolean]>({
    text: `select pg_catalog.pg_try_advisory_lock(${space}, ${key})`,
    rowMode: 'array',
  })
  return rows[0]?.[0] === true
}

function holdersOf(space: number, key: number): string {
  return [
    'select l.pid from pg_catalog.pg_locks as l',
    `where l.locktype = 'advisory' and l.granted and l.classid = ${space} and l.objid = ${key >>> 0} and l.objsubid = 2`,
    'and l.database = (select oid from pg_catalog.pg_database where datname = current_database())',
  ].join('\n')
}

/** Sessions tell their names to everybody, the rest only to their own role. */
async function describeHolder(client: pg.Client, key: number): Promise<string> {
  const { rows } = await client.query<[number, string | null, string | null, string | null]>({
    text: [
      'select a.pid, a.usename, a.application_name, to_char(a.backend_start, \'YYYY-MM-DD"T"HH24:MI:SSOF\')',
      `from pg_catalog.pg_stat_activity as a where a.pid in (${holdersOf(LEASE, key)})`,
    ].join('\n'),
    rowMode: 'array',
  })
  const [backend, user, name, since] = rows[0] ?? []
  if (backend === undefined) return 'another run'
  const match = /^lavra (\S+) (\d+)@(\S*)/.exec(name ?? '')
  const who = match ? `process ${match[2]} on ${match[3]}, run ${match[1]}` : `a session named "${name}"`
  return `${who}${since ? ` since ${since}` : ''} (role ${user}, backend ${backend})`
}

function schemaKey(schema: string): number {
  return createHash('sha256').update(schema).digest().readInt32BE(0)
}

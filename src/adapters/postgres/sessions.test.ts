import { afterAll, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { createTestPostgres, onServer } from '../../test/postgres/database.ts'
import { type FakeServer, startLateServer, startPooler, startSilentServer } from '../../test/postgres/pooler.ts'
import { createPostgresAdapter, isTooOld } from './adapter.ts'
import type { PostgresOptions } from './options.ts'

/** What a session is like, and between what and what it may stand. */
const database = await createTestPostgres()
const started: FakeServer[] = []

afterAll(async () => {
  for (const server of started) await server.stop()
  await database.remove()
})

async function setting(name: string, changes: Partial<PostgresOptions>): Promise<unknown> {
  const adapter = createPostgresAdapter({ ...database.options, schema: name, ...changes })
  await adapter.open({ mode: 'write', runId: 'settings', waitMs: 0 })
  try {
    return (await (await adapter.connect()).query(`select current_setting('${name}')`)).rows[0]?.[0]
  } finally {
    await adapter.close()
  }
}

/** What opening and asking something gives: the answer, or the problem. */
async function opened(changes: Partial<PostgresOptions>): Promise<unknown> {
  const adapter = createPostgresAdapter({ ...database.options, ...changes })
  try {
    await adapter.open({ mode: 'write', runId: 'poolers', waitMs: 0 })
    return (await (await adapter.connect()).query('select 7')).rows
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n')
  } finally {
    await adapter.close()
  }
}

test.each([
  ['search_path', { searchPath: 'Gold, "My schema", public' }, 'gold, "My schema", public'],
  ['statement_timeout', { statementTimeoutMs: 1500 }, '1500ms'],
  ['application_name', { applicationName: 'the shop' }, 'the shop'],
  ['application_name', {}, 'lavra'],
  ['TimeZone', {}, 'UTC'],
  ['idle_session_timeout', {}, '0'],
  ['client_connection_check_interval', {}, '500ms'],
])('%s of a session with %j is %s', async (name, changes, value) => {
  expect(await setting(name, changes)).toBe(value)
})

test('a role of the profile is who makes things and whose rights count', async () => {
  const role = `${database.name}_builders`
  await onServer(database.url, (client) =>
    client.query(`create role ${role}; grant create on database ${database.name} to ${role}`),
  )
  const adapter = createPostgresAdapter({ ...database.options, role })
  await adapter.open({ mode: 'write', runId: 'roles', waitMs: 0 })
  const connection = await adapter.connect()
  await connection.execute('create schema built')
  expect((await connection.query('select session_user, current_user')).rows).toEqual([['postgres', role]])
  expect(
    (await connection.query(`select nspowner::regrole::text from pg_namespace where nspname = 'built'`)).rows,
  ).toEqual([[role]])
  await adapter.close()
  await onServer(database.url, (client) => client.query(`drop schema built; drop owned by ${role}; drop role ${role}`))
})

test('the session of the lease tells whose it is', async () => {
  const adapter = createPostgresAdapter({ ...database.options, schema: 'named', applicationName: 'the shop' })
  await adapter.open({ mode: 'write', runId: 'run-7', waitMs: 0 })
  const names = await onServer(database.url, (client) =>
    client.query(`select application_name from pg_stat_activity where application_name like '%run-7%'`),
  )
  await adapter.close()
  expect(names.rows[0]?.application_name).toMatch(new RegExp(`^lavra run-7 ${process.pid}@`))
})

test('a connection that no one answers is given up after connect_timeout', async () => {
  const silent = await startSilentServer()
  started.push(silent)
  expect(await opened({ port: silent.port, connectTimeoutSeconds: 1, retries: 0, ssl: { mode: 'disable' } })).toMatch(
    /^database-unreachable: No server answered at 127.0.0.1:\d+\/\w+ within 1 second\.$/,
  )
})

test('a server that is starting up is tried again, as often as "retries" says', async () => {
  const late = await startLateServer(database.url, 1)
  const later = await startLateServer(database.url, 1)
  started.push(late, later)
  expect(await opened({ port: late.port, retries: 1, ssl: { mode: 'disable' } })).toEqual([[7]])
  expect(await opened({ port: later.port, retries: 0, ssl: { mode: 'disable' } })).toMatch(
    /^database-busy: The server at \S+ takes no connections: the database system is starting up\.$/,
  )
})

test.each([1, 2, 5])('a pool of %d connections that hands out transactions is refused', async (size) => {
  const pooler = await startPooler(database.url, 'transaction', size)
  started.push(pooler)
  expect(await opened({ port: pooler.port })).toMatch(
    /^database-pooler: Between Lavra and the server at \S+ stands a proxy that gives every transaction another connection\.$/,
  )
})

test('a pool that hands out sessions is as good as a server', async () => {
  const pooler = await startPooler(database.url, 'session', 5)
  started.push(pooler)
  expect(await opened({ port: pooler.port })).toEqual([[7]])
})

test.each([
  ['14.11', true],
  ['9.6.24', true],
  ['15.0', false],
  ['16.3 (Debian 16.3-1)', false],
  ['18beta1', false],
])('a server of version %s is too old: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld)
})

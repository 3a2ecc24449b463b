import type { Socket } from 'node:net'
import type pg from 'pg'
import { UserError } from '../../diagnostics/errors.ts'
import { databaseError } from './errors.ts'
import { namesOnPath, quote } from './literals.ts'
import { connectProblem, sessionProblem } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'
import { type Encryption, encryptions } from './tls.ts'

const LONGEST_PAUSE_SECONDS = 30

/** Every session: what we read and write must not depend on the settings of a server, database or role. */
export const SESSION_SETTINGS = [
  'set standard_conforming_strings = on',
  "set timezone = 'UTC'",
  "set datestyle = 'ISO'",
  "set intervalstyle = 'postgres'",
  "set bytea_output = 'hex'",
  // The session of the lease does nothing while the others build.
  'set idle_session_timeout = 0',
  // A backend whose client was killed keeps its locks until its query ends, unless it looks now and then. Servers on Windows
  // cannot, and refuse the setting.
  [
    'do $lavra$ begin',
    "  perform pg_catalog.set_config('client_connection_check_interval', '500ms', false);",
    'exception when invalid_parameter_value then null;',
    'end $lavra$',
  ].join('\n'),
]

/** What a new session is besides its place: how it is called, what it runs first, and what ends the wait for it. */
export interface SessionSettings {
  readonly applicationName: string
  /** Run with the settings, in one round trip. */
  readonly statements?: readonly string[]
  readonly signal?: AbortSignal | undefined
}

/**
 * A client with an open connection whose session is set up. Throws `UserError` in the words of the profile, also when the
 * signal ended the wait.
 */
export async function connectClient(options: PostgresOptions, session: SessionSettings): Promise<pg.Client> {
  const client = await connectWithRetries(options, session)
  const setup = [
    ...SESSION_SETTINGS,
    ...(options.statementTimeoutMs === undefined ? [] : [`set statement_timeout = ${options.statementTimeoutMs}`]),
    ...(options.role === undefined ? [] : [`set role ${quote(options.role)}`]),
    ...(options.searchPath === undefined ? [] : [`set search_path = ${searchPath(options.searchPath)}`]),
    ...(session.statements ?? []),
  ]
  try {
    await client.query(setup.join(';\n'))
    return client
  } catch (cause) {
    await client.end().catch(() => {})
    throw new UserError(sessionProblem(databaseError(cause, ''), options), { cause })
  }
}

/** The socket of a client; its types leave that out. */
export function socketOf(client: pg.Client): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream
}

/** `a, "B c"`: each name quoted, as written in quotes or folded without. */
function searchPath(written: string): string {
  return namesOnPath(written).map(quote).join(', ')
}

/** Tries again after 1, 4, 9 … seconds, as dbt does. */
async function connectWithRetries(options: PostgresOptions, session: SessionSettings): Promise<pg.Client> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connectOnce(options, session)
    } catch (cause) {
      if (attempt > options.retries || !isPassing(cause) || session.signal?.aborted) {
        throw cause instanceof UserError ? cause : new UserError(connectProblem(cause, options), { cause })
      }
      await pause(Math.min(attempt ** 2, LONGEST_PAUSE_SECONDS) * 1000, session.signal)
    }
  }
}

/** Waits; not to the end when the signal comes. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal?.addEventListener('abort', end)
  })
}

/** What may be another thing in a second: a server that starts or restarts, a full one, a network in trouble. */
function isPassing(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return ['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code)
}

async function connectOnce(options: PostgresOptions, session: SessionSettings): Promise<pg.Client> {
  const ways = encryptions(options)
  for (const [index, encryption] of ways.entries()) {
    try {
      return await connectBy(options, session, encryption)
    } catch (cause) {
      if (index === ways.length - 1 || !isAboutEncryption(cause, encryption)) throw cause
    }
  }
  throw new Error('Internal error: no way to connect was tried')
}

/** Whether the other way of `prefer` and `allow` may work: the server has no TLS, or lets nobody in without. */
function isAboutEncryption(cause: unknown, encryption: Encryption): boolean {
  if (!(cause instanceof Error)) return false
  const isRefused = 'code' in cause && cause.code === '28000'
  return isRefused || (encryption !== false && /ssl|tls|certificate/i.test(cause.message))
}

async function connectBy(
  options: PostgresOptions,
  { applicationName, signal }: SessionSettings,
  encryption: Encryption,
): Promise<pg.Client> {
  const { default: driver } = await import('pg')
  const client = new driver.Client({
    host: options.host,
    port: options.port,
    user: options.user,
    // Where a password may be from is decided before: the driver must not look elsewhere.
    password: () => options.password ?? noPassword(),
    database: options.database,
    ssl: encryption,
    connectionTimeoutMillis: options.connectTimeoutSeconds * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: options.keepalivesIdleSeconds * 1000,
    application_name: applicationName,
  })
  // A connection that is lost while nothing runs is noticed by the next statement.
  client.on('error', () => {})
  const giveUp = () => socketOf(client).destroy(new Error('interrupted'))
  signal?.addEventListener('abort', giveUp)
  try {
    await client.connect()
    return client
  } catch (error) {
    // Some failures are ours or the driver's alone, and the server would wait for the rest of the conversation.
    socketOf(client).destroy()
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}

function noPassword(): never {
  throw new Error('there is no password')
}

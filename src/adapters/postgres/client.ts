import type pg from 'pg'
import { UserError } from '../../diagnostics/errors.ts'
import { databaseError } from './errors.ts'
import { quote, stringLiteral } from './literals.ts'
import { connectProblem, sessionProblem } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'
import { type Encryption, encryptions } from './tls.ts'

const RETRY_MILLISECONDS = 1000

/** Every session: what we read and write must not depend on the settings of a server, database or role. */
const SETTINGS = [
  'set standard_conforming_strings = on',
  "set timezone = 'UTC'",
  "set datestyle = 'ISO'",
  "set intervalstyle = 'postgres'",
  "set bytea_output = 'hex'",
  // A backend whose client was killed keeps its locks until its query ends, unless it looks now and then.
  "set client_connection_check_interval = '500ms'",
]

/**
 * A client with an open connection whose session is set up. `statements` are run with the settings, in one round trip.
 * Throws `UserError` in the words of the profile.
 */
export async function connectClient(
  options: PostgresOptions,
  applicationName: string,
  statements: readonly string[] = [],
): Promise<pg.Client> {
  const client = await connectWithRetries(options, applicationName)
  const setup = [
    ...SETTINGS,
    ...(options.statementTimeoutMs === undefined ? [] : [`set statement_timeout = ${options.statementTimeoutMs}`]),
    ...(options.role === undefined ? [] : [`set role ${quote(options.role)}`]),
    ...(options.searchPath === undefined ? [] : [`set search_path = ${searchPath(options.searchPath)}`]),
    ...statements,
  ]
  try {
    await client.query(setup.join(';\n'))
    return client
  } catch (cause) {
    await client.end().catch(() => {})
    throw new UserError(sessionProblem(databaseError(cause, '').message, options), { cause })
  }
}

/** `a, "B c"`: each name quoted, as written in quotes or folded without. */
function searchPath(written: string): string {
  const names = written.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? []
  return names.map((name) => (name.startsWith('"') ? name : stringLiteral(name.toLowerCase()))).join(', ')
}

async function connectWithRetries(options: PostgresOptions, applicationName: string): Promise<pg.Client> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await connectOnce(options, applicationName)
    } catch (cause) {
      if (attempt >= options.retries || !isPassing(cause)) {
        throw cause instanceof UserError ? cause : new UserError(connectProblem(cause, options), { cause })
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS))
    }
  }
}

/** What may be another thing in a second: a server that starts or restarts, a full one, a network in trouble. */
function isPassing(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return ['57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT'].includes(code)
}

async function connectOnce(options: PostgresOptions, applicationName: string): Promise<pg.Client> {
  const ways = encryptions(options)
  for (const [index, encryption] of ways.entries()) {
    try {
      return await connectBy(options, applicationName, encryption)
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
  applicationName: string,
  encryption: Encryption,
): Promise<pg.Client> {
  const { default: driver } = await import('pg')
  const client = new driver.Client({
    host: options.host,
    port: options.port,
    user: options.user,
    ...(options.password === undefined ? {} : { password: options.password }),
    database: options.database,
    ssl: encryption,
    connectionTimeoutMillis: options.connectTimeoutSeconds * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: options.keepalivesIdleSeconds * 1000,
    application_name: applicationName,
  })
  // A connection that is lost while nothing runs is noticed by the next statement.
  client.on('error', () => {})
  await client.connect()
  return client
}

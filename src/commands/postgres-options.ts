import { existsSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { type PostgresOptions, SSL_MODES, type SslMode } from '../adapters/postgres/options.ts'
import { passwordFromFile } from '../adapters/postgres/password-file.ts'
import { childOf } from '../config/located-value.ts'
import type { Profile } from '../config/profiles-file.ts'
import type { Environment } from '../config/render-env.ts'
import { hideable } from '../config/secrets.ts'
import { choice, count, either, type Shape, text } from '../config/shape.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors } from '../diagnostics/errors.ts'
import type { Span } from '../text/source-file.ts'

/** dbt's names of a target's fields; those that libpq has too default to what its environment variables say. */
const DEFAULT_PORT = 5432
const CONNECT_TIMEOUT_SECONDS = 10

/** A number, also where a template made text of it: `port: "{{ env_var('PORT') }}"`. */
const number: Shape<number> = either(
  (value) => typeof value === 'string' && /^\d+$/.test(value),
  (at, problems) => {
    const written = text(at, problems)
    return written === undefined ? undefined : Number(written)
  },
  count,
)

/** A password that YAML took for a number is what was written: `0123`. */
const passwordText: Shape<string> = (at, problems) =>
  typeof at.value === 'number' && at.written !== undefined ? at.written : text(at, problems)

/** What a target's connection needs, and what of it must appear nowhere. */
export interface PostgresTarget {
  readonly options: PostgresOptions
  readonly secrets: readonly string[]
}

/** The options of a Postgres target. Throws `UserError` for fields and variables that it cannot do with. */
export function postgresTarget(profile: Profile, projectRoot: string, environment: Environment): PostgresTarget {
  const problems: Diagnostic[] = []
  const field = <T>(key: string, shape: Shape<T>): T | undefined => {
    const at = childOf(profile.at, key)
    return at && shape(at, problems)
  }
  const words = (key: string) => field(key, text)
  const fileOf = (key: string, variable: string, standard: string) => {
    const written = words(key) ?? environment[variable]
    if (written !== undefined) return written === 'system' ? written : resolve(projectRoot, written)
    const file = join(settingsFolder(environment), standard)
    return existsSync(file) ? file : undefined
  }
  const database = profile.database ?? environment.PGDATABASE
  if (database === undefined) problems.push(databaseMissing(profile))
  const rootCertificate = fileOf('sslrootcert', 'PGSSLROOTCERT', 'root.crt')
  const mode = field('sslmode', choice(...SSL_MODES)) ?? sslModeOf(environment, problems)
  if (rootCertificate === 'system' && mode !== undefined && mode !== 'verify-full')
    problems.push(systemUnsafe(profile, mode))
  const connection = {
    host: words('host') ?? environment.PGHOST ?? 'localhost',
    port: field('port', number) ?? portOf(environment, problems),
    user: words('user') ?? environment.PGUSER ?? userInfo().username,
    database: database ?? '',
  }
  const login = passwordOf(field('password', passwordText) ?? field('pass', passwordText), connection, environment)
  const options: PostgresOptions = {
    ...connection,
    ...login,
    schema: profile.schema,
    connectTimeoutSeconds: field('connect_timeout', number) ?? CONNECT_TIMEOUT_SECONDS,
    retries: field('retries', number) ?? 1,
    keepalivesIdleSeconds: field('keepalives_idle', number) ?? 0,
    ...optional('role', words('role')),
    ...optional('searchPath', words('search_path')),
    ...optional('applicationName', words('application_name')),
    ...optional('statementTimeoutMs', field('statement_timeout', number)),
    ssl: {
      mode: mode ?? (rootCertificate === 'system' ? 'verify-full' : 'prefer'),
      ...optional('rootCertificate', rootCertificate),
      ...optional('certificate', fileOf('sslcert', 'PGSSLCERT', 'postgresql.crt')),
      ...optional('key', fileOf('sslkey', 'PGSSLKEY', 'postgresql.key')),
    },
    placeOf: (...names) => placeOf(profile, names),
  }
  stopOnErrors(problems)
  return { options, secrets: secretsOf(options, profile.secrets) }
}

/** libpq's order: the profile, `PGPASSWORD`, the file that `PGPASSFILE` names or else `.pgpass` of the home folder. */
function passwordOf(
  written: string | undefined,
  connection: Pick<PostgresOptions, 'host' | 'port' | 'database' | 'user'>,
  environment: Environment,
): Pick<PostgresOptions, 'password' | 'passwordFrom'> {
  if (written !== undefined) return { password: written }
  if (environment.PGPASSWORD) return { password: environment.PGPASSWORD, passwordFrom: 'PGPASSWORD' }
  const file = environment.PGPASSFILE ?? standardPasswordFile(environment)
  const found = passwordFromFile(file, connection)
  switch (found.kind) {
    case 'found':
      return { password: found.password, passwordFrom: `"${file}"` }
    case 'ignored':
      return { passwordFrom: `"${file}", which is not read because ${found.reason}` }
    case 'none':
      return {}
  }
}

/** The password, which may be of the environment or of a file; `known` are secrets already. */
function secretsOf(options: PostgresOptions, known: readonly string[]): readonly string[] {
  const { password, host, user, database, schema, role = '' } = options
  const names = [host, user, database, schema, role, 'postgres'].filter((name) => !known.includes(name))
  return password ? hideable([password], names) : []
}

function standardPasswordFile(environment: Environment): string {
  if (process.platform === 'win32') return join(settingsFolder(environment), 'pgpass.conf')
  return join(environment.HOME ?? homedir(), '.pgpass')
}

/** Where libpq looks for certificates. */
function settingsFolder(environment: Environment): string {
  if (process.platform === 'win32') return join(environment.APPDATA ?? homedir(), 'postgresql')
  return join(environment.HOME ?? homedir(), '.postgresql')
}

function placeOf(profile: Profile, names: readonly string[]): Span {
  const written = names.map((name) => childOf(profile.at, name)).find((at) => at !== undefined)
  return written?.place ?? profile.at.keyPlace
}

function sslModeOf({ PGSSLMODE }: Environment, problems: Diagnostic[]): SslMode | undefined {
  if (PGSSLMODE === undefined || PGSSLMODE === '') return undefined
  const mode = SSL_MODES.find((known) => known === PGSSLMODE)
  if (mode === undefined)
    problems.push(variableUnusable('PGSSLMODE', PGSSLMODE, `it is one of ${SSL_MODES.join(', ')}`))
  return mode
}

function portOf({ PGPORT }: Environment, problems: Diagnostic[]): number {
  if (PGPORT === undefined || PGPORT === '') return DEFAULT_PORT
  if (!/^\d+$/.test(PGPORT)) problems.push(variableUnusable('PGPORT', PGPORT, 'it is a number'))
  return Number(PGPORT)
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  // The computed key is `Key` by construction.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value })
}

function databaseMissing(profile: Profile): Diagnostic {
  return problem('target-database-missing', `The target "${profile.target}" has no "dbname".`, {
    place: profile.at.keyPlace,
    hint: 'name the database there',
  })
}

function variableUnusable(name: string, value: string, hint: string): Diagnostic {
  return problem('target-variable', `The environment variable "${name}" cannot be "${value}".`, { hint })
}

/** Anybody can have a certificate that the system trusts; only the name tells whose it is. */
function systemUnsafe(profile: Profile, mode: SslMode): Diagnostic {
  return problem('database-tls', `"sslrootcert: system" needs "sslmode: verify-full", and it is "${mode}".`, {
    place: placeOf(profile, ['sslmode', 'sslrootcert']),
    hint: 'without the name, any certificate that the system trusts would do',
  })
}

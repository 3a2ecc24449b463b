import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { type PostgresOptions, SSL_MODES, type SslMode } from '../adapters/postgres/options.ts'
import { childOf } from '../config/located-value.ts'
import type { Profile } from '../config/profiles-file.ts'
import type { Environment } from '../config/render-env.ts'
import { choice, count, either, type Shape, text } from '../config/shape.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, stopOnErrors } from '../diagnostics/errors.ts'

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

/** The options of a Postgres target. Throws `UserError` for fields that it cannot do with. */
export function postgresOptions(profile: Profile, projectRoot: string, environment: Environment): PostgresOptions {
  const problems: Diagnostic[] = []
  const field = <T>(key: string, shape: Shape<T>): T | undefined => {
    const at = childOf(profile.at, key)
    return at && shape(at, problems)
  }
  const password = field('password', text) ?? field('pass', text)
  const database = profile.database ?? environment.PGDATABASE
  if (database === undefined) problems.push(databaseMissing(profile))
  const sslMode = field('sslmode', choice(...SSL_MODES)) ?? sslModeOf(environment.PGSSLMODE) ?? 'prefer'
  const [role, searchPath, applicationName] = ['role', 'search_path', 'application_name'].map((key) => field(key, text))
  const statementTimeoutMs = field('statement_timeout', number)
  const fileOf = (key: string, fallback: string | undefined) => {
    const written = field(key, text) ?? fallback
    return written === undefined || written === 'system' ? written : resolve(projectRoot, written)
  }
  const rootCertificate = fileOf('sslrootcert', environment.PGSSLROOTCERT)
  const certificate = fileOf('sslcert', environment.PGSSLCERT)
  const key = fileOf('sslkey', environment.PGSSLKEY)
  const options: PostgresOptions = {
    host: field('host', text) ?? environment.PGHOST ?? 'localhost',
    port: field('port', number) ?? Number(environment.PGPORT ?? DEFAULT_PORT),
    user: field('user', text) ?? environment.PGUSER ?? userInfo().username,
    ...(password === undefined ? {} : { password }),
    database: database ?? '',
    schema: profile.schema,
    connectTimeoutSeconds: field('connect_timeout', number) ?? CONNECT_TIMEOUT_SECONDS,
    retries: field('retries', number) ?? 1,
    ...(role === undefined ? {} : { role }),
    ...(searchPath === undefined ? {} : { searchPath }),
    keepalivesIdleSeconds: field('keepalives_idle', number) ?? 0,
    ...(applicationName === undefined ? {} : { applicationName }),
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    ssl: {
      mode: sslMode,
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(key === undefined ? {} : { key }),
    },
    placeOf: (name) => childOf(profile.at, name)?.place,
  }
  stopOnErrors(problems)
  return options
}

function sslModeOf(written: string | undefined): SslMode | undefined {
  return SSL_MODES.find((mode) => mode === written)
}

function databaseMissing(profile: Profile): Diagnostic {
  return problem('target-database-missing', `The target "${profile.target}" has no "dbname".`, {
    place: profile.at.keyPlace,
    hint: 'name the database there',
  })
}

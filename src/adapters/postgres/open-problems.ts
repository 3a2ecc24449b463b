import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import type { PostgresOptions } from './options.ts'

/** Why a connection could not be had, in the user's words. Nothing here holds a password. */
export function connectProblem(cause: unknown, options: PostgresOptions): Diagnostic {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const code = 'code' in error ? String(error.code) : ''
  const said = innerMessage(error)
  const { host, port, user, database, ssl } = options
  const at = (field: string): { place?: Span } => {
    const place = options.placeOf(field)
    return place ? { place } : {}
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return problem('database-host', `No machine is known by the name "${host}".`, {
      ...at('host'),
      hint: 'correct "host" in profiles.yml',
    })
  }
  if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
    return problem('database-unreachable', `No server answers at ${locationOf(options)}.`, {
      ...at(host === 'localhost' || host.startsWith('/') ? 'port' : 'host'),
      hint: `start the server, or correct "host" and "port" (${port}) in profiles.yml`,
    })
  }
  if (/timeout expired|timed out/i.test(said) || code === 'ETIMEDOUT') {
    return problem(
      'database-unreachable',
      `No server answered at ${locationOf(options)} within ${options.connectTimeoutSeconds} seconds.`,
      { ...at('host'), hint: 'check the address and the network, or raise "connect_timeout"' },
    )
  }
  if (code === '28P01' || /SASL|password must be a string|no password/i.test(said)) {
    const isMissing = /must be a string|no password/i.test(said)
    return problem(
      'database-login',
      isMissing
        ? `The server wants a password for "${user}", and none is given.`
        : `The server does not take the password of "${user}".`,
      {
        ...at(options.password === undefined ? 'user' : options.placeOf('password') ? 'password' : 'pass'),
        hint: `set "password" in profiles.yml from the environment: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}", or keep it in ~/.pgpass`,
      },
    )
  }
  if (code === '28000') {
    return problem('database-login', `The server does not let "${user}" in: ${said}.`, {
      ...at('user'),
      hint: 'the role must exist, may have to log in by other means, or is not allowed in from this machine (pg_hba.conf)',
    })
  }
  if (code === '3D000') {
    return problem('database-unknown', `The server at ${host}:${port} has no database "${database}".`, {
      ...at(options.placeOf('dbname') ? 'dbname' : 'database'),
      hint: `create it, or correct "dbname" in profiles.yml`,
    })
  }
  if (code === '42501') {
    return problem('database-permission', `The role "${user}" may not connect to "${database}": ${said}.`, {
      ...at('user'),
      hint: `grant connect on database "${database}" to "${user}"`,
    })
  }
  if (code === '53300') {
    return problem('database-busy', `The server takes no more connections: ${said}.`, {
      ...at('threads'),
      hint: 'lower "threads" in profiles.yml, or raise "max_connections" of the server',
    })
  }
  if (/does not support SSL/i.test(said)) {
    return problem('database-tls', `The server does not encrypt connections, and sslmode is "${ssl.mode}".`, {
      ...at('sslmode'),
      hint: 'switch TLS on at the server, or set "sslmode: prefer"',
    })
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem('database-tls', `The server's certificate is not for "${host}": ${said}.`, {
      ...at('host'),
      hint: 'use the name that the certificate has as "host", or "sslmode: verify-ca" if another name is meant',
    })
  }
  if (TLS.test(code) || /certificate|tls|ssl/i.test(said)) {
    return problem('database-tls', `The server's certificate is not trusted: ${said}.`, {
      ...at(options.placeOf('sslrootcert') ? 'sslrootcert' : 'sslmode'),
      hint: 'name the certificate of its authority with "sslrootcert"',
    })
  }
  return problem('database-connect', `The server at ${locationOf(options)} cannot be used: ${said}.`, at('host'))
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_OSSL/

/** Of an address with several ways to it, Node tells the failures one by one. */
function innerMessage(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined
  const message = inner instanceof Error ? inner.message : error.message
  return message.replace(/\.$/, '')
}

/** `localhost:5432/shop`: where the data is, for messages. */
export function locationOf({ host, port, database }: PostgresOptions): string {
  return `${host}:${port}/${database}`
}

export function certificateUnreadable(
  field: string,
  file: string,
  cause: unknown,
  placeOf: PostgresOptions['placeOf'],
): Diagnostic {
  const place = placeOf(field)
  return problem(
    'database-tls',
    `The file "${file}" cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { ...(place ? { place } : {}), hint: `correct "${field}" in profiles.yml` },
  )
}

export function sessionProblem(message: string, options: PostgresOptions): Diagnostic {
  const field = options.role !== undefined && /role/i.test(message) ? 'role' : 'search_path'
  const place = options.placeOf(field)
  return problem('database-setting', `The connection cannot be set up: ${message}.`, {
    ...(place ? { place } : {}),
    hint:
      field === 'role'
        ? `grant "${options.role}" to "${options.user}", or correct "role"`
        : 'correct it in profiles.yml',
  })
}

export function serverTooOld(version: string, options: PostgresOptions): Diagnostic {
  const place = options.placeOf('host')
  return problem('database-older', `The server is Postgres ${version}; Lavra needs 15 or later.`, {
    ...(place ? { place } : {}),
  })
}

/** Somebody else holds the lease; `holder` is a phrase. */
export function targetLocked(holder: string, options: PostgresOptions, waitedMs: number): Diagnostic {
  const waited = waitedMs > 0 ? ` after ${Math.round(waitedMs / 1000)} seconds of waiting` : ''
  return problem(
    'database-locked',
    `The schema "${options.schema}" of ${locationOf(options)} is being built by ${holder}${waited}.`,
    { hint: 'wait for it with --wait, or end that process' },
  )
}

export function pooledByTransaction(options: PostgresOptions): Diagnostic {
  const place = options.placeOf('port') ?? options.placeOf('host')
  return problem(
    'database-pooler',
    `Between Lavra and the server at ${locationOf(options)} stands a proxy that gives every transaction another connection.`,
    {
      ...(place ? { place } : {}),
      hint: 'connect to the server itself, or to a pool in session mode: a lease must stay on its connection',
    },
  )
}

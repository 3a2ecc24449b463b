import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { problem } from '../../diagnostics/errors.ts'
import type { Span } from '../../text/source-file.ts'
import type { DatabaseError } from '../adapter.ts'
import { quote } from './literals.ts'
import type { PostgresOptions } from './options.ts'

/** Why a connection could not be had, in the user's words. Nothing here holds a password. */
export function connectProblem(cause: unknown, options: PostgresOptions): Diagnostic {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const code = 'code' in error ? String(error.code) : ''
  const said = innerMessage(error)
  return (
    networkProblem(code, said, options) ??
    loginProblem(code, said, options) ??
    tlsProblem(code, said, options) ??
    problem('database-connect', `The server at ${locationOf(options)} cannot be used: ${said}.`, at(options, 'host'))
  )
}

function at(options: PostgresOptions, ...fields: readonly string[]): { readonly place?: Span } {
  const place = options.placeOf(...fields)
  return place ? { place } : {}
}

function networkProblem(code: string, said: string, options: PostgresOptions): Diagnostic | undefined {
  const { host, port } = options
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return problem('database-host', `No machine is known by the name "${host}".`, {
      ...at(options, 'host'),
      hint: 'correct "host" in profiles.yml',
    })
  }
  if (['ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'].includes(code)) {
    return problem('database-unreachable', `No server answers at ${locationOf(options)}.`, {
      ...(host === 'localhost' || host.startsWith('/') ? at(options, 'port', 'host') : at(options, 'host', 'port')),
      hint: `start the server, or correct "host" and "port" (${port}) in profiles.yml`,
    })
  }
  if (code === 'ECONNRESET' || /connection terminated/i.test(said)) {
    return problem('database-unreachable', `The server at ${locationOf(options)} hung up while Lavra connected.`, {
      ...at(options, 'host', 'port'),
      hint: 'it may be starting or stopping, and its log says which; run again when it is there',
    })
  }
  if (/timeout expired|timed out/i.test(said) || code === 'ETIMEDOUT') {
    return problem(
      'database-unreachable',
      `No server answered at ${locationOf(options)} within ${describeSeconds(options.connectTimeoutSeconds)}.`,
      {
        ...at(options, 'host', 'port'),
        hint: 'check the address and the network, or raise "connect_timeout"',
      },
    )
  }
  if (code === '57P03') {
    return problem('database-busy', `The server at ${locationOf(options)} takes no connections: ${said}.`, {
      ...at(options, 'host', 'port'),
      hint: 'run again in a moment, or raise "retries"',
    })
  }
  if (code === '53300') {
    return problem('database-busy', `The server takes no more connections: ${said}.`, {
      ...at(options, 'threads'),
      hint: 'lower "threads" in profiles.yml, or raise the limit of the server ("max_connections"), the role or the database',
    })
  }
  return undefined
}

function loginProblem(code: string, said: string, options: PostgresOptions): Diagnostic | undefined {
  const { host, port, user, database } = options
  if (code === '28P01' || /SASL|password must be a string|no password/i.test(said)) return passwordProblem(options)
  if (code === '28000') {
    return problem('database-login', `The server does not let "${user}" in: ${said}.`, {
      ...at(options, 'user'),
      hint: /certificate/i.test(said)
        ? 'name the certificate of the role with "sslcert" and its key with "sslkey"'
        : 'the role must exist and have the right to log in, and pg_hba.conf must let it in from this machine',
    })
  }
  if (code === '3D000') {
    return problem('database-unknown', `The server at ${host}:${port} has no database "${database}".`, {
      ...at(options, 'dbname', 'database'),
      hint: 'create it, or correct "dbname" in profiles.yml',
    })
  }
  if (code === '42501') {
    return problem('database-permission', `The role "${user}" may not connect to the database "${database}".`, {
      ...at(options, 'user'),
      hint: `grant connect on database ${quote(database)} to ${quote(user)}`,
    })
  }
  return undefined
}

function passwordProblem(options: PostgresOptions): Diagnostic {
  const { user, password, passwordFrom } = options
  if (password === undefined) {
    const looked = passwordFrom === undefined ? '' : ` There is the file ${passwordFrom}.`
    return problem('database-login', `The server wants a password for "${user}", and none is given.${looked}`, {
      ...at(options, 'user'),
      hint: `set "password" in profiles.yml, best from the environment: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}", or keep it in ~/.pgpass`,
    })
  }
  const from = passwordFrom === undefined ? '' : `, which is from ${passwordFrom}`
  return problem('database-login', `The server does not take the password of "${user}"${from}.`, {
    ...(passwordFrom === undefined ? at(options, 'password', 'pass', 'user') : at(options, 'user')),
    hint: 'correct the password or "user"; a role that does not exist is refused in the same way',
  })
}

function tlsProblem(code: string, said: string, options: PostgresOptions): Diagnostic | undefined {
  const { host, ssl } = options
  if (/does not support SSL/i.test(said)) {
    return problem('database-tls', `The server does not encrypt connections, and sslmode is "${ssl.mode}".`, {
      ...at(options, 'sslmode'),
      hint: 'switch TLS on at the server, or set "sslmode: prefer"',
    })
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem('database-tls', `The server's certificate is not for "${host}": ${said}.`, {
      ...at(options, 'host'),
      hint: 'use the name that the certificate has as "host", or "sslmode: verify-ca" if another name is meant',
    })
  }
  if (/ALERT/.test(code)) {
    return problem('database-tls', `The server does not take the certificate of "${options.user}": ${said}.`, {
      ...at(options, 'sslcert', 'sslmode'),
      hint: 'name a certificate that an authority of the server has signed, with "sslcert" and "sslkey"',
    })
  }
  if (TLS.test(code) || /certificate|tls|ssl/i.test(said)) {
    return problem('database-tls', `The server's certificate is not trusted: ${said}.`, {
      ...at(options, 'sslrootcert', 'sslmode'),
      hint: 'name the certificate of its authority with "sslrootcert"',
    })
  }
  return undefined
}

const TLS = /CERT|SELF_SIGNED|UNABLE_TO|ERR_SSL|ERR_OSSL/

/** Of an address with several ways to it, Node tells the failures one by one. */
function innerMessage(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined
  const message = inner instanceof Error ? inner.message : error.message
  return message.replace(/\.$/, '')
}

function describeSeconds(seconds: number): string {
  return `${seconds} second${seconds === 1 ? '' : 's'}`
}

/** `localhost:5432/shop`: where the data is, for messages. */
export function locationOf({ host, port, database }: PostgresOptions): string {
  return `${host}:${port}/${database}`
}

/** The file of a field is not there, cannot be read or is not what the field wants. */
export function certificateUnreadable(
  field: string,
  file: string,
  cause: unknown,
  options: PostgresOptions,
): Diagnostic {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const wanted = field === 'sslkey' ? 'a private key' : 'a certificate'
  return problem('database-tls', `${describeUnreadable(file, code, wanted)}.`, {
    ...at(options, field, 'sslmode'),
    hint: `correct "${field}" in profiles.yml`,
  })
}

function describeUnreadable(file: string, code: string, wanted: string): string {
  if (code === 'ENOENT') return `There is no file "${file}"`
  if (code === 'EACCES' || code === 'EPERM') return `The file "${file}" may not be read`
  if (/PASSPHRASE|INTERRUPTED_OR_CANCELLED/.test(code))
    return `The key in "${file}" is encrypted, and Lavra asks for no passphrase`
  return `The file "${file}" holds no ${wanted.slice(2)} in PEM`
}

export function keyWithoutCertificate(certificate: string, options: PostgresOptions): Diagnostic {
  return problem('database-tls', `There is the certificate "${certificate}", and no key to it.`, {
    ...at(options, 'sslcert', 'sslmode'),
    hint: 'name the file of the key with "sslkey"',
  })
}

export function keyOpenToOthers(key: string, options: PostgresOptions): Diagnostic {
  return problem('database-tls', `Others may read the key "${key}", so that it is not used.`, {
    ...at(options, 'sslkey', 'sslmode'),
    hint: `run chmod 600 "${key}"`,
  })
}

export function rootMissing(options: PostgresOptions): Diagnostic {
  return problem('database-tls', `"sslmode: ${options.ssl.mode}" needs a certificate to trust, and there is none.`, {
    ...at(options, 'sslmode'),
    hint: 'name the file of the server\'s authority with "sslrootcert", or trust what the system trusts with "sslrootcert: system"',
  })
}

/** The server does not take the settings of a session: a role, a search path, a time-out. */
export function sessionProblem(error: DatabaseError, options: PostgresOptions): Diagnostic {
  const isRole = options.role !== undefined && (error.code === 'permission' || /role/i.test(error.message))
  if (isRole) {
    const { role = '', user } = options
    const isUnknown = error.code !== 'permission'
    return problem(
      'database-permission',
      isUnknown ? `There is no role "${role}".` : `"${user}" may not act as the role "${role}".`,
      {
        ...at(options, 'role'),
        hint: isUnknown ? 'create it, or correct "role" in profiles.yml' : `grant ${quote(role)} to ${quote(user)}`,
      },
    )
  }
  return problem('database-setting', `The connection cannot be set up: ${error.message}.`, {
    ...at(options, ...(/statement_timeout/.test(error.message) ? ['statement_timeout'] : ['search_path'])),
    hint: 'correct it in profiles.yml',
  })
}

export function serverTooOld(version: string, options: PostgresOptions): Diagnostic {
  return problem('database-older', `The server is Postgres ${version}; Lavra needs 15 or later.`, {
    ...at(options, 'host', 'port'),
    hint: 'upgrade the server, or name another one',
  })
}

/** A standby, or a database or role whose transactions are read-only unless they say otherwise. */
export function takesNoWrites(options: PostgresOptions): Diagnostic {
  return problem('database-read-only', `The database at ${locationOf(options)} takes no writes.`, {
    ...at(options, 'host', 'port'),
    hint: 'it may be a standby: name the primary; or "default_transaction_read_only" is on for the server, the database or the role',
  })
}

/** Somebody else holds the lease; `holder` is a phrase. */
export function targetLocked(holder: string, options: PostgresOptions, waitedMs: number): Diagnostic {
  const seconds = Math.round(waitedMs / 1000)
  const waited = seconds > 0 ? ` after ${describeSeconds(seconds)} of waiting` : ''
  return problem(
    'database-locked',
    `The schema "${options.schema}" of ${locationOf(options)} is being built by ${holder}${waited}.`,
    { hint: 'wait for it with --wait, or end that process' },
  )
}

/** The session with the advisory lock has ended: by an administrator, with the server, or for want of a network. */
export function leaseLost(options: PostgresOptions): Diagnostic {
  return problem(
    'lease-lost',
    `The connection that held the schema "${options.schema}" for this run was lost, so that others may build there now.`,
    { hint: 'run again' },
  )
}

export function pooledByTransaction(options: PostgresOptions): Diagnostic {
  return problem(
    'database-pooler',
    `Between Lavra and the server at ${locationOf(options)} stands a proxy that gives every transaction another connection.`,
    {
      ...at(options, 'port', 'host'),
      hint: 'connect to the server itself, or to a pool in session mode: a lease must stay on its connection',
    },
  )
}

import type { Span } from '../../text/source-file.ts'

/** How a connection is encrypted, and what of the server's certificate is checked: as libpq means it. */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]

/** A Postgres target of the profile. The keys are those that dbt users know, with values already validated. */
export interface PostgresOptions {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Absent where none was found: neither in the profile nor in the environment nor in a password file. */
  readonly password?: string
  /** Where the password is from, or where one was looked for in vain; for messages. */
  readonly passwordFrom?: string
  readonly database: string
  /** The target's schema: with the database, what the lease is of. */
  readonly schema: string
  readonly connectTimeoutSeconds: number
  /** How many times a connection that the server did not take is tried again. */
  readonly retries: number
  /** `set role` of every connection. */
  readonly role?: string
  readonly searchPath?: string
  /** Seconds of silence before the first keepalive; 0 leaves that to the system. */
  readonly keepalivesIdleSeconds: number
  readonly applicationName?: string
  /** Milliseconds after which a statement is given up; absent: what the server says. */
  readonly statementTimeoutMs?: number
  readonly ssl: SslOptions
  /** Where a field is written in the profile, for messages; of several the first that is. The target itself where none is. */
  readonly placeOf: (...fields: readonly string[]) => Span | undefined
}

export interface SslOptions {
  readonly mode: SslMode
  /** Paths of files in PEM; `system` stands for the certificates that the system trusts. */
  readonly rootCertificate?: string
  readonly certificate?: string
  readonly key?: string
}

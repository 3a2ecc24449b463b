import type { TLSSocket } from 'node:tls'
import type pg from 'pg'
import type { Fact } from '../adapter.ts'
import { socketOf } from './client.ts'
import { leaseHolder } from './lease.ts'
import { quote, stringLiteral } from './literals.ts'
import { locationOf } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'

/** What `debug` tells of an open connection. */
export async function describeTarget(client: pg.Client, options: PostgresOptions): Promise<readonly Fact[]> {
  const { rows } = await client.query<[string, string, string, boolean, boolean, boolean]>({
    text: [
      "select current_setting('server_version'), session_user, current_user,",
      `to_regnamespace(${stringLiteral(quote(options.schema))}) is not null,`,
      `coalesce(has_schema_privilege(to_regnamespace(${stringLiteral(quote(options.schema))}), 'usage, create'), false),`,
      "has_database_privilege(current_database(), 'create')",
    ].join(' '),
    rowMode: 'array',
  })
  const [version, login, role, isThere, mayUse, mayCreate] = rows[0]!
  const holder = await leaseHolder(client, options)
  return [
    ['database', `${locationOf(options)}, postgres ${version}`],
    ['role', `${role === login ? role : `${role}, logged in as ${login}`}${passwordOrigin(options)}`],
    ['schema', `${options.schema}, ${describeSchema({ isThere, mayUse, mayCreate }, role, options)}`],
    ['encryption', describeEncryption(client, options)],
    ['lease', holder === undefined ? 'free' : `held by ${holder}`],
  ]
}

function passwordOrigin({ password, passwordFrom }: PostgresOptions): string {
  return password === undefined || passwordFrom === undefined ? '' : `, password from ${passwordFrom}`
}

function describeSchema(
  may: { readonly isThere: boolean; readonly mayUse: boolean; readonly mayCreate: boolean },
  role: string,
  { schema, database }: PostgresOptions,
): string {
  if (may.isThere && may.mayUse) return 'which is there'
  if (may.isThere)
    return `in which the role may not build: grant usage, create on schema ${quote(schema)} to ${quote(role)}`
  if (may.mayCreate) return 'which the first run makes'
  return `which the role may not make: grant create on database ${quote(database)} to ${quote(role)}`
}

function describeEncryption(client: pg.Client, { ssl }: PostgresOptions): string {
  const socket = socketOf(client) as Partial<TLSSocket> // one of TLS, or not
  if (socket.encrypted !== true) return `none (sslmode ${ssl.mode})`
  const checked = socket.authorized === true ? 'the certificate was checked' : 'the certificate was not checked'
  return `${socket.getProtocol?.() ?? 'TLS'}, ${checked} (sslmode ${ssl.mode})`
}

import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { UserError } from '../../diagnostics/errors.ts'
import { certificateUnreadable } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'

/** One way to open a connection: without encryption, or with these settings of it. */
export type Encryption = false | ConnectionOptions

/**
 * The ways to try in their order, as libpq's `sslmode` has them: `prefer` goes on without encryption where the server has
 * none, `allow` the other way round; `require` encrypts and checks nothing, unless a root certificate is named;
 * `verify-ca` checks who signed the server's certificate, `verify-full` its name, too.
 * Source: the PostgreSQL manual, "SSL Support" of libpq.
 */
export function encryptions({ ssl, host, placeOf }: PostgresOptions): readonly Encryption[] {
  // A socket of this machine is never encrypted, whatever the mode says.
  if (host.startsWith('/') || ssl.mode === 'disable') return [false]
  const read = (field: string, path: string | undefined, standard: string): Buffer | undefined => {
    const file = path ?? join(homedir(), '.postgresql', standard)
    if (path === undefined && !existsSync(file)) return undefined
    try {
      return readFileSync(file)
    } catch (cause) {
      throw new UserError(certificateUnreadable(field, file, cause, placeOf), { cause })
    }
  }
  const certificate = read('sslcert', ssl.certificate, 'postgresql.crt')
  const key = read('sslkey', ssl.key, 'postgresql.key')
  const usesSystem = ssl.rootCertificate === 'system'
  const needsRoot = ssl.mode.startsWith('verify') || (ssl.mode === 'require' && ssl.rootCertificate !== undefined)
  const root = needsRoot && !usesSystem ? read('sslrootcert', ssl.rootCertificate, 'root.crt') : undefined
  const settings: ConnectionOptions = {
    ...(certificate ? { cert: certificate } : {}),
    ...(key ? { key } : {}),
    ...(root ? { ca: root } : {}),
    // An address is no name that a server could be told in the handshake.
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    rejectUnauthorized: needsRoot,
    // A certificate of the right signer is enough, unless the name is to be checked.
    ...(needsRoot && ssl.mode !== 'verify-full' && !usesSystem ? { checkServerIdentity: () => undefined } : {}),
  }
  switch (ssl.mode) {
    case 'allow':
      return [false, settings]
    case 'prefer':
      return [settings, false]
    default:
      return [settings]
  }
}

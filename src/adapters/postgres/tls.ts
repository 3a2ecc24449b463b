import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type ConnectionOptions, getCACertificates } from 'node:tls'
import { UserError } from '../../diagnostics/errors.ts'
import { certificateUnreadable, keyOpenToOthers, keyWithoutCertificate, rootMissing } from './open-problems.ts'
import type { PostgresOptions } from './options.ts'

/** One way to open a connection: without encryption, or with these settings of it. */
export type Encryption = false | ConnectionOptions

/**
 * The ways to try in their order, as libpq's `sslmode` has them: `prefer` goes on without encryption where the server has
 * none, `allow` the other way round; `require` encrypts and checks nothing, unless there is a root certificate; `verify-ca`
 * checks who signed the server's certificate, `verify-full` its name, too. Throws `UserError` for files that cannot be used.
 * Source: the PostgreSQL manual, "SSL Support" of libpq.
 */
export function encryptions(options: PostgresOptions): readonly Encryption[] {
  const { ssl, host } = options
  // A socket of this machine is never encrypted, whatever the mode says.
  if (host.startsWith('/') || ssl.mode === 'disable') return [false]
  const verifies = ssl.mode.startsWith('verify') || (ssl.mode === 'require' && ssl.rootCertificate !== undefined)
  const settings: ConnectionOptions = {
    ...ownCertificate(options),
    ...(verifies ? trustedRoots(options) : {}),
    // An address is no name that a server could be told in the handshake.
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    rejectUnauthorized: verifies,
    // A certificate of the right signer is enough, unless the name is to be checked.
    ...(verifies && ssl.mode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
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

/** Who may have signed the server's certificate. */
function trustedRoots(options: PostgresOptions): Pick<ConnectionOptions, 'ca'> {
  const { rootCertificate } = options.ssl
  if (rootCertificate === undefined) throw new UserError(rootMissing(options))
  if (rootCertificate !== 'system') return { ca: readPem(options, 'sslrootcert', rootCertificate) }
  const system = getCACertificates('system')
  // A system without a store of its own: what comes with Node.
  return system.length === 0 ? {} : { ca: [...system] }
}

/** The certificate that tells the server who we are, with its key. */
function ownCertificate(options: PostgresOptions): Pick<ConnectionOptions, 'cert' | 'key'> {
  const { certificate, key } = options.ssl
  if (certificate === undefined) return {}
  const cert = readPem(options, 'sslcert', certificate)
  if (key === undefined) throw new UserError(keyWithoutCertificate(certificate, options))
  const text = readPem(options, 'sslkey', key)
  if (isOpenToOthers(key)) throw new UserError(keyOpenToOthers(key, options))
  return { cert, key: text }
}

function readPem(options: PostgresOptions, field: 'sslrootcert' | 'sslcert' | 'sslkey', file: string): Buffer {
  try {
    const bytes = readFileSync(file)
    // Only to see that it is one: a handshake would fail with words that name no file.
    if (field === 'sslkey') createPrivateKey(bytes)
    else new X509Certificate(bytes)
    return bytes
  } catch (cause) {
    throw new UserError(certificateUnreadable(field, file, cause, options), { cause })
  }
}

/** Whether others than the owner may read a key; libpq takes a key of root that its group may read. */
function isOpenToOthers(file: string): boolean {
  if (process.platform === 'win32') return false
  const { mode, uid } = statSync(file)
  return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0
}

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { makeAuthority, makeCertificate } from '../../test/postgres/certificates.ts'
import { onServer, optionsOf } from '../../test/postgres/database.ts'
import { type PostgresServer, startPostgres } from '../../test/postgres/server.ts'
import { createPostgresAdapter } from './adapter.ts'
import { connectClient } from './client.ts'
import type { PostgresOptions, SslMode, SslOptions } from './options.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'lavra-tls-'))
const file = (name: string, text: string) => {
  const written = path.join(folder, name)
  writeFileSync(written, text, { mode: 0o600 })
  return written
}

const authority = makeAuthority('Authority of the shop')
const stranger = makeAuthority('Another authority')
const server = makeCertificate(authority, 'server', ['shop.example', '127.0.0.1'])
const ana = makeCertificate(authority, 'ana')
const forged = makeCertificate(stranger, 'ana')
const files = {
  root: file('root.crt', authority.certificate),
  otherRoot: file('other.crt', stranger.certificate),
  certificate: file('ana.crt', ana.certificate),
  key: file('ana.key', ana.key),
  forged: file('forged.crt', forged.certificate),
  forgedKey: file('forged.key', forged.key),
  nothing: file('nothing.pem', 'this is no certificate'),
  gone: path.join(folder, 'gone.pem'),
}

let encrypted: PostgresServer
let plain: PostgresServer

beforeAll(async () => {
  encrypted = await startPostgres({
    settings: ['ssl=on', 'ssl_ca_file=root.crt'],
    files: {
      'server.crt': server.certificate,
      'server.key': server.key,
      'root.crt': authority.certificate,
      // The first line that fits decides.
      'pg_hba.conf': `hostssl all ana 127.0.0.1/32 cert
hostnossl all ana 127.0.0.1/32 reject
hostnossl all only_encrypted 127.0.0.1/32 reject
hostssl all only_plain 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
`,
    },
  })
  plain = await startPostgres()
  await onServer(new URL(encrypted.url), (client) =>
    client.query(
      `create role ana login; create role only_encrypted login password 'x'; create role only_plain login password 'x'`,
    ),
  )
})

afterAll(async () => {
  await encrypted?.stop()
  await plain?.stop()
  rmSync(folder, { recursive: true })
})

/** `encrypted`, `plain`, or the problem that there was. */
async function connect(to: PostgresServer, ssl: SslOptions, changes: Partial<PostgresOptions> = {}): Promise<string> {
  const options = { ...optionsOf(new URL(to.url)), retries: 0, ...changes, ssl }
  try {
    const client = await connectClient(options, { applicationName: 'test' })
    const { rows } = await client.query<[boolean]>({
      text: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
      rowMode: 'array',
    })
    await client.end()
    return rows[0]?.[0] ? 'encrypted' : 'plain'
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.diagnostics.map(({ code, message }) => `${code}: ${message.replaceAll(folder, '…')}`).join('\n')
  }
}

const UNENCRYPTED = (mode: SslMode) =>
  `database-tls: The server does not encrypt connections, and sslmode is "${mode}".`
const NO_ROOT = (mode: SslMode) => `database-tls: "sslmode: ${mode}" needs a certificate to trust, and there is none.`

test.each<[SslMode, string, string]>([
  ['disable', 'plain', 'plain'],
  ['allow', 'plain', 'plain'],
  ['prefer', 'encrypted', 'plain'],
  ['require', 'encrypted', UNENCRYPTED('require')],
  ['verify-ca', NO_ROOT('verify-ca'), NO_ROOT('verify-ca')],
  ['verify-full', NO_ROOT('verify-full'), NO_ROOT('verify-full')],
])('sslmode %s without any file: %s where the server has TLS, %s where not', async (mode, withTls, without) => {
  expect([await connect(encrypted, { mode }), await connect(plain, { mode })]).toEqual([withTls, without])
})

test.each<[SslMode, string, string]>([
  ['disable', 'plain', 'plain'],
  ['allow', 'plain', 'plain'],
  ['prefer', 'encrypted', 'encrypted'],
  [
    'require',
    'encrypted',
    "database-tls: The server's certificate is not trusted: self-signed certificate in certificate chain.",
  ],
  [
    'verify-ca',
    'encrypted',
    "database-tls: The server's certificate is not trusted: self-signed certificate in certificate chain.",
  ],
  [
    'verify-full',
    'encrypted',
    "database-tls: The server's certificate is not trusted: self-signed certificate in certificate chain.",
  ],
])('sslmode %s: %s with the right root certificate, %s with another', async (mode, right, wrong) => {
  expect([
    await connect(encrypted, { mode, rootCertificate: files.root }),
    await connect(encrypted, { mode, rootCertificate: files.otherRoot }),
  ]).toEqual([right, wrong])
})

test('verify-full wants the name that the certificate has, an address as well as a name; verify-ca does not', async () => {
  const at = (host: string, mode: SslMode) => connect(encrypted, { mode, rootCertificate: files.root }, { host })
  expect([await at('127.0.0.1', 'verify-full'), await at('localhost', 'verify-ca')]).toEqual(['encrypted', 'encrypted'])
  expect(await at('localhost', 'verify-full')).toBe(
    `database-tls: The server's certificate is not for "localhost": Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:shop.example, IP Address:127.0.0.1.`,
  )
})

test.each<[SslMode, string, string]>([
  ['disable', 'refused', 'plain'],
  ['allow', 'encrypted', 'plain'],
  ['prefer', 'encrypted', 'plain'],
  ['require', 'encrypted', 'refused'],
])('sslmode %s with pg_hba.conf: %s where it wants TLS, %s where it wants none', async (mode, tls, none) => {
  const as = async (user: string) => {
    const outcome = await connect(encrypted, { mode }, { user, password: 'x' })
    return outcome.startsWith(`database-login: The server does not let "${user}" in:`) ? 'refused' : outcome
  }
  expect([await as('only_encrypted'), await as('only_plain')]).toEqual([tls, none])
})

test('a role may show who it is by a certificate', async () => {
  const { certificate, key, forged, forgedKey } = files
  const as = (ssl: Omit<SslOptions, 'mode'>, user = 'ana') => connect(encrypted, { mode: 'require', ...ssl }, { user })
  expect(await as({ certificate, key })).toBe('encrypted')
  expect(await as({ certificate, key }, 'postgres')).toBe('encrypted')
  expect(await as({})).toBe(
    'database-login: The server does not let "ana" in: connection requires a valid client certificate.',
  )
  expect(await as({ certificate: forged, key: forgedKey })).toMatch(
    /^database-tls: The server does not take the certificate of "ana": .*alert unknown ca/,
  )
})

test('files that cannot be used are named', async () => {
  const { root: rootCertificate, certificate, key, nothing, gone } = files
  const outcomes = [
    await connect(encrypted, { mode: 'verify-ca', rootCertificate: gone }),
    await connect(encrypted, { mode: 'verify-ca', rootCertificate: nothing }),
    await connect(encrypted, { mode: 'verify-ca', rootCertificate, certificate: gone, key }),
    await connect(encrypted, { mode: 'verify-ca', rootCertificate, certificate, key: nothing }),
    await connect(encrypted, { mode: 'verify-ca', rootCertificate, certificate }),
  ]
  chmodSync(key, 0o644)
  outcomes.push(await connect(encrypted, { mode: 'require', certificate, key }))
  chmodSync(key, 0o600)
  expect(outcomes).toEqual([
    'database-tls: There is no file "…/gone.pem".',
    'database-tls: The file "…/nothing.pem" holds no certificate in PEM.',
    'database-tls: There is no file "…/gone.pem".',
    'database-tls: The file "…/nothing.pem" holds no private key in PEM.',
    'database-tls: There is the certificate "…/ana.crt", and no key to it.',
    'database-tls: Others may read the key "…/ana.key", so that it is not used.',
  ])
})

test('debug says how the connection is encrypted, and whether the certificate was checked', async () => {
  const encryptionOf = async (ssl: SslOptions) => {
    const facts = await createPostgresAdapter({ ...optionsOf(new URL(encrypted.url)), ssl }).probe({
      runId: '',
      waitMs: 0,
    })
    return facts.find(([name]) => name === 'encryption')?.[1]
  }
  expect([
    await encryptionOf({ mode: 'disable' }),
    await encryptionOf({ mode: 'prefer' }),
    await encryptionOf({ mode: 'verify-full', rootCertificate: files.root }),
  ]).toEqual([
    'none (sslmode disable)',
    'TLSv1.3, the certificate was not checked (sslmode prefer)',
    'TLSv1.3, the certificate was checked (sslmode verify-full)',
  ])
})

const noCertificates = path.join(folder, 'none')
mkdirSync(noCertificates)

test('"sslrootcert: system" trusts what the system trusts', () => {
  const script = `
    import { connectClient } from ${JSON.stringify(path.join(import.meta.dirname, 'client.ts'))}
    const options = ${JSON.stringify({ ...optionsOf(new URL(encrypted.url)), ssl: { mode: 'verify-full', rootCertificate: 'system' } })}
    const told = await connectClient({ ...options, placeOf: () => undefined }, { applicationName: 'test' }).then(
      async (client) => (await client.end(), 'encrypted'),
      (error) => error.message,
    )
    console.log(told)`
  const connectTrusting = (root: string) =>
    execFileSync(process.execPath, ['--input-type=module', '--no-warnings', '--eval', script], {
      env: { PATH: process.env.PATH, SSL_CERT_FILE: root, SSL_CERT_DIR: noCertificates },
      encoding: 'utf8',
    }).trim()
  expect([connectTrusting(files.root), connectTrusting(files.otherRoot)]).toEqual([
    'encrypted',
    "The server's certificate is not trusted: self-signed certificate in certificate chain.",
  ])
})

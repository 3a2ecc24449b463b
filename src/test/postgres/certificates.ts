import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate with its private key, both in PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
  readonly name: string
  readonly privateKey: KeyObject
}

/** An authority that signs certificates, itself signed by nobody else. */
export function makeAuthority(name: string): Certified {
  return certify({ name, isAuthority: true, hosts: [] })
}

/** The certificate of a server with these names and IPv4 addresses, or of a client whose role is `name`. */
export function makeCertificate(signer: Certified, name: string, hosts: readonly string[] = []): Certified {
  return certify({ name, signer, isAuthority: false, hosts })
}

interface Request {
  readonly name: string
  readonly signer?: Certified
  readonly isAuthority: boolean
  readonly hosts: readonly string[]
}

/**
 * Node signs, and does not write certificates: this writes the few parts of X.509 (RFC 5280) that TLS looks at, in DER. Keys
 * are of the curve P-256, which are made in no time. Valid from 2020 to 2049.
 */
function certify({ name, signer, isAuthority, hosts }: Request): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const algorithm = sequence(ECDSA_WITH_SHA256)
  const extensions = [
    extension(BASIC_CONSTRAINTS, sequence(...(isAuthority ? [der(0x01, [0xff])] : []))),
    ...(hosts.length === 0 ? [] : [extension(ALTERNATIVE_NAMES, sequence(...hosts.map(alternativeName)))]),
  ]
  const unsigned = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [0x01, ...randomBytes(8)]),
    algorithm,
    nameOf(signer?.name ?? name),
    sequence(der(0x17, ascii('200101000000Z')), der(0x17, ascii('491231235959Z'))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', unsigned, signer?.privateKey ?? privateKey)
  return {
    name,
    privateKey,
    certificate: pem(sequence(unsigned, algorithm, der(0x03, [0], signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

type Bytes = Uint8Array | readonly number[]

const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex')
const ALTERNATIVE_NAMES = Buffer.from('0603551d11', 'hex')

function der(tag: number, ...parts: readonly Bytes[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function sequence(...parts: readonly Bytes[]): Buffer {
  return der(0x30, ...parts)
}

function nameOf(name: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))))
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x04, value))
}

function alternativeName(host: string): Buffer {
  const isAddress = /^[\d.]+$/.test(host)
  return isAddress ? der(0x87, host.split('.').map(Number)) : der(0x82, ascii(host))
}

function ascii(text: string): Buffer {
  return Buffer.from(text, 'ascii')
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

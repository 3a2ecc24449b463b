import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { loadProfile } from '../config/profiles-file.ts'
import type { Environment } from '../config/render-env.ts'
import { UserError } from '../diagnostics/errors.ts'
import { describePlace } from '../text/source-file.ts'
import { postgresTarget } from './postgres-options.ts'

const home = mkdtempSync(path.join(tmpdir(), 'lavra-options-'))

afterAll(() => rmSync(home, { recursive: true }))
beforeEach(() => {
  rmSync(path.join(home, '.postgresql'), { recursive: true, force: true })
  rmSync(path.join(home, '.pgpass'), { force: true })
})

function target(fields: string, variables: Environment = {}) {
  writeFileSync(
    path.join(home, 'profiles.yml'),
    `shop:\n  target: dev\n  outputs:\n    dev: { type: postgres, schema: main, ${fields} }\n`,
  )
  const environment = { HOME: home, ...variables }
  const profile = loadProfile({ projectRoot: home, profileName: 'shop', environment })
  return { ...postgresTarget(profile, home, environment), all: profile.secrets }
}

function problemsOf(fields: string, variables: Environment = {}): readonly string[] {
  try {
    target(fields, variables)
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.diagnostics.map(
      ({ code, message, place }) => `${code}${place ? ` at ${describePlace(place)}` : ''}: ${message}`,
    )
  }
}

test('what the profile does not say, the variables of libpq say', () => {
  const variables = { PGHOST: 'db.shop', PGPORT: '6432', PGUSER: 'ana', PGDATABASE: 'shop', PGSSLMODE: 'require' }
  const { options } = target('', variables)
  const { host, port, user, database, ssl } = options
  expect([host, port, user, database, ssl]).toEqual(['db.shop', 6432, 'ana', 'shop', { mode: 'require' }])
  const written = target(`host: other, port: "7432", user: bruno, dbname: other, sslmode: DISABLE`, variables).options
  expect([written.host, written.port, written.user, written.database, written.ssl.mode]).toEqual([
    'other',
    7432,
    'bruno',
    'other',
    'disable',
  ])
})

test('a password is from the profile, else from PGPASSWORD, else from a password file', () => {
  const fields = 'host: db.shop, user: ana, dbname: shop'
  const passwords = (more: string, variables: Environment = {}) => {
    const { options, secrets } = target(`${fields}${more}`, variables)
    return [options.password, options.passwordFrom?.replaceAll(home, '~'), secrets]
  }
  expect(passwords('')).toEqual([undefined, undefined, []])
  writeFileSync(path.join(home, '.pgpass'), 'db.shop:5432:shop:ana:of the file', { mode: 0o600 })
  expect(passwords('')).toEqual(['of the file', '"~/.pgpass"', ['of the file']])
  writeFileSync(path.join(home, 'other'), '*:*:*:*:of the other', { mode: 0o600 })
  expect(passwords('', { PGPASSFILE: path.join(home, 'other') })[0]).toBe('of the other')
  expect(passwords('', { PGPASSWORD: 'of the variable' })).toEqual([
    'of the variable',
    'PGPASSWORD',
    ['of the variable'],
  ])
  expect(passwords(', pass: hunter2', { PGPASSWORD: 'of the variable' })).toEqual(['hunter2', undefined, ['hunter2']])
  expect(passwords(', password: 0123')[0]).toBe('0123')
})

test('a password that is part of a name is nothing to hide, one of a secret variable always is', () => {
  const fields = 'host: localhost, user: shop, dbname: shop_dev'
  expect(target(`${fields}, password: shop`)).toMatchObject({ secrets: [], all: [] })
  expect(target(`${fields}, password: postgres`)).toMatchObject({ secrets: [], all: [] })
  expect(target(`${fields}, password: hunter2`)).toMatchObject({ secrets: ['hunter2'], all: ['hunter2'] })
  const secret = { DBT_ENV_SECRET_PASSWORD: 'shop' }
  expect(target(`${fields}, password: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}"`, secret).all).toEqual(['shop'])
})

test('certificates are where the profile says, or where libpq looks', () => {
  const fields = 'host: db.shop, user: ana, dbname: shop'
  expect(target(fields).options.ssl).toEqual({ mode: 'prefer' })
  const standard = path.join(home, '.postgresql')
  mkdirSync(standard)
  for (const name of ['root.crt', 'postgresql.crt', 'postgresql.key']) writeFileSync(path.join(standard, name), '')
  expect(target(fields).options.ssl).toEqual({
    mode: 'prefer',
    rootCertificate: path.join(standard, 'root.crt'),
    certificate: path.join(standard, 'postgresql.crt'),
    key: path.join(standard, 'postgresql.key'),
  })
  expect(target(`${fields}, sslmode: verify-ca, sslrootcert: certs/ca.pem`).options.ssl).toMatchObject({
    mode: 'verify-ca',
    rootCertificate: path.join(home, 'certs/ca.pem'),
  })
  expect(target(`${fields}, sslrootcert: system`).options.ssl).toMatchObject({
    mode: 'verify-full',
    rootCertificate: 'system',
  })
})

test.each<[string, Environment, string]>([
  ['user: ana', {}, 'target-database-missing at profiles.yml:4:5: The target "dev" has no "dbname".'],
  [
    'dbname: shop, sslmode: verify',
    {},
    'wrong-value at profiles.yml:4:65: "sslmode" must be one of disable, allow, prefer, require, verify-ca, verify-full, not "verify".',
  ],
  ['dbname: shop, port: many', {}, 'wrong-value at profiles.yml:4:62: "port" must be a whole number, not "many".'],
  ['dbname: shop', { PGSSLMODE: 'on' }, 'target-variable: The environment variable "PGSSLMODE" cannot be "on".'],
  ['dbname: shop', { PGPORT: 'many' }, 'target-variable: The environment variable "PGPORT" cannot be "many".'],
  [
    'dbname: shop, sslmode: require, sslrootcert: system',
    {},
    'database-tls at profiles.yml:4:65: "sslrootcert: system" needs "sslmode: verify-full", and it is "require".',
  ],
])('%s with %j is refused', (fields, variables, told) => {
  expect(problemsOf(fields, variables)).toEqual([told])
})

test('a message points at the field that is written, or else at the target', () => {
  const { options } = target('host: db.shop, dbname: shop')
  const place = options.placeOf('port', 'host')
  const missing = options.placeOf('password', 'pass')
  expect([place && describePlace(place), missing && describePlace(missing)]).toEqual([
    'profiles.yml:4:48',
    'profiles.yml:4:5',
  ])
})

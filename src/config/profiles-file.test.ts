import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../diagnostics/errors.ts'
import { formatDiagnostic } from '../diagnostics/format.ts'
import { type Files, writeFiles } from '../test/load-files.ts'
import { loadProfile, type ProfileRequest } from './profiles-file.ts'
import { scrub } from './secrets.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lavra-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function load(files: Files, request: Partial<ProfileRequest> = {}) {
  writeFiles(folder, files)
  const environment = { HOME: join(folder, 'home'), ...request.environment }
  return loadProfile({ projectRoot: join(folder, 'shop'), profileName: 'shop', ...request, environment })
}

function problemOf(files: Files, request: Partial<ProfileRequest> = {}): string {
  try {
    load(files, request)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const texts = error.diagnostics.map((diagnostic) => formatDiagnostic(diagnostic).replaceAll(folder, '~'))
    return `\n${texts.join('\n\n')}\n`
  }
  return 'no problems'
}

const DEV = 'shop: { target: dev, outputs: { dev: { type: duckdb, path: dev.duckdb } } }\n'

describe('where the file is looked for', () => {
  const named = (name: string) => `shop: { target: ${name}, outputs: { ${name}: { type: duckdb } } }\n`
  const everywhere = {
    'given/profiles.yml': named('given'),
    'environment/profiles.yml': named('environment'),
    'shop/profiles.yml': named('project'),
    'home/.dbt/profiles.yml': named('home'),
  }

  test('a folder that is given comes first, then that of the environment, the project and ~/.dbt', () => {
    const environment = { DBT_PROFILES_DIR: join(folder, 'environment') }
    expect(load(everywhere, { profilesDir: join(folder, 'given'), environment }).target).toBe('given')
    expect(load({}, { environment }).target).toBe('environment')
    expect(load({}).target).toBe('project')
    rmSync(join(folder, 'shop/profiles.yml'))
    expect(load({}).target).toBe('home')
  })

  test('none: says where it looked and how one looks', () => {
    expect(problemOf({})).toMatchInlineSnapshot(`
      "
      error[profiles-not-found]
        There is no profiles.yml in "~/shop" or "~/home/.dbt". One looks like this:

          shop:
            target: dev
            outputs:
              dev:
                type: duckdb
                path: shop.duckdb

        hint: put it beside the project file, or name its folder with --profiles-dir
      "
    `)
  })
})

test('a target has the defaults of its type', () => {
  const { type, threads, schema, path, target } = load({ 'shop/profiles.yml': DEV })
  expect({ type, threads, schema, path, target }).toEqual({
    type: 'duckdb',
    threads: 1,
    schema: 'main',
    path: 'dev.duckdb',
    target: 'dev',
  })
})

test('templates read environment variables, and filters make numbers of them', () => {
  const text = `shop:
  target: "{{ env_var('SHOP_TARGET', 'dev') }}"
  outputs:
    dev:
      type: postgres
      host: "{{ env_var('SHOP_HOST') }}"
      port: "{{ env_var('SHOP_PORT') | as_number }}"
      schema: "{{ env_var('USER', 'nobody') }}_dev"
      dbname: shop
      threads: "{{ env_var('THREADS', '8') }}"
    broken: { type: postgres, host: "{{ env_var('NOT_SET') }}" }
`
  const profile = load({ 'shop/profiles.yml': text }, { environment: { SHOP_HOST: 'db', SHOP_PORT: '5433' } })
  expect(profile.fields).toEqual({
    type: 'postgres',
    host: 'db',
    port: 5433,
    schema: 'nobody_dev',
    dbname: 'shop',
    threads: '8',
  })
  expect(profile).toMatchObject({ threads: 8, schema: 'nobody_dev', database: 'shop' })
})

test('secrets are what secret variables and fields of secrets hold', () => {
  const text = `shop:
  target: dev
  outputs:
    dev:
      type: postgres
      schema: public
      user: "{{ env_var('DBT_ENV_SECRET_USER') }}"
      password: hunter2
      secrets: [{ type: s3, key_id: AKIA, region: south }]
`
  const { secrets } = load({ 'shop/profiles.yml': text }, { environment: { DBT_ENV_SECRET_USER: 'ana-hunter2' } })
  expect(secrets).toEqual(['ana-hunter2', 'hunter2', 'AKIA'])
  expect(scrub('cannot log in as ana-hunter2 with hunter2', secrets)).toBe('cannot log in as ***** with *****')
})

test('messages show no secret that stands beside a mistake', () => {
  const text = `shop:
  outputs:
    default:
      type: postgres
      private_key: |
        MIIEvQIBADANBg
      schema: [a]
      password: hunter2
      threads: x
    flow: { password: 'hunter2', threads: x, type: postgres, schema: a }
`
  expect(problemOf({ 'shop/profiles.yml': text })).toMatchInlineSnapshot(`
    "
    error[wrong-value] profiles.yml:9:16
      "threads" must be a whole number, not "x".

      8 |       password: *******
      9 |       threads: x
        |                ~

    error[wrong-value] profiles.yml:7:15
      "schema" must be text, not a list.

      6 |         **************
      7 |       schema: [a]
        |               ~~~
    "
  `)
  expect(problemOf({}, { targetName: 'flow' })).toMatchInlineSnapshot(`
    "
    error[wrong-value] profiles.yml:10:43
      "threads" must be a whole number, not "x".

       9 |       threads: x
      10 |     flow: { password: *********, threads: x, type: postgres, schema: a }
         |                                           ~
    "
  `)
  expect(problemOf({ 'shop/profiles.yml': 'password: hunter2\n\tx: 1\n' })).toMatchInlineSnapshot(`
    "
    error[yaml-syntax] profiles.yml:2:1
      A tab indents this line.

      1 | password: *******
      2 |  x: 1
        | ~
      hint: indent YAML with spaces
    "
  `)
})

describe('mistakes', () => {
  test('an environment variable that is not set', () => {
    const text = `shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('SHOP_PATH') }}"
`
    expect(problemOf({ 'shop/profiles.yml': text })).toMatchInlineSnapshot(`
      "
      error[env-var-missing] profiles.yml:6:17
        The environment variable "SHOP_PATH" is not set.

        5 |       type: duckdb
        6 |       path: "{{ env_var('SHOP_PATH') }}"
          |                 ~~~~~~~~~~~~~~~~~~~~
        hint: set it, or give a default: env_var('SHOP_PATH', '…')
      "
    `)
    expect(problemOf({}, { environment: { SHOP_PATHS: 'x' } })).toMatchInlineSnapshot(`
      "
      error[env-var-missing] profiles.yml:6:17
        The environment variable "SHOP_PATH" is not set.

        5 |       type: duckdb
        6 |       path: "{{ env_var('SHOP_PATH') }}"
          |                 ~~~~~~~~~~~~~~~~~~~~
        hint: did you mean "SHOP_PATHS"?
      "
    `)
  })

  test('a profile that is not there', () => {
    expect(problemOf({ 'shop/profiles.yml': DEV }, { profileName: 'shopp' })).toMatchInlineSnapshot(`
      "
      error[profile-not-found]
        There is no profile "shopp" in profiles.yml.
        hint: did you mean "shop"?
      "
    `)
  })

  test('a target that is not there, as the profile and as the command line name it', () => {
    const text = 'shop:\n  target: dve\n  outputs:\n    dev: { type: duckdb }\n'
    expect(problemOf({ 'shop/profiles.yml': text })).toMatchInlineSnapshot(`
      "
      error[target-not-found] profiles.yml:2:11
        The profile "shop" has no target "dve".

        1 | shop:
        2 |   target: dve
          |           ~~~
        hint: did you mean "dev"?
      "
    `)
    expect(problemOf({}, { targetName: 'production' })).toMatchInlineSnapshot(`
      "
      error[target-not-found] profiles.yml:3:3
        The profile "shop" has no target "production".

        2 |   target: dve
        3 |   outputs:
          |   ~~~~~~~
        hint: it has: dev
      "
    `)
  })

  test('a type that is not there, and a number that is none', () => {
    const text = 'shop:\n  target: dev\n  outputs:\n    dev: { type: ducdb, threads: x }\n'
    expect(problemOf({ 'shop/profiles.yml': text })).toMatchInlineSnapshot(`
      "
      error[target-type-unknown] profiles.yml:4:18
        There is no database type "ducdb".

        3 |   outputs:
        4 |     dev: { type: ducdb, threads: x }
          |                  ~~~~~
        hint: did you mean "duckdb"?

      error[wrong-value] profiles.yml:4:34
        "threads" must be a whole number, not "x".

        3 |   outputs:
        4 |     dev: { type: ducdb, threads: x }
          |                                  ~
      "
    `)
  })

  test('no outputs, no type, no schema', () => {
    expect(problemOf({ 'shop/profiles.yml': 'shop:\n  target: dev\n' })).toMatchInlineSnapshot(`
      "
      error[profile-without-targets] profiles.yml:1:1
        The profile "shop" has no "outputs".

        1 | shop:
          | ~~~~
        hint: list its targets there, each with a "type"
      "
    `)
    expect(problemOf({ 'shop/profiles.yml': 'shop:\n  outputs:\n    default: { path: x }\n' })).toMatchInlineSnapshot(`
      "
      error[target-type-missing] profiles.yml:3:5
        The target "default" has no "type".

        2 |   outputs:
        3 |     default: { path: x }
          |     ~~~~~~~
        hint: it is one of duckdb, postgres
      "
    `)
    const noSchema = 'shop:\n  outputs:\n    default: { type: postgres, host: db }\n'
    expect(problemOf({ 'shop/profiles.yml': noSchema })).toMatchInlineSnapshot(`
      "
      error[target-schema-missing] profiles.yml:3:5
        The target "default" has no "schema".

        2 |   outputs:
        3 |     default: { type: postgres, host: db }
          |     ~~~~~~~
      "
    `)
  })
})

describe('where nothing is connected to', () => {
  const profile = (schema: string) => ({
    'shop/profiles.yml': `shop:
  target: dev
  outputs:
    dev:
      type: postgres
      host: "{{ env_var('SHOP_HOST') }}"
      user: "{{ env_var('SHOP_USER') }}"
      password: "{{ env_var('DBT_ENV_SECRET_SHOP') }}"
      dbname: "{{ env_var('SHOP_DATABASE', 'shop') }}"
      schema: ${schema}
`,
  })

  test('fields whose variables are not set are left out', () => {
    const { fields, database, secrets } = load(profile('main'), { isOffline: true, environment: { SHOP_USER: 'ana' } })
    expect(fields).toEqual({ type: 'postgres', user: 'ana', dbname: 'shop', schema: 'main' })
    expect([database, secrets]).toEqual(['shop', []])
  })

  test('but for those that say what relations are called', () => {
    expect(problemOf(profile(`"{{ env_var('SHOP_SCHEMA') }}"`), { isOffline: true })).toMatchInlineSnapshot(`
      "
      error[env-var-missing] profiles.yml:10:19
        The environment variable "SHOP_SCHEMA" is not set.

         9 |       dbname: "{{ env_var('SHOP_DATABASE', 'shop') }}"
        10 |       schema: "{{ env_var('SHOP_SCHEMA') }}"
           |                   ~~~~~~~~~~~~~~~~~~~~~~
        hint: set it, or give a default: env_var('SHOP_SCHEMA', '…')
      "
    `)
  })
})

import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Fields, PostgresShop } from './shop.ts'

/** Mistakes in a profile and rights that are missing, each on a shop that is built and published by the superuser. */
let shop: PostgresShop
let ana: string
let bruno: string

const FILES = {
  'models/orders.sql': "select order_id, amount\nfrom {{ source('raw', 'payments') }}\n",
  'models/raw.yml': 'sources:\n  - name: raw\n    tables: [{ name: payments }]\n',
}

beforeAll(async () => {
  shop = await PostgresShop.make(FILES)
  await shop.query('create schema raw; create table raw.payments as select 1 as order_id, 9.5 as amount')
  ana = await shop.role('ana')
  bruno = await shop.role('bruno')
  expect(await shop.lavra('build --quiet')).toEqual({ exitCode: 0, output: '' })
})

afterAll(() => shop.remove())

/** A build with these fields of the target. Whatever goes wrong, what was published stays. */
async function build(
  fields: Fields,
  variables: Readonly<Record<string, string>> = {},
  words = 'build',
): Promise<string> {
  await shop.profile({ connect_timeout: 5, retries: 0, ...fields })
  const before = await published()
  const { exitCode, output } = await shop.lavra(words, variables)
  expect(await published()).toEqual(before)
  return `${output}exit ${exitCode}`
}

async function published() {
  return [await shop.relations(), await shop.query('select * from main.orders')]
}

const asAna = (fields: Fields = {}): Fields => ({ user: ana, password: 'hunter2', ...fields })

describe('a connection', () => {
  test('with a wrong password', async () => {
    expect(await build({ password: 'hunter3' })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:9:17
        The server does not take the password of "postgres".

        8 |       user: postgres
        9 |       password: *******
          |                 ~~~~~~~
        hint: correct the password or "user"; a role that does not exist is refused in the same way
      exit 2"
    `)
  })

  test('with a wrong password of a variable', async () => {
    expect(await build({ password: undefined }, { PGPASSWORD: 'hunter3' })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:8:13
        The server does not take the password of "postgres", which is from PGPASSWORD.

        7 |       port: 54321
        8 |       user: postgres
          |             ~~~~~~~~
        hint: correct the password or "user"; a role that does not exist is refused in the same way
      exit 2"
    `)
  })

  test('without a password', async () => {
    expect(await build({ password: undefined })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:8:13
        The server wants a password for "postgres", and none is given.

        7 |       port: 54321
        8 |       user: postgres
          |             ~~~~~~~~
        hint: set "password" in profiles.yml, best from the environment: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}", or keep it in ~/.pgpass
      exit 2"
    `)
  })

  test('with a password file that others may read', async () => {
    writeFileSync(join(shop.home, '.pgpass'), '*:*:*:*:hunter3')
    chmodSync(join(shop.home, '.pgpass'), 0o644)
    expect(await build({ password: undefined })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:8:13
        The server wants a password for "postgres", and none is given. There is the file "/home/ana/.pgpass", which is not read because others may read it: run chmod 600 "/home/ana/.pgpass".

        7 |       port: 54321
        8 |       user: postgres
          |             ~~~~~~~~
        hint: set "password" in profiles.yml, best from the environment: "{{ env_var('DBT_ENV_SECRET_PASSWORD') }}", or keep it in ~/.pgpass
      exit 2"
    `)
    chmodSync(join(shop.home, '.pgpass'), 0o600)
    expect(await build({ password: undefined })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:8:13
        The server does not take the password of "postgres", which is from "/home/ana/.pgpass".

        7 |       port: 54321
        8 |       user: postgres
          |             ~~~~~~~~
        hint: correct the password or "user"; a role that does not exist is refused in the same way
      exit 2"
    `)
  })

  test('to a host that nobody knows', async () => {
    expect(await build({ host: 'shop.invalid' })).toMatchInlineSnapshot(`
      "error[database-host] profiles.yml:6:13
        No machine is known by the name "shop.invalid".

        5 |       type: postgres
        6 |       host: shop.invalid
          |             ~~~~~~~~~~~~
        hint: correct "host" in profiles.yml
      exit 2"
    `)
  })

  test('to a port at which nobody listens', async () => {
    expect(await build({ port: 1 })).toMatchInlineSnapshot(`
      "error[database-unreachable] profiles.yml:6:13
        No server answers at 127.0.0.1:1/shop_in_tests.

        5 |       type: postgres
        6 |       host: 127.0.0.1
          |             ~~~~~~~~~
        hint: start the server, or correct "host" and "port" (1) in profiles.yml
      exit 2"
    `)
  })

  test('to a database that is not there', async () => {
    expect(await build({ dbname: 'shopp' })).toMatchInlineSnapshot(`
      "error[database-unknown] profiles.yml:10:15
        The server at 127.0.0.1:54321 has no database "shopp".

         9 |       password: ** ******** ** *** ******
        10 |       dbname: shopp
           |               ~~~~~
        hint: create it, or correct "dbname" in profiles.yml
      exit 2"
    `)
  })

  test('to no database', async () => {
    expect(await build({ dbname: undefined })).toMatchInlineSnapshot(`
      "error[target-database-missing] profiles.yml:4:5
        The target "dev" has no "dbname".

        3 |   outputs:
        4 |     dev:
          |     ~~~
        hint: name the database there
      exit 2"
    `)
  })

  test('as a role that is not there, and as nobody', async () => {
    expect(await build({ user: 'nobody_of_the_shop' })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:9:17
        The server does not take the password of "nobody_of_the_shop".

        8 |       user: nobody_of_the_shop
        9 |       password: ** ******** ** *** ******
          |                 ~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: correct the password or "user"; a role that does not exist is refused in the same way
      exit 2"
    `)
    expect(await build({ user: undefined }, { PGUSER: 'nobody_of_the_shop' })).toMatchInlineSnapshot(`
      "error[database-login] profiles.yml:8:17
        The server does not take the password of "nobody_of_the_shop".

        7 |       port: 54321
        8 |       password: ** ******** ** *** ******
          |                 ~~~~~~~~~~~~~~~~~~~~~~~~~
        hint: correct the password or "user"; a role that does not exist is refused in the same way
      exit 2"
    `)
  })

  test('as a role that may not connect', async () => {
    await shop.query(`revoke connect on database ${shop.database.name} from public`)
    expect(await build(asAna())).toMatchInlineSnapshot(`
      "error[database-permission] profiles.yml:8:13
        The role "ana_in_tests" may not connect to the database "shop_in_tests".

        7 |       port: 54321
        8 |       user: ana_in_tests
          |             ~~~~~~~~~~~~
        hint: grant connect on database "shop_in_tests" to "ana_in_tests"
      exit 2"
    `)
    await shop.query(`grant connect on database ${shop.database.name} to public`)
  })

  test('as a role that may have no more connections', async () => {
    await shop.query(`alter role ${ana} connection limit 0`)
    expect(await build(asAna())).toMatchInlineSnapshot(`
      "error[database-busy] profiles.yml:12:16
        The server takes no more connections: too many connections for role "ana_in_tests".

        11 |       schema: main
        12 |       threads: 1
           |                ~
        hint: lower "threads" in profiles.yml, or raise the limit of the server ("max_connections"), the role or the database
      exit 2"
    `)
    await shop.query(`alter role ${ana} connection limit -1`)
  })

  test('that has to be encrypted, to a server that does not', async () => {
    expect(await build({ sslmode: 'require' })).toMatchInlineSnapshot(`
      "error[database-tls] profiles.yml:15:16
        The server does not encrypt connections, and sslmode is "require".

        14 |       retries: 0
        15 |       sslmode: require
           |                ~~~~~~~
        hint: switch TLS on at the server, or set "sslmode: prefer"
      exit 2"
    `)
    expect(await build({ sslmode: 'verify-full' })).toMatchInlineSnapshot(`
      "error[database-tls] profiles.yml:15:16
        "sslmode: verify-full" needs a certificate to trust, and there is none.

        14 |       retries: 0
        15 |       sslmode: verify-full
           |                ~~~~~~~~~~~
        hint: name the file of the server's authority with "sslrootcert", or trust what the system trusts with "sslrootcert: system"
      exit 2"
    `)
    expect(await build({ sslmode: 'verify-full', sslrootcert: 'certificates/root.crt' })).toMatchInlineSnapshot(`
      "error[database-tls] profiles.yml:16:20
        There is no file "/home/ana/shop/certificates/root.crt".

        15 |       sslmode: verify-full
        16 |       sslrootcert: certificates/root.crt
           |                    ~~~~~~~~~~~~~~~~~~~~~
        hint: correct "sslrootcert" in profiles.yml
      exit 2"
    `)
  })

  test('with settings that the server does not take', async () => {
    expect(await build({ statement_timeout: 'soon' })).toMatchInlineSnapshot(`
      "error[wrong-value] profiles.yml:15:26
        "statement_timeout" must be a whole number, not "soon".

        14 |       retries: 0
        15 |       statement_timeout: soon
           |                          ~~~~
      exit 2"
    `)
    expect(await build({ statement_timeout: 99999999999 })).toMatchInlineSnapshot(`
      "error[database-setting] profiles.yml:15:26
        The connection cannot be set up: invalid value for parameter "statement_timeout": "99999999999".

        14 |       retries: 0
        15 |       statement_timeout: 99999999999
           |                          ~~~~~~~~~~~
        hint: correct it in profiles.yml
      exit 2"
    `)
    expect(await build({ role: 'nobody_of_the_shop' })).toMatchInlineSnapshot(`
      "error[database-permission] profiles.yml:15:13
        There is no role "nobody_of_the_shop".

        14 |       retries: 0
        15 |       role: nobody_of_the_shop
           |             ~~~~~~~~~~~~~~~~~~
        hint: create it, or correct "role" in profiles.yml
      exit 2"
    `)
  })

  test('to a database that takes no writes', async () => {
    await shop.query(`alter role ${ana} set default_transaction_read_only = on`)
    expect(await build(asAna())).toMatchInlineSnapshot(`
      "error[database-read-only] profiles.yml:6:13
        The database at 127.0.0.1:54321/shop_in_tests takes no writes.

        5 |       type: postgres
        6 |       host: 127.0.0.1
          |             ~~~~~~~~~
        hint: it may be a standby: name the primary; or "default_transaction_read_only" is on for the server, the database or the role
      exit 2"
    `)
    await shop.query(`alter role ${ana} reset default_transaction_read_only`)
  })
})

describe('a role without the right', () => {
  test('to act as another role', async () => {
    expect(await build(asAna({ role: bruno }))).toMatchInlineSnapshot(`
      "error[database-permission] profiles.yml:15:13
        "ana_in_tests" may not act as the role "bruno_in_tests".

        14 |       retries: 0
        15 |       role: bruno_in_tests
           |             ~~~~~~~~~~~~~~
        hint: grant "bruno_in_tests" to "ana_in_tests"
      exit 2"
    `)
  })

  test("to write Lavra's own tables", async () => {
    expect(await build(asAna())).toMatchInlineSnapshot(`
      "error[state-permission]
        The role "ana_in_tests" may not write the schema "_lavra", in which Lavra keeps what it has published.
        hint: grant usage on schema "_lavra" to "ana_in_tests"; grant select, insert, update, delete on all tables in schema "_lavra" to "ana_in_tests"; or let all runs use one role, with "role" in profiles.yml
      exit 2"
    `)
  })

  test('to make a schema, to read a source, to build in a schema, and to replace what belongs to another', async () => {
    const grant = (right: string) => shop.query(`grant ${right} to ${ana}`)
    await grant('usage on schema _lavra')
    await grant('select, insert, update, delete on all tables in schema _lavra')
    expect(await build(asAna({ schema: 'ana' }))).toMatchInlineSnapshot(`
      "error[schema-permission]
        The schema "ana" cannot be made: permission denied for database shop_in_tests.
        hint: grant create on database "shop_in_tests" to "ana_in_tests"
      exit 2"
    `)
    const told = async () => (await build(asAna({}), {}, 'build --quiet')).replace(/^Nothing was.*\n/gm, '')
    expect(await told()).toMatchInlineSnapshot(`
      "1 of 1 ERROR table main.orders in 0.00s

        error[database] models/orders.sql:2:6   (model orders, postgres)
          Permission Error: permission denied for schema raw

          1 | select order_id, amount
          2 | from {{ source('raw', 'payments') }}
            |      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
          hint: grant usage on schema "raw" to "ana_in_tests"

      exit 1"
    `)
    await grant('usage on schema raw')
    expect(await told()).toMatchInlineSnapshot(`
      "1 of 1 ERROR table main.orders in 0.00s

        error[database] models/orders.sql:1:1   (model orders, postgres)
          Permission Error: permission denied for table payments

          1 | select order_id, amount
            | ~~~~~~~~~~~~~~~~~~~~~~~
          hint: grant select on "raw"."payments" to "ana_in_tests"

      exit 1"
    `)
    await grant('select on raw.payments')
    expect(await told()).toMatchInlineSnapshot(`
      "1 of 1 ERROR table main.orders in 0.00s

        error[database] models/orders.sql:1:1   (model orders, postgres)
          Permission Error: permission denied for schema main

          1 | select order_id, amount
            | ~~~~~~~~~~~~~~~~~~~~~~~
          hint: grant usage, create on schema "main" to "ana_in_tests"

      exit 1"
    `)
    await grant('usage, create on schema main')
    expect(await told()).toMatchInlineSnapshot(`
      "error[database]   (publishing, postgres)
        Permission Error: permission denied for table orders
        hint: alter table "main"."orders" owner to "ana_in_tests", or run as its owner with "role" in profiles.yml

      exit 1"
    `)
    await shop.query(`alter table main.orders owner to ${ana}`)
    expect(await told()).toBe('exit 0')
  })

  test('to make the schema of the state', async () => {
    const empty = await PostgresShop.make(FILES)
    const role = await empty.role('ana')
    await empty.query('create schema main')
    await empty.profile({ user: role, password: 'hunter2' })
    expect(await empty.lavra('build --quiet')).toMatchInlineSnapshot(`
      {
        "exitCode": 2,
        "output": "error[state-permission]
        The schema "_lavra", in which Lavra keeps what it has published, cannot be made: permission denied for database shop_in_tests.
        hint: grant create on database "shop_in_tests" to "ana_in_tests"
      ",
      }
    `)
    await empty.remove()
  })
})

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Fields, PostgresShop } from './shop.ts'

/** A password that JSON, YAML, SQL, XML and password files each write in another way. */
const PASSWORD = `p:a\\s"s'w&o<r>d %20 {$1} ção`
const FORMS = [PASSWORD, JSON.stringify(PASSWORD).slice(1, -1), PASSWORD.replaceAll("'", "''"), 'w&amp;o&lt;r']

let shop: PostgresShop
let ana: string

beforeAll(async () => {
  shop = await PostgresShop.make({
    'models/orders.sql': 'select 1 as id',
    // Models that would tell a password if they could: one as a literal, one as the text of an error.
    'models/leak.sql': `{{ config(enabled=var('leak', false)) }} select '{{ var('leaked', '') | replace("'", "''") }}'::int as id`,
    'models/shop.yml': 'models: [{ name: orders, columns: [{ name: id, data_tests: [unique] }] }]\n',
  })
  ana = await shop.role('ana', 'superuser')
  await shop.query(`alter role ${ana} password '${PASSWORD.replaceAll("'", "''")}'`)
})

afterAll(() => shop.remove())

const ways: readonly (readonly [string, Fields, Readonly<Record<string, string>>])[] = [
  ['in the profile', { password: JSON.stringify(PASSWORD) }, {}],
  [
    'from a secret variable',
    { password: `"{{ env_var('DBT_ENV_SECRET_PASSWORD') }}"` },
    { DBT_ENV_SECRET_PASSWORD: PASSWORD },
  ],
  ['from an ordinary variable', { password: `"{{ env_var('SHOP_PASSWORD') }}"` }, { SHOP_PASSWORD: PASSWORD }],
  ['from PGPASSWORD', { password: undefined }, { PGPASSWORD: PASSWORD }],
  ['from a password file', { password: undefined }, {}],
]

test.each(ways)(
  'a password %s works, and is in no output, artifact, report or record',
  async (way, fields, variables) => {
    const line = `*:*:*:${ana}:${PASSWORD.replace(/[\\:]/g, '\\$&')}\n`
    writeFileSync(join(shop.home, '.pgpass'), way.endsWith('file') ? line : '', { mode: 0o600 })
    await shop.profile({ user: ana, ...fields })
    const outputs: string[] = []
    const lavra = async (words: string) => {
      const { exitCode, output } = await shop.lavra(words, variables)
      outputs.push(output)
      return exitCode
    }
    expect(await lavra('build --debug')).toBe(0)
    expect(await lavra('build --log-format json --junit junit.xml')).toBe(0)
    for (const command of ['compile', 'debug', 'show --select orders', 'docs generate', 'ls --output json'])
      await lavra(command)
    // The server repeats a value that it cannot cast, and templates can do anything with what they are given.
    const leaked = await leak(variables)
    expect([leaked.exitCode, leaked.output.includes('invalid input syntax for type integer: "*****"')]).toEqual([
      1,
      true,
    ])
    outputs.push(leaked.output)
    expect(forms(outputs.join('\n'))).toEqual([])
    expect(filesIn(join(shop.folder, 'target')).filter((file) => forms(readFileSync(file, 'utf8')).length > 0)).toEqual(
      [],
    )
    expect(forms(readFileSync(join(shop.folder, 'junit.xml'), 'utf8'))).toEqual([])
    const recorded = await shop.query(
      `select string_agg(r::text, ' ') from (select message from _lavra.runs union all select message from _lavra.node_results) r`,
    )
    expect(forms(String(recorded[0]?.[0]))).toEqual([])
  },
)

/** A build of which a model's error holds the password. */
function leak(variables: Readonly<Record<string, string>>) {
  const vars = JSON.stringify({ leak: true, leaked: PASSWORD }).replaceAll(' ', '\\u0020')
  return shop.lavra(`build --vars ${vars}`, variables)
}

test.each(ways)('a password %s that is wrong is in no error', async (way, fields, variables) => {
  writeFileSync(join(shop.home, '.pgpass'), way.endsWith('file') ? '*:*:*:*:wrong\n' : '', { mode: 0o600 })
  await shop.profile({ user: ana, ...fields, dbname: 'no_such_database' })
  const told = await shop.lavra('build --debug', variables)
  await shop.query(`alter role ${ana} password 'another'`)
  await shop.profile({ user: ana, ...fields })
  const refused = await shop.lavra('build --debug', variables)
  await shop.query(`alter role ${ana} password '${PASSWORD.replaceAll("'", "''")}'`)
  expect([told.exitCode, refused.exitCode, forms(told.output + refused.output)]).toEqual([2, 2, []])
  expect(refused.output).toContain('error[database-login]')
})

test('a password that is a word of the project is not hidden, so that nothing else is garbled', async () => {
  await shop.query(`alter role ${ana} password 'postgres'`)
  await shop.profile({ user: ana, password: 'postgres' })
  expect((await shop.lavra('debug')).output).toContain(', postgres 1')
  expect((await shop.lavra('compile --quiet')).exitCode).toBe(0)
  const manifest = JSON.parse(readFileSync(join(shop.folder, 'target', 'manifest.json'), 'utf8'))
  expect(manifest.metadata.adapter_type).toBe('postgres')
})

function forms(text: string): readonly string[] {
  return FORMS.filter((form) => text.includes(form))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
}

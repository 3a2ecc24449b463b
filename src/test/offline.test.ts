import { readdirSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { normalize } from './docs/normalize.ts'
import { duckdbEngine } from './engines.ts'
import { PostgresShop } from './postgres/shop.ts'
import { siteData } from './site-data.ts'
import { TemporaryProject } from './temporary-project.ts'

let shop: PostgresShop

/** Everything that a check writes, by path. */
async function written(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const texts = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name)
    return [path.slice(folder.length), await readFile(path, 'utf8')] as const
  })
  return Object.fromEntries((await Promise.all(texts)).sort())
}

/** Without the hint at a name that is not known, which offline may be known to the server. */
function withoutAdvice(output: string): string {
  return output.replace(
    /^ {2}hint: (?:no function matches|if the server has it|offline, nothing is known|write a type).*\n/gm,
    '',
  )
}

/** `lavra check` at the server, which must give what it gives offline; what that is. */
async function checkBoth(...flags: readonly string[]): Promise<string> {
  const check = ['check', ...flags, '--target-path'].join(' ')
  const online = await shop.lavra(`${check} online`)
  // Nobody listens at this port.
  await shop.profile({ port: 1 })
  const offline = await shop.lavra(`${check} offline --offline`)
  await shop.profile({})
  expect({ ...offline, output: withoutAdvice(offline.output) }).toEqual({
    ...online,
    output: withoutAdvice(online.output),
  })
  expect(await written(join(shop.folder, 'offline'))).toEqual(await written(join(shop.folder, 'online')))
  return online.output
}

describe('a check offline is what it is at the server', { timeout: 120_000 }, () => {
  afterEach(() => shop.remove())

  test('for the project in the root: findings, lineage and types', async () => {
    shop = await PostgresShop.make({})
    const repository = join(import.meta.dirname, '../..')
    for (const part of ['project.yml', 'models', 'seeds', 'macros', 'tests', 'snapshots']) {
      await cp(join(repository, part), join(shop.folder, part), { recursive: true })
    }
    await shop.write({
      'project.yml': (await readFile(join(repository, 'project.yml'), 'utf8')).replace(
        'profile: platform',
        'profile: shop',
      ),
    })
    expect(await checkBoth('--warn-error')).toMatch(
      /^chatbot_report: not checked, [^\n]*\nChecked \d+ nodes in 0.00s: no problems\n$/,
    )
    expect(Object.keys(await written(join(shop.folder, 'offline')))).toEqual([
      '/lineage.json',
      '/types/bronze.d.ts',
      '/types/gold.d.ts',
      '/types/seeds.d.ts',
      '/types/silver.d.ts',
      '/types/snapshots.d.ts',
    ])
  })

  const CASES = join(import.meta.dirname, 'broken-models')

  test('for everything that is wrong in a model, all at once', async () => {
    shop = await PostgresShop.make({})
    await cp(join(CASES, '_shop'), shop.folder, { recursive: true })
    for (const name of readdirSync(CASES)) await addBroken(shop, name)
    await shop.profile({})
    const told = await checkBoth()
    expect(told.match(/^error\[database\]/gm)?.length).toBeGreaterThan(50)
    expect(told).toContain('error[contract-broken]')
    expect(told).toContain('warning[join-fan-out]')
  })

  /** Adds the mistake of a broken shop, under its own name, where it is a model and `lavra check` gets to the end of it. */
  async function addBroken({ folder }: PostgresShop, name: string): Promise<void> {
    const files = readdirSync(join(CASES, name), { recursive: true, encoding: 'utf8' })
    const own = files.filter((file) => /\.\w+$/.test(file) && file !== 'expected.txt')
    if (!own.every((file) => /^models.marts.broken\.(sql|yml)$/.test(file))) return
    if (!(await readFile(join(CASES, name, 'expected.txt'), 'utf8')).includes('\nChecked ')) return
    const model = name.replaceAll('-', '_')
    for (const file of own) {
      const text = await readFile(join(CASES, name, file), 'utf8')
      const path = join(folder, file.replace('broken', model))
      await writeFile(path, file.endsWith('.yml') ? text.replace('name: broken', `name: ${model}`) : text)
    }
  }

  test.each(['a-column-of-a-file-that-is-not-there', 'a-snapshot-whose-key-is-not-there'])('for %s', async (name) => {
    shop = await PostgresShop.make({})
    for (const folder of ['_shop', name]) await cp(join(CASES, folder), shop.folder, { recursive: true })
    await shop.profile({})
    expect(await checkBoth()).toMatch(/^error\[/)
  })

  test('for every type that Postgres has, and lists of it', async () => {
    shop = await PostgresShop.make({
      'models/sources.yml': 'sources: [{ name: raw, tables: [{ name: everything }] }]',
      'models/all.sql': `select * from {{ source('raw', 'everything') }} -- lavra: allow star-across-layers all of it`,
      'models/some.sql': `select
  xpath('/a', of_xml) as nodes, to_tsvector('portuguese', of_text) as words, uuidv7() as id, jsonb_path_query(of_jsonb, '$.a') as value,
  of_timestamptz at time zone 'America/Sao_Paulo' as local, of_text collate "und-x-icu" as text, current_database() as database
from {{ source('raw', 'everything') }}`,
    })
    const types = await shop.query(`select typname, format_type(oid, null) from pg_type
where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typcategory not in ('A', 'Z') and typname <> 'gtsvector'
order by 1`)
    const columns = types.flatMap(([name, type]) => [`of_${name} ${type}`, `list_of_${name} ${type}[]`])
    expect(columns.length).toBeGreaterThan(120)
    await shop.query(`create schema raw; create table raw.everything (
  ${columns.join(',\n  ')}, exact numeric(20,5), short varchar(3), padded char(4), rounded interval day to second(3), bits bit(3))`)
    expect((await shop.lavra('schema pull')).exitCode).toBe(0)
    expect(await checkBoth()).toBe('Checked 2 nodes in 0.00s: no problems\n')
  })

  test('for types, functions and collations of the database, and names of every kind', async () => {
    shop = await PostgresShop.make({
      'models/sources.yml': `sources:
  - name: raw
    tables:
      - name: orders
      - name: again
        identifier: orders
      - name: Odd table
  - name: information_schema
    tables: [{ name: schemata }]
`,
      'models/orders.sql': `select
  order_id, status, address, (address).street, amount, amounts, lower(email) as email, span, "Odd column",
  tax(amount) as tax, raw.tax(amount, 0.3) as other_tax, whole(null::raw.orders) as whole, hstore('a', 'b') -> 'a' as pair
from {{ source('raw', 'orders') }} as orders
cross join {{ source('raw', 'Odd table') }}
order by email collate "pt-BR-x-icu"`,
      'models/views.sql': `select schema_name, days.day
from {{ source('information_schema', 'schemata') }}, raw.days(1, 2) as days
where schema_name in (select email::text from {{ source('raw', 'again') }}) and 'good'::mood is not null`,
      'models/direct.sql': `select status, total(order_id) as orders from raw.orders where status = 'paid' or status = 'lost' group by status`,
    })
    await shop.query(`create schema raw; create schema tools;
create extension citext schema tools; create extension hstore schema tools;
create type raw.status as enum ('new', 'paid');
create type mood as enum ('good');
create domain raw.amount as numeric(10,2) check (value >= 0);
create type raw.address as (street text, city varchar(40), status raw.status);
create type raw.span as range (subtype = date);
create table raw.orders (
  order_id bigint, status raw.status, address raw.address, amount raw.amount, amounts raw.amount[], email tools.citext, span raw.span
);
create table raw."Odd table" ("Odd column" timestamptz(3));
create function raw.tax(amount raw.amount, rate numeric default 0.2) returns numeric language sql as 'select amount * rate';
create function raw.whole(raw.orders) returns text language sql as 'select null::text';
create aggregate raw.total(numeric) (sfunc = numeric_add, stype = numeric);
create function raw.days(variadic integer[]) returns table (day date) language sql as 'select now()::date';
alter database ${shop.database.name} set search_path = main, public, raw, tools`)
    expect((await shop.lavra('schema pull')).exitCode).toBe(0)
    expect(await readFile(join(shop.folder, 'schema/postgres.yml'), 'utf8')).toBe(PULLED)
    expect(await checkBoth()).toBe(`error[database] models/direct.sql:1:92   (model direct, postgres)
  Conversion Error: invalid input value for enum status: "lost"

  1 | select status, total(order_id) as orders from raw.orders where status = 'paid' or status = 'lost' group by status
    |                                                                                            ~~~~~~

Checked 3 nodes in 0.00s: 1 problem
`)
  })
})

const PULLED = `# Written by "lavra schema pull": what this project reads in its database and does not build.
# "lavra check --offline" binds the project to it. Commit it, and pull again when a source changes.
form: 1
engine: postgres 18
search_path: [main, public, raw, tools]
extensions:
  - { name: citext, schema: tools }
  - { name: hstore, schema: tools }
types:
  - "create type public.mood as enum ('good')"
  - "create type raw.status as enum ('new', 'paid')"
  - "create type raw.address as (street text, city character varying(40), status raw.status)"
  - "create domain raw.amount as numeric(10,2)"
  - "create type raw.span as range (subtype = date)"
functions:
  - "aggregate raw.total(numeric) returns numeric"
  - "raw.days(variadic integer[]) returns TABLE(day date)"
  - "raw.tax(amount raw.amount, rate numeric default null) returns numeric"
  - "raw.whole(raw.orders) returns text"
collations:
  - 'pg_catalog."pt-BR-x-icu"'
sources:
  source.shop.information_schema.schemata:
    - { name: catalog_name, data_type: information_schema.sql_identifier }
    - { name: schema_name, data_type: information_schema.sql_identifier }
    - { name: schema_owner, data_type: information_schema.sql_identifier }
    - { name: default_character_set_catalog, data_type: information_schema.sql_identifier }
    - { name: default_character_set_schema, data_type: information_schema.sql_identifier }
    - { name: default_character_set_name, data_type: information_schema.sql_identifier }
    - { name: sql_path, data_type: information_schema.character_data }
  source.shop.raw.Odd table:
    - { name: Odd column, data_type: "timestamp(3) with time zone" }
  source.shop.raw.again:
    - { name: order_id, data_type: bigint }
    - { name: status, data_type: raw.status }
    - { name: address, data_type: raw.address }
    - { name: amount, data_type: raw.amount }
    - { name: amounts, data_type: "raw.amount[]" }
    - { name: email, data_type: tools.citext }
    - { name: span, data_type: raw.span }
  source.shop.raw.orders:
    - { name: order_id, data_type: bigint }
    - { name: status, data_type: raw.status }
    - { name: address, data_type: raw.address }
    - { name: amount, data_type: raw.amount }
    - { name: amounts, data_type: "raw.amount[]" }
    - { name: email, data_type: tools.citext }
    - { name: span, data_type: raw.span }
`

describe('what is not known offline is told', { timeout: 60_000 }, () => {
  afterEach(() => shop.remove())

  const FILES = {
    'models/sources.yml': `sources:
  - name: raw
    tables:
      - name: orders
`,
    'models/orders.sql': `select order_id, amount from {{ source('raw', 'orders') }}`,
    'models/sums.sql': `select sum(amount) as amount from {{ ref('orders') }}`,
  }
  const schemaOf = (text: string) => `form: 1\nengine: postgres 18\n${text}`
  const ORDERS = schemaOf(`sources:
  source.shop.raw.orders:
    - { name: order_id, data_type: integer }
    - { name: amount, data_type: "numeric(10,2)" }
`)

  /** A check in a folder without a server: no variable of the connection is set. */
  async function offline(files: Readonly<Record<string, string>>, command = 'check'): Promise<string> {
    shop = await PostgresShop.make({ ...FILES, ...files })
    const missing = (name: string) => `"{{ env_var('${name}') }}"`
    await shop.profile({
      host: missing('SHOP_HOST'),
      port: missing('SHOP_PORT'),
      user: missing('SHOP_USER'),
      password: missing('DBT_ENV_SECRET_SHOP'),
      dbname: missing('SHOP_DATABASE'),
    })
    const { output, exitCode } = await shop.lavra(`${command} --offline`)
    return `${output}exit ${exitCode}\n`
  }

  test('no variable of the connection need be there', async () => {
    expect(await offline({ 'schema/postgres.yml': ORDERS })).toBe('Checked 2 nodes in 0.00s: no problems\nexit 0\n')
  })

  test('sources without a schema file', async () => {
    expect(await offline({})).toBe(`error[schema-file-missing] models/sources.yml:4:15   (source raw.orders)
  Offline, nobody knows the columns of "raw.orders": there is no "schema/postgres.yml".

  3 |     tables:
  4 |       - name: orders
    |               ~~~~~~
  hint: read the columns of all sources from the database with "lavra schema pull", and commit the file
exit 2
`)
  })

  test('a source that the schema file does not have, once, whatever reads it', async () => {
    expect(
      await offline({ 'schema/postgres.yml': schemaOf('sources: {}\n') }),
    ).toBe(`error[source-not-pulled] models/sources.yml:4:15   (source raw.orders)
  Offline, nobody knows the columns of "raw.orders": "schema/postgres.yml" does not have it.

  3 |     tables:
  4 |       - name: orders
    |               ~~~~~~
  hint: read them from the database with "lavra schema pull --select source:raw.orders"

Checked 0 nodes in 0.00s: 1 problem
exit 1
`)
  })

  test('a source whose columns are declared with their types needs no schema file', async () => {
    const declared = `sources: [{ name: raw, tables: [{ name: orders, columns: [
      { name: order_id, data_type: integer }, { name: cost, data_type: numeric }] }] }]`
    expect(await offline({ 'models/sources.yml': declared })).toContain('column "amount" does not exist')
  })

  test('a type that is wrong', async () => {
    expect(
      await offline({ 'schema/postgres.yml': ORDERS.replace('integer', 'interger') }),
    ).toBe(`error[schema-refused] schema/postgres.yml:5:36   (source raw.orders)
  Catalog Error: type "interger" does not exist

  4 |   source.shop.raw.orders:
  5 |     - { name: order_id, data_type: interger }
    |                                    ~~~~~~~~
  hint: read it from the database with "lavra schema pull"

Checked 0 nodes in 0.00s: 1 problem
exit 1
`)
  })

  test('a declared type that is wrong, as at the server', async () => {
    const declared = `sources:
  - name: raw
    tables:
      - name: orders
        columns: [{ name: order_id, data_type: interger }, { name: amount, data_type: numeric }]
`
    const told = (hint: string) => `error[source-type] models/sources.yml:5:48   (source raw.orders)
  The type "interger" of the column "order_id" is none: type "interger" does not exist

  4 |       - name: orders
  5 |         columns: [{ name: order_id, data_type: interger }, { name: amount, data_type: numeric }]
    |                                                ~~~~~~~~
  hint: ${hint}

Checked 0 nodes in 0.00s: 1 problem
`
    expect(await offline({ 'models/sources.yml': declared })).toBe(
      `${told('if the server has it, "lavra schema pull" makes it known offline')}exit 1\n`,
    )
    await shop.profile({})
    expect((await shop.lavra('check')).output).toBe(told('write a type as the database names it'))
  })

  test('a statement that is wrong', async () => {
    const types = `types:\n  - "create type raw.status as enumm ('new')"\nfunctions:\n  - "raw.tax(nothing) returns text"\n`
    expect(
      await offline({ 'schema/postgres.yml': ORDERS.replace('sources:', `${types}sources:`) }),
    ).toBe(`error[schema-refused] schema/postgres.yml:4:5
  Syntax Error: syntax error at or near "enumm"

  3 | types:
  4 |   - "create type raw.status as enumm ('new')"
    |     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  hint: read it from the database with "lavra schema pull"

error[schema-refused] schema/postgres.yml:6:5
  Catalog Error: type nothing does not exist

  5 | functions:
  6 |   - "raw.tax(nothing) returns text"
    |     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  hint: read it from the database with "lavra schema pull"
exit 2
`)
  })

  test('a file of an older form', async () => {
    expect(
      await offline({ 'schema/postgres.yml': ORDERS.replace('form: 1', 'form: 0') }),
    ).toBe(`error[schema-file-form] schema/postgres.yml:1:7
  "schema/postgres.yml" has the form 0, and this version of Lavra reads the form 1.

  1 | form: 0
    |       ~
  hint: write it anew with "lavra schema pull"
exit 2
`)
  })

  test('a file that a merge broke', async () => {
    expect(
      await offline({ 'schema/postgres.yml': `<<<<<<< HEAD\n${ORDERS}` }),
    ).toBe(`error[yaml-syntax] schema/postgres.yml:1:1
  A key must be on one line.

  1 | <<<<<<< HEAD
    | ~~~~~~~~~~~~
  hint: a ":" may be missing here, or the line may be indented too little
exit 2
`)
  })

  test('functions, types and relations that may be at the server', async () => {
    expect(
      await offline({
        'schema/postgres.yml': ORDERS,
        'models/names.sql': 'select tax(1) as tax',
        'models/types.sql': 'select null::raw.status as status',
        'models/tables.sql': 'select * from raw.payments',
      }),
    ).toBe(`error[database] models/names.sql:1:8   (model names, postgres)
  Catalog Error: function tax(integer) does not exist

  1 | select tax(1) as tax
    |        ~~~
  hint: if the server has it, "lavra schema pull" makes it known offline

error[database] models/tables.sql:1:15   (model tables, postgres)
  Catalog Error: relation "raw.payments" does not exist

  1 | select * from raw.payments
    |               ~~~
  hint: offline, nothing is known of the database but its sources: declare it as one, and read it with "lavra schema pull"

error[database] models/types.sql:1:14   (model types, postgres)
  Catalog Error: type "raw.status" does not exist

  1 | select null::raw.status as status
    |              ~~~
  hint: if the server has it, "lavra schema pull" makes it known offline

Checked 5 nodes in 0.00s: 3 problems
exit 1
`)
  })

  test('what an extension has that cannot be had offline is no mistake', async () => {
    const places = `  source.shop.raw.places:
    - { name: place_id, data_type: integer }
    - { name: place, data_type: "public.geometry(Point,4326)" }
`
    expect(
      await offline({
        'schema/postgres.yml': `${ORDERS.replace('sources:', 'extensions: [{ name: postgis, schema: public }]\nsources:')}${places}`,
        'models/sources.yml': `${FILES['models/sources.yml']}      - name: places\n`,
        'models/places.sql': `select place_id from {{ source('raw', 'places') }}`,
        'models/distances.sql': `select st_distance(amount, 2) as distance from {{ ref('orders') }}`,
        'models/contracts.yml': `models:
  - name: promised
    config: { contract: { enforced: true } }
    columns:
      - { name: place, data_type: geometry }
`,
        'models/promised.sql': `select amount as place from {{ ref('orders') }}`,
        'models/far.sql': `select distance from {{ ref('distances') }}`,
        'models/wrong.sql': `select nothing from {{ ref('orders') }}`,
      }),
    ).toBe(`warning[offline-unknown] schema/postgres.yml:10:33
  Catalog Error: type "public.geometry" does not exist

   9 |     - { name: place_id, data_type: integer }
  10 |     - { name: place, data_type: "public.geometry(Point,4326)" }
     |                                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  hint: the server has "postgis", which cannot be had offline: check it without --offline

warning[offline-unknown] models/distances.sql:1:8   (model distances, postgres)
  Catalog Error: function st_distance(numeric, integer) does not exist

  1 | select st_distance(amount, 2) as distance from {{ ref('orders') }}
    |        ~~~~~~~~~~~
  hint: the server has "postgis", which cannot be had offline: check it without --offline

warning[offline-unknown] models/contracts.yml:5:35   (model promised)
  The type "geometry" of the column "place" is none: type "geometry" does not exist

  4 |     columns:
  5 |       - { name: place, data_type: geometry }
    |                                   ~~~~~~~~
  hint: the server has "postgis", which cannot be had offline: check it without --offline

error[database] models/wrong.sql:1:8   (model wrong, postgres)
  Binder Error: column "nothing" does not exist

  1 | select nothing from {{ ref('orders') }}
    |        ~~~~~~~

places: not checked, the columns of the source "raw.places" are not known
distances: not checked, "distances" uses what cannot be had offline
promised: not checked, "promised" uses what cannot be had offline
far: not checked, "distances" uses what cannot be had offline
Checked 5 nodes in 0.00s: 1 problem, 3 warnings
exit 1
`)
  })

  test('lineage and impact need no server either', async () => {
    expect(await offline({ 'schema/postgres.yml': ORDERS }, 'lineage sums.amount')).toBe(`sums.amount  numeric
  derived from orders.amount  numeric(10,2)
    copied from raw.orders.amount  numeric(10,2)
exit 0
`)
    await shop.remove()
    expect(await offline({ 'schema/postgres.yml': ORDERS }, 'impact raw.orders.amount')).toBe(`orders
  amount  copied from raw.orders.amount
sums
  amount  derived from orders.amount

A change of raw.orders.amount reaches 2 columns and 2 nodes.
exit 0
`)
  })

  test('the documentation says what it does not know', async () => {
    const made = await offline(
      {
        'schema/postgres.yml': ORDERS,
        'models/report.yml': `exposures:
  - name: sales
    type: dashboard
    owner: { name: Sales }
    depends_on: ["ref('sums')"]
    meta: { panels: [{ name: sums, type: table, model: "ref('sums')", columns: [amount] }] }
`,
      },
      'docs generate',
    )
    expect(made).toBe(`Wrote target/catalog.json with 0 relations
Wrote target/docs/index.html with 4 pages: open it in a browser
exit 0
`)
    const index = await siteData({ root: shop.folder }, 'index')
    expect(index.project).toMatchObject({ engine: 'postgres', isOffline: true })
    expect(index).toMatchObject({ runs: [], failing: [], hasLineage: true, findings: { errors: 0, warnings: 0 } })
    expect(index.dashboards).toEqual([{ node: 3, label: 'sales' }])
    const { columns, compiled } = (await siteData({ root: shop.folder }, 'nodes/0'))[2]!
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['amount numeric'])
    expect(compiled).toContain('sum(')
  })
})

test('on DuckDB the file of the database need not be there', async () => {
  const project = await TemporaryProject.make(
    {
      'models/sources.yml': 'sources: [{ name: raw, tables: [{ name: orders }, { name: again, identifier: orders }] }]',
      'models/orders.sql': `select o.order_id, o.status, o.place.city, a.amont
from {{ source('raw', 'orders') }} as o, {{ source('raw', 'again') }} as a
where o.status = 'lost'`,
    },
    duckdbEngine,
  )
  try {
    await project.change(`create schema raw; create type raw.status as enum ('new', 'paid');
create table raw.orders (order_id integer, status raw.status, amount decimal(10,2), place struct(city varchar))`)
    expect((await project.lavra('schema', 'pull')).code).toBe(0)
    const online = await project.lavra('check')
    await project.erase('shop.duckdb')
    const offline = await project.lavra('check', '--offline')
    expect(normalize(offline.text)).toBe(normalize(online.text))
    expect(normalize(offline.text)).toBe(`error[database] models/orders.sql:1:44   (model orders, duckdb)
  Binder Error: Table "a" does not have a column named "amont"

  Candidate bindings: : "amount"

  1 | select o.order_id, o.status, o.place.city, a.amont
    |                                            ~

Checked 1 nodes in 0.00s: 1 problem
`)
  } finally {
    await project.remove()
  }
})

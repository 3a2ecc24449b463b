import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { postgresEngine, TEST_ENGINES } from '../test/engines.ts'
import { TemporaryProject } from '../test/temporary-project.ts'

let project: TemporaryProject
afterEach(() => project.remove())

const FILES = {
  'models/sources.yml': `sources:
  - name: raw
    schema: raw
    tables:
      - name: orders
      - name: lines
        identifier: order_lines
  - name: files
    tables:
      - name: days
        config: { external_location: days.csv }
`,
  'days.csv': 'day\n2020-02-03\n',
  'models/orders.sql': `select order_id from {{ source('raw', 'orders') }}`,
}
const TABLES = `create schema raw;
create table raw.orders (order_id integer, amount numeric(10,2));
create table raw.order_lines (order_id integer, line smallint)`

/** What a command printed, with the database by one name. */
async function lavra(...argv: readonly string[]): Promise<string> {
  const { code, text } = await project.lavra(...argv)
  const own = text.replaceAll(/localhost:\d+\/shop_\w+|127\.0\.0\.1:\d+\/shop_\w+/g, 'shop.duckdb')
  return `${own}exit ${code}\n`
}

const read = (name: string) => readFile(join(project.root, 'schema', `${name}.yml`), 'utf8')

describe.each(TEST_ENGINES)('on $name', (engine) => {
  const path = `schema/${engine.name}.yml`
  const version = engine.name === 'postgres' ? 'postgres 18' : 'duckdb 1.5'
  const amount = engine.name === 'postgres' ? '"numeric(10,2)"' : '"DECIMAL(10,2)"'
  const [integer, smallint] = engine.name === 'postgres' ? ['integer', 'smallint'] : ['INTEGER', 'SMALLINT']

  test('the columns of sources are written into one file, of which equal databases give equal bytes', async () => {
    project = await TemporaryProject.make(FILES, engine)
    await project.change(TABLES)
    expect(await lavra('schema', 'pull')).toBe(`Pulled 2 sources of shop.duckdb (${version}) into ${path}:
  + source.shop.raw.lines (2 columns)
  + source.shop.raw.orders (2 columns)
  + engine ${version}
${engine.name === 'postgres' ? '  + search_path main, public\n' : ''}exit 0
`)
    const written = await read(engine.name)
    expect(written).toBe(`# Written by "lavra schema pull": what this project reads in its database and does not build.
# "lavra check --offline" binds the project to it. Commit it, and pull again when a source changes.
form: 1
engine: ${version}
${engine.name === 'postgres' ? 'search_path: [main, public]\n' : ''}sources:
  source.shop.raw.lines:
    - { name: order_id, data_type: ${integer} }
    - { name: line, data_type: ${smallint} }
  source.shop.raw.orders:
    - { name: order_id, data_type: ${integer} }
    - { name: amount, data_type: ${amount} }
`)
    expect(await lavra('schema', 'pull')).toBe(
      `Pulled 2 sources of shop.duckdb (${version}) into ${path}: nothing has changed\nexit 0\n`,
    )
    expect(await read(engine.name)).toBe(written)
  })

  test('what has changed is told, and what is not selected is kept', async () => {
    project = await TemporaryProject.make(FILES, engine)
    await project.change(TABLES)
    await lavra('schema', 'pull')
    await project.change(`drop table raw.order_lines; drop table raw.orders;
create table raw.orders (customer text, order_id bigint)`)
    expect(await lavra('schema', 'pull', '--select', 'source:raw.orders')).toBe(
      `Pulled 1 source of shop.duckdb (${version}) into ${path}:
  ~ source.shop.raw.orders
      + customer ${engine.name === 'postgres' ? 'text' : 'VARCHAR'}
      - amount ${amount.replaceAll('"', '')}
      ~ order_id ${engine.name === 'postgres' ? 'bigint' : 'BIGINT'}, was ${integer}
exit 0
`,
    )
    expect(await read(engine.name)).toContain('source.shop.raw.lines:')
    await project.write({
      'models/sources.yml': 'sources: [{ name: raw, schema: raw, tables: [{ name: orders }] }]',
    })
    expect(JSON.parse((await project.lavra('schema', 'pull', '--output', 'json')).text)).toMatchObject({
      file: path,
      pulled: 1,
      sources: [{ id: 'source.shop.raw.lines', kind: 'removed' }],
      added: [],
    })
  })

  test('a source that is not there is told, and nothing is written', async () => {
    project = await TemporaryProject.make(FILES, engine)
    await project.change(
      'create schema raw; create table raw.orders (order_id integer); create table raw.order_line (a integer)',
    )
    expect(await lavra('schema', 'pull')).toBe(`error[source-not-there] models/sources.yml:6:15   (source raw.lines)
  There is no relation "raw.order_lines" in the database.

  5 |       - name: orders
  6 |       - name: lines
    |               ~~~~~
  hint: did you mean "raw.order_line"?
exit 2
`)
    await expect(read(engine.name)).rejects.toThrow('ENOENT')
    expect(await lavra('schema', 'pull', '--exclude', 'source:raw.lines')).toMatch(/^Pulled 1 source [\s\S]*exit 0\n$/)
  })

  test('a pull that fails leaves the file as it is', async () => {
    project = await TemporaryProject.make(FILES, engine)
    await project.change(TABLES)
    await lavra('schema', 'pull')
    const before = await read(engine.name)
    await project.change('drop table raw.order_lines; alter table raw.orders add column status text')
    expect(await lavra('schema', 'pull')).toMatch(/^error\[source-not-there\][\s\S]*exit 2\n$/)
    expect(await read(engine.name)).toBe(before)
  })

  test('one whose columns are declared with their types is only a warning', async () => {
    const declared = FILES['models/sources.yml'].replace(
      'identifier: order_lines',
      'columns: [{ name: line, data_type: integer }]',
    )
    project = await TemporaryProject.make({ ...FILES, 'models/sources.yml': declared }, engine)
    await project.change('create schema raw; create table raw.orders (order_id integer)')
    const printed = await lavra('schema', 'pull')
    expect(printed).toContain(`warning[source-not-there] models/sources.yml:6:15   (source raw.lines)
  There is no relation "raw.lines" in the database.
`)
    expect(printed).toMatch(/Pulled 1 source [\s\S]*exit 0\n$/)
  })

  test('a file that cannot be read is replaced, unless something of it was to be kept', async () => {
    project = await TemporaryProject.make({ ...FILES, [path]: 'form: 0\n' }, engine)
    await project.change(TABLES)
    expect(await lavra('schema', 'pull', '--select', 'source:raw.orders')).toBe(`error[schema-file-form] ${path}:1:7
  "${path}" has the form 0, and this version of Lavra reads the form 1.

  1 | form: 0
    |       ~
  hint: write it anew with "lavra schema pull"
exit 2
`)
    expect(await lavra('schema', 'pull')).toMatch(/exit 0\n$/)
    expect(await read(engine.name)).toContain('form: 1\n')
  })

  test('what cannot be written is told', async () => {
    project = await TemporaryProject.make({ ...FILES, schema: 'a file that is in the way' }, engine)
    await project.change(TABLES)
    expect((await lavra('schema', 'pull')).replaceAll(project.root, '/home/ana/shop')).toBe(`error[output-not-writable]
  "/home/ana/shop/schema" cannot be written: file already exists.
  hint: make it writable, or free some space
exit 2
`)
  })
})

test('types and functions that the SQL of the project speaks of come along', async () => {
  project = await TemporaryProject.make(
    {
      ...FILES,
      'models/taxes.sql': `select raw.tax(amount), null::raw.mood as mood from {{ source('raw', 'orders') }}`,
    },
    postgresEngine,
  )
  await project.change(`${TABLES};
create type raw.status as enum ('new', 'paid');
create type raw.mood as enum ('good');
create type raw.unused as enum ('a');
alter table raw.orders add column status raw.status;
create function raw.tax(amount numeric, rate numeric default 0.2) returns numeric language sql as 'select amount * rate';
create function raw.unused() returns integer language sql as 'select 1'`)
  expect(await lavra('schema', 'pull')).toBe(`Pulled 2 sources of shop.duckdb (postgres 18) into schema/postgres.yml:
  + source.shop.raw.lines (2 columns)
  + source.shop.raw.orders (3 columns)
  + engine postgres 18
  + search_path main, public
  + type raw.mood as enum ('good')
  + type raw.status as enum ('new', 'paid')
  + function raw.tax(amount numeric, rate numeric default null) returns numeric
exit 0
`)
  expect(await read('postgres')).toContain(`types:
  - "create type raw.mood as enum ('good')"
  - "create type raw.status as enum ('new', 'paid')"
functions:
  - "raw.tax(amount numeric, rate numeric default null) returns numeric"
sources:
`)
})

test('without a database there is nothing to pull', async () => {
  project = await TemporaryProject.make(FILES)
  expect(await lavra('schema', 'pull')).toBe(`error[database-not-found]
  There is no database at shop.duckdb yet.
  hint: pull from the target that has the sources, with --target
exit 2
`)
})

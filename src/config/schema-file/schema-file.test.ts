import { describe, expect, test } from 'vitest'
import { UserError } from '../../diagnostics/errors.ts'
import { describePlace } from '../../text/source-file.ts'
import { uniqueId } from '../../text/unique-id.ts'
import { readSchemaFile } from './read.ts'
import type { Schema } from './schema-file.ts'
import { schemaText } from './write.ts'

const ORDERS = uniqueId('source', 'shop', 'raw', 'orders')
const SCHEMA: Schema = {
  engine: 'postgres 18',
  vocabulary: {
    searchPath: ['main', 'public'],
    extensions: [{ name: 'uuid-ossp', schema: 'public' }],
    types: [`create type raw.status as enum ('it''s new', 'on')`, `create domain raw."Odd" as text`],
    functions: ['raw.tax(amount numeric) returns numeric'],
    collations: ['pg_catalog."pt-BR-x-icu"'],
  },
  sources: new Map([
    [uniqueId('source', 'shop', 'raw', 'lines'), [{ name: 'line', type: 'smallint' }]],
    [
      ORDERS,
      [
        { name: 'order_id', type: 'integer' },
        { name: '2020', type: 'numeric(10,2)' },
        { name: 'on', type: 'raw."Odd"' },
        { name: `it's "odd"\n`, type: 'timestamp with time zone' },
      ],
    ],
  ]),
}
const TEXT = `# Written by "lavra schema pull": what this project reads in its database and does not build.
# "lavra check --offline" binds the project to it. Commit it, and pull again when a source changes.
form: 1
engine: postgres 18
search_path: [main, public]
extensions:
  - { name: "uuid-ossp", schema: public }
types:
  - "create type raw.status as enum ('it''s new', 'on')"
  - 'create domain raw."Odd" as text'
functions:
  - "raw.tax(amount numeric) returns numeric"
collations:
  - 'pg_catalog."pt-BR-x-icu"'
sources:
  source.shop.raw.lines:
    - { name: line, data_type: smallint }
  source.shop.raw.orders:
    - { name: order_id, data_type: integer }
    - { name: "2020", data_type: "numeric(10,2)" }
    - { name: "on", data_type: 'raw."Odd"' }
    - { name: "it's \\"odd\\"\\n", data_type: timestamp with time zone }
`

test('a schema is a text of one line a column', () => {
  const sources = new Map([...SCHEMA.sources].reverse())
  expect(schemaText({ ...SCHEMA, sources })).toBe(TEXT)
})

test('what was written is read, with its places', () => {
  const read = readSchemaFile({ path: 'schema/postgres.yml', text: schemaText(SCHEMA) })
  expect(read).toMatchObject(SCHEMA)
  expect(describePlace(read.placeOf('types', 1))).toBe('schema/postgres.yml:10:5')
  expect(describePlace(read.placeOfSource(ORDERS))).toBe('schema/postgres.yml:18:3')
  expect(describePlace(read.placeOfSource(ORDERS, 1))).toBe('schema/postgres.yml:20:34')
})

test('a project without anything of its own has an empty file', () => {
  const vocabulary = { searchPath: [], extensions: [], types: [], functions: [], collations: [] }
  const empty: Schema = { engine: 'duckdb 1.5', vocabulary, sources: new Map() }
  expect(schemaText(empty)).toMatch(/\nform: 1\nengine: duckdb 1.5\nsources: {}\n$/)
  expect(readSchemaFile({ path: 'schema/duckdb.yml', text: schemaText(empty) })).toMatchObject(empty)
})

describe('what cannot be read is told at its place', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['an older form', TEXT.replace('form: 1', 'form: 0'), 'schema/postgres.yml:3:7', 'has the form 0'],
    ['a newer form', TEXT.replace('form: 1', 'form: 2'), 'schema/postgres.yml:3:7', 'has the form 2'],
    ['no form', TEXT.replace('form: 1\n', ''), 'schema/postgres.yml:3:1', 'does not say its form'],
    ['an empty file', '', 'schema/postgres.yml:1:1', 'does not say its form'],
    ['a conflict of a merge', TEXT.replace('engine', '<<<<<<< HEAD\nengine'), 'schema/postgres.yml:4:1', ''],
    ['a column without a type', TEXT.replace(', data_type: integer', ''), 'schema/postgres.yml:19:7', '"data_type"'],
    [
      'a column that is text',
      TEXT.replace('{ name: order_id, data_type: integer }', 'order_id'),
      'schema/postgres.yml:19:7',
      'map',
    ],
  ]
  test.each(cases)('%s', (_, text, place, message) => {
    const file = { path: 'schema/postgres.yml', text }
    const problems = problemsOf(() => readSchemaFile(file))
    expect(problems.map((found) => found.place && describePlace(found.place))).toEqual([place])
    expect(problems[0]?.message).toContain(message)
  })
})

function problemsOf(read: () => unknown): UserError['diagnostics'] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics
    throw error
  }
}

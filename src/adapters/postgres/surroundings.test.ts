import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestPostgres, onServer, type TestPostgres } from '../../test/postgres/database.ts'
import type { Adapter, Connection } from '../adapter.ts'
import type { SurroundingsRequest } from '../surroundings.ts'
import { createPostgresAdapter } from './adapter.ts'

let database: TestPostgres
let adapter: Adapter
let connection: Connection

beforeAll(async () => {
  database = await createTestPostgres()
  await onServer(database.url, (client) =>
    client.query(`
create schema raw; create schema other; create schema "Odd schema";
create extension citext schema other;
create extension pg_trgm schema other;
create extension unaccent schema other;
create extension ltree schema other;
create extension hstore schema other;
create type raw.z_status as enum ('it''s new', 'paid');
create domain raw.a_amount as numeric(10,2) check (value >= 0);
create type raw.address as (street text, lines raw.a_amount[], status raw.z_status);
create type raw.span as range (subtype = raw.a_amount);
create type "Odd schema"."Odd type" as enum ('a');
create type other.unused as enum ('a');
create type other.mood as enum ('good');
create table raw.orders (
  order_id bigint primary key, state raw.z_status not null, "Ship to" raw.address, spans raw.span[],
  name other.citext, old text, odd "Odd schema"."Odd type", at timestamptz(3)
);
alter table raw.orders drop column old;
create view raw.names as select name, 1::numeric(4,1) as one from raw.orders;
create function raw.tax(amount raw.a_amount, "Rate" numeric default 0.2, out tax numeric, out total numeric) language sql as 'select 1.0, 2.0';
create function raw.days(variadic integer[]) returns table (day date) language sql as 'select now()::date';
create function raw.same(anyelement) returns anyelement language sql as 'select $1';
create aggregate raw.total(amount numeric) (sfunc = numeric_add, stype = numeric);
create function raw.not_called() returns integer language sql as 'select 1';
create function raw.watch() returns trigger language plpgsql as 'begin return new; end';
create function raw.of_orders(raw.orders) returns text language sql as 'select null::text';
`),
  )
  adapter = createPostgresAdapter(database.options)
  await adapter.open({ mode: 'read', runId: 'test', waitMs: 0 })
  connection = await adapter.connect()
})

afterAll(async () => {
  await adapter.close()
  await database.remove()
})

const read = (names: readonly string[], words: readonly string[] = []) => {
  const relations = names.map((identifier) => ({ schema: 'raw', identifier }))
  const request: SurroundingsRequest = { relations, words: new Set(words) }
  return connection.surroundings(request)
}

test('columns come with the types that they need, each after what it is made of', async () => {
  expect(await read(['orders', 'nothing'])).toEqual({
    engine: 'postgres 18',
    columns: [
      [
        { name: 'order_id', type: 'bigint' },
        { name: 'state', type: 'raw.z_status' },
        { name: 'Ship to', type: 'raw.address' },
        { name: 'spans', type: 'raw.span[]' },
        { name: 'name', type: 'other.citext' },
        { name: 'odd', type: '"Odd schema"."Odd type"' },
        { name: 'at', type: 'timestamp(3) with time zone' },
      ],
      undefined,
    ],
    vocabulary: {
      searchPath: ['main', 'public'],
      // An operator of texts is seen by nobody; what the others have is not used.
      extensions: [
        { name: 'citext', schema: 'other' },
        { name: 'pg_trgm', schema: 'other' },
      ],
      types: [
        `create type "Odd schema"."Odd type" as enum ('a')`,
        'create domain raw.a_amount as numeric(10,2)',
        `create type raw.z_status as enum ('it''s new', 'paid')`,
        'create type raw.address as (street text, lines raw.a_amount[], status raw.z_status)',
        'create type raw.span as range (subtype = raw.a_amount)',
      ],
      functions: [],
      collations: [],
    },
  })
})

test('functions and types come when they are named, functions with the types that they take and give', async () => {
  const words = [
    'tax',
    'days',
    'same',
    'watch',
    'mood',
    'of_orders',
    'total',
    'names',
    'citext_eq',
    'lower',
    'pt-br-x-icu',
    'c',
  ]
  expect((await read(['names', 'orders'], words)).vocabulary).toMatchObject({
    types: expect.arrayContaining([`create type other.mood as enum ('good')`]),
    functions: [
      'aggregate raw.total(amount numeric) returns numeric',
      'raw.days(variadic integer[]) returns TABLE(day date)',
      'raw.of_orders(raw.orders) returns text',
      'raw.same(anyelement) returns anyelement',
      'raw.tax(amount raw.a_amount, "Rate" numeric default null, out tax numeric, out total numeric) returns record',
    ],
    collations: ['pg_catalog."pt-BR-x-icu"'],
  })
  expect((await read(['names'], ['tax'])).vocabulary.types).toEqual(['create domain raw.a_amount as numeric(10,2)'])
})

test('extensions come when something of them is named', async () => {
  const { extensions } = (await read(['names'], ['unaccent', 'ltree', 'replace', 'text'])).vocabulary
  expect(extensions.map(({ name }) => name)).toEqual(['citext', 'ltree', 'pg_trgm', 'unaccent'])
})

test('the session looks names up as before', async () => {
  await read(['orders'])
  expect((await connection.query('show search_path')).rows).toEqual([['main, public']])
})

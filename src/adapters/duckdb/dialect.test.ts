import { expect, test } from 'vitest'
import { duckdbDialect as dialect } from './dialect.ts'
import { catalogNameOf } from './options.ts'

const orders = { database: 'shop', schema: 'main', identifier: 'orders' }

test('a relation is rendered as it stands in the database, quoted as it says', () => {
  expect(dialect.render(orders)).toBe('"shop"."main"."orders"')
  expect(dialect.render({ schema: 'main', identifier: 'a "b"' })).toBe('"main"."a ""b"""')
  expect(dialect.render({ ...orders, physical: 'orders__lavra_3f9a1c2b' })).toBe(
    '"shop"."main"."orders__lavra_3f9a1c2b"',
  )
  expect(dialect.render({ ...orders, quoting: { database: false, identifier: false } })).toBe('shop."main".orders')
  expect(dialect.render({ ...orders, expression: "read_csv('a.csv')" })).toBe("read_csv('a.csv')")
})

test('the statements of a table', () => {
  expect(dialect.createTableAs(orders, 'select 1 as id -- first')).toBe(
    'create table "shop"."main"."orders" as (\nselect 1 as id -- first\n)',
  )
  expect(dialect.createTable(orders, [{ name: 'e-mail', type: 'varchar' }])).toBe(
    'create table "shop"."main"."orders" (\n  "e-mail" varchar\n)',
  )
  expect(dialect.rename(orders, 'table', 'old orders')).toBe(
    'alter table "shop"."main"."orders" rename to "old orders"',
  )
  expect(dialect.drop(orders, 'view')).toBe('drop view if exists "shop"."main"."orders"')
})

test.each([
  ['/data/shop.duckdb', 'shop'],
  ['/data/shop.v2.duckdb', 'shop'],
  ['/data/.hidden', 'hidden'],
  ['/data/main.db', 'main_db'],
  ['/data/Main.db', 'Main'],
  [':memory:', 'memory'],
])('the catalog of %s is %s', (path, name) => {
  expect(catalogNameOf(path)).toBe(name)
})

test.each([
  ['INTEGER', 'BIGINT', true],
  ['BIGINT', 'INTEGER', false],
  ['INTEGER', 'DOUBLE', true],
  ['BIGINT', 'DOUBLE', false],
  ['INTEGER', 'DECIMAL(12,2)', true],
  ['INTEGER', 'DECIMAL(11,2)', false],
  ['UINTEGER', 'INTEGER', false],
  ['UINTEGER', 'BIGINT', true],
  ['DECIMAL(10,2)', 'DECIMAL(12,2)', true],
  ['DECIMAL(10,2)', 'DECIMAL(12,4)', true],
  ['DECIMAL(10,2)', 'DECIMAL(12,5)', false],
  ['numeric(10, 2)', 'DECIMAL(10,2)', true],
  ['FLOAT', 'DOUBLE', true],
  ['DATE', 'TIMESTAMP', true],
  ['TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', false],
  ['VARCHAR', 'INTEGER', false],
  ['INTEGER', 'VARCHAR', false],
  ['text', 'VARCHAR', true],
])('%s to %s: %s', (from, to, widens) => {
  expect(dialect.canWiden(from, to)).toBe(widens)
})

const columns = [
  { name: 'customer', data_type: 'varchar' },
  { name: 'e-mail', data_type: "enum('a')" },
]

test('files are read by name, with the name of their file', () => {
  const json = { location: 'seeds/*.json', format: 'json', options: {} } as const
  expect(dialect.externalSource(json, [])).toBe("read_json('seeds/*.json', filename = true, union_by_name = true)")
  expect(dialect.externalSource({ ...json, options: { format: 'array', union_by_name: false } }, columns)).toBe(
    `read_json('seeds/*.json', columns = {"customer": 'varchar', "e-mail": 'enum(''a'')'}, filename = true, format = 'array', union_by_name = false)`,
  )
  expect(dialect.externalSource(json, [...columns, { name: 'content' }])).toBe(
    "read_json('seeds/*.json', filename = true, union_by_name = true)",
  )
  const csv = { location: "it's.csv", format: 'csv', options: {} } as const
  expect(dialect.externalSource(csv, [{ name: 'id', data_type: 'bigint' }, { name: 'status' }])).toBe(
    `read_csv('it''s.csv', header = true, types = {"id": 'bigint'}, filename = true, union_by_name = true)`,
  )
  expect(dialect.externalSource({ ...csv, options: { header: false } }, columns)).toBe(
    `read_csv('it''s.csv', columns = {"customer": 'varchar', "e-mail": 'enum(''a'')'}, filename = true, header = false)`,
  )
  const parquet = { location: 'a/*/*.parquet', format: 'parquet', options: { hive_partitioning: true } } as const
  expect(dialect.externalSource(parquet, columns)).toBe(
    "read_parquet('a/*/*.parquet', filename = true, union_by_name = true, hive_partitioning = true)",
  )
})

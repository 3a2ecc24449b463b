import { expect, test } from 'vitest'
import { grantFor } from './missing-right.ts'

test.each([
  ['permission denied for database shop', 'create schema "gold"', 'grant create on database "shop" to "ana"'],
  ['permission denied for schema raw', 'select * from raw.orders', 'grant usage on schema "raw" to "ana"'],
  [
    'permission denied for schema main',
    'create table "main"."x" as (',
    'grant usage, create on schema "main" to "ana"',
  ],
  [
    'permission denied for schema raw',
    'create table "main"."x" as (select * from raw.orders)',
    'grant usage on schema "raw" to "ana"',
  ],
  [
    'permission denied for table orders',
    'lock table "main"."orders" in access exclusive mode',
    'alter table "main"."orders" owner to "ana", or run as its owner with "role" in profiles.yml',
  ],
  ['permission denied for table orders', 'select * from raw.orders', 'grant select on "raw"."orders" to "ana"'],
  ['permission denied for table Orders', 'select 1 from "r"."Orders" as o', 'grant select on "r"."Orders" to "ana"'],
  [
    'permission denied for table orders',
    'create table main.sums as (select * from "shop"."raw"."orders")',
    'grant select on "raw"."orders" to "ana"',
  ],
  ['permission denied for view orders', 'select * from orders', 'grant select on "orders" to "ana"'],
  ['permission denied for table runs', 'insert into audit.runs values (1)', 'grant insert on "audit"."runs" to "ana"'],
  [
    'permission denied for table runs',
    'delete from only "audit"."runs" where true',
    'grant select, delete on "audit"."runs" to "ana"',
  ],
  [
    'permission denied for table orders',
    'insert into audit.runs select count(*) from raw.orders',
    'grant select on "raw"."orders" to "ana"',
  ],
  ['permission denied for sequence ids', "select nextval('ids')", 'grant usage on sequence "ids" to "ana"'],
  [
    'permission denied to create temporary tables in database "shop"',
    'create temp table x (id int)',
    'grant temporary on database "shop" to "ana"',
  ],
  [
    'must be owner of table orders',
    'alter table "main"."orders" rename to "x"',
    'alter table "main"."orders" owner to "ana", or run as its owner with "role" in profiles.yml',
  ],
  ['Zugriff verweigert für Tabelle orders', 'select * from raw.orders', undefined],
])('%s, for %s', (message, sql, grant) => {
  expect(grantFor(message, sql, { role: 'ana', database: 'shop' })).toBe(grant)
})

import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { Dialect, TableOptions } from '../../sql/dialect.ts'
import type { Relation, RelationKind } from '../../sql/relation.ts'
import { postgresGrants } from './grants.ts'
import { quote, render, stringLiteral } from './literals.ts'
import { canWiden } from './widening.ts'

/** The first half of the advisory lock's key of scripts that run one at a time: `LAVT` as a number; see `lease.ts`. */
const SCRIPTS = 0x4c415654

/** Types of values that stand in no column (Postgres' documentation, Pseudo-Types), as far as a query can give them. */
const PSEUDO_TYPES = /^(?:record|void|cstring|unknown|trigger|event_trigger|internal|any\w*)(?:\[\])?$/

/** The SQL of Postgres, 15 and later. */
export const postgresDialect: Dialect = {
  name: 'postgres',
  maxIdentifierBytes: 63,
  cutsIdentifiers: true,
  canRenameIndexed: true,
  quote,
  foldCase: (identifier) => identifier.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  stringLiteral,
  render,
  // `create schema if not exists` asks for the right to create schemas even where there is nothing to create.
  createSchema: ({ schema }) =>
    [
      'do $lavra$ begin',
      `  if to_regnamespace(${stringLiteral(quote(schema))}) is null then create schema ${quote(schema)}; end if;`,
      // Another run may have been faster.
      'exception when duplicate_schema or unique_violation then null;',
      'end $lavra$',
    ].join('\n'),
  dropSchema: ({ schema }) => `drop schema if exists ${quote(schema)} cascade`,
  // What is sent as one text is one transaction, at the end of which the lock goes.
  oneAtATime: (script) => `select pg_catalog.pg_advisory_xact_lock(${SCRIPTS}, 0);\n${script}`,
  grantWriting: (schema, role) =>
    [
      `grant usage on schema ${quote(schema)} to ${quote(role)}`,
      `grant select, insert, update, delete on all tables in schema ${quote(schema)} to ${quote(role)}`,
    ].join('; '),
  createTableAs: (relation, query, options) => `create ${tableWord(options)} ${render(relation)} as (\n${query}\n)`,
  createTable: (relation, columns, options) => createTableOf(relation, columns.map(definition), options),
  createTableOf,
  // Without partitions there is no file and no TOAST table, which take most of the time that it takes to make a table.
  createStandIn: (relation, columns) => {
    const table = createTableOf(relation, columns.map(definition))
    const [first] = columns
    return first === undefined ? table : `${table} partition by list ((${quote(first.name)} is null))`
  },
  // `create or replace view` may only add columns behind those that are there.
  canReplaceView: (published, next) =>
    published.every(({ name, type }, index) => next[index]?.name === name && next[index].type === type),
  viewsKeepColumns: true,
  createView: (relation, query) => `create or replace view ${render(relation)} as (\n${query}\n)`,
  materializedViews: {
    create: (relation, query) => `create materialized view ${render(relation)} as (\n${query}\n)`,
    refresh: (relation) => `refresh materialized view ${render(relation)}`,
  },
  drop: (relation, kind) => `drop ${WORDS[kind]} if exists ${render(relation)}`,
  rename: (relation, kind, to) => `alter ${WORDS[kind]} ${render(relation)} rename to ${quote(to)}`,
  addColumn: (relation, column) => `alter table ${render(relation)} add column ${definition(column)}`,
  dropColumn: (relation, column) => `alter table ${render(relation)} drop column ${quote(column)}`,
  alterColumnType: (relation, column) =>
    `alter table ${render(relation)} alter column ${quote(column.name)} set data type ${column.type} using ${quote(column.name)}::${column.type}`,
  createIndex: (relation, { name, columns, unique, type }) =>
    `create ${unique ? 'unique ' : ''}index ${quote(name)} on ${render(relation)}${type === undefined ? '' : ` using ${type}`} (${columns.join(', ')})`,
  dropIndex: ({ schema }, name) => `drop index if exists ${quote(schema)}.${quote(name)}`,
  commentOn: (relation, kind, comment) => `comment on ${WORDS[kind]} ${render(relation)} is ${stringLiteral(comment)}`,
  commentOnColumn: (relation, column, comment) =>
    `comment on column ${render(relation)}.${quote(column)} is ${stringLiteral(comment)}`,
  grants: postgresGrants,
  externalSource: () => undefined,
  temporarySchema: 'pg_temp',
  canWiden,
  canStore: (type) => !PSEUDO_TYPES.test(type),
  seedTypes: {
    integer: 'bigint',
    number: 'double precision',
    date: 'date',
    datetime: 'timestamp without time zone',
    boolean: 'boolean',
    text: 'text',
  },
  rowsOfJson: (json, columns) => {
    const shape = columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ')
    return `json_to_recordset(${stringLiteral(json)}) as json_rows (${shape})`
  },
  currentTimestamp: 'now()',
}

const WORDS: Readonly<Record<RelationKind, string>> = {
  table: 'table',
  view: 'view',
  materialized_view: 'materialized view',
}

function tableWord({ unlogged = false }: TableOptions = {}): string {
  return unlogged ? 'unlogged table' : 'table'
}

function createTableOf(relation: Relation, lines: readonly string[], options?: TableOptions): string {
  return `create ${tableWord(options)} ${render(relation)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`
}

function definition(column: ColumnDefinition): string {
  return `${quote(column.name)} ${column.type}`
}

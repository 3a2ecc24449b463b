import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { Dialect } from '../../sql/dialect.ts'
import { physicalIdentifier, type Relation, type RelationKind } from '../../sql/relation.ts'
import { renderExternalSource } from './external-source.ts'
import { quote, stringLiteral } from './literals.ts'
import { canWiden } from './widening.ts'

/** DuckDB's SQL. */
export const duckdbDialect: Dialect = {
  name: 'duckdb',
  // DuckDB has no limit of its own: Postgres' keeps names equal on both engines and inside what file systems take.
  maxIdentifierBytes: 63,
  cutsIdentifiers: false,
  canRenameIndexed: false,
  quote,
  foldCase: (identifier) => identifier,
  stringLiteral,
  render,
  createSchema: ({ database, schema }) =>
    `create schema if not exists ${database === undefined ? '' : `${quote(database)}.`}${quote(schema)}`,
  dropSchema: ({ database, schema }) =>
    `drop schema if exists ${database === undefined ? '' : `${quote(database)}.`}${quote(schema)} cascade`,
  // One process has the file.
  oneAtATime: (script) => script,
  grantWriting: () => undefined,
  createTableAs: (relation, query) => `create table ${render(relation)} as (\n${query}\n)`,
  createTable: (relation, columns) => createTableOf(relation, columns.map(definition)),
  createTableOf,
  createStandIn: (relation, columns) => createTableOf(relation, columns.map(definition)),
  canReplaceView: () => true,
  viewsKeepColumns: false,
  createView: (relation, query) => `create or replace view ${render(relation)} as (\n${query}\n)`,
  drop: (relation, kind) => `drop ${kind} if exists ${render(relation)}`,
  rename: (relation, kind, to) => `alter ${kind} ${render(relation)} rename to ${quote(to)}`,
  addColumn: (relation, column) => `alter table ${render(relation)} add column ${definition(column)}`,
  dropColumn: (relation, column) => `alter table ${render(relation)} drop column ${quote(column)}`,
  alterColumnType: (relation, column) =>
    `alter table ${render(relation)} alter column ${quote(column.name)} set data type ${column.type}`,
  commentOn: (relation: Relation, kind: RelationKind, comment: string) =>
    `comment on ${kind} ${render(relation)} is ${stringLiteral(comment)}`,
  commentOnColumn: (relation, column, comment) =>
    `comment on column ${render(relation)}.${quote(column)} is ${stringLiteral(comment)}`,
  createIndex: (relation, { name, columns, unique }) =>
    `create ${unique ? 'unique ' : ''}index ${quote(name)} on ${render(relation)} (${columns.join(', ')})`,
  dropIndex: ({ database, schema }, name) =>
    `drop index if exists ${[...(database === undefined ? [] : [database]), schema, name].map(quote).join('.')}`,
  externalSource: renderExternalSource,
  temporarySchema: 'temp',
  canWiden,
  canStore: () => true,
  seedTypes: {
    integer: 'bigint',
    number: 'double',
    date: 'date',
    datetime: 'timestamp',
    boolean: 'boolean',
    text: 'varchar',
  },
  rowsOfJson: (json, columns) => {
    const shape = JSON.stringify([Object.fromEntries(columns.map(({ name, type }) => [name, type]))])
    return `(select unnest(from_json(${stringLiteral(json)}, ${stringLiteral(shape)}), recursive := true)) as json_rows`
  },
  isValue: (text, type) => `try_cast(${stringLiteral(text)} as ${type}) is not null`,
  currentTimestamp: 'now()',
}

function render(relation: Relation): string {
  if (relation.expression !== undefined) return relation.expression
  const { database, schema, quoting } = relation
  const parts = [
    ...(database === undefined ? [] : [part(database, quoting?.database)]),
    part(schema, quoting?.schema),
    // A candidate's name is ours, and may be cut inside what the user wrote: it is always quoted.
    part(physicalIdentifier(relation), relation.physical === undefined ? quoting?.identifier : true),
  ]
  return parts.join('.')
}

function part(name: string, isQuoted = true): string {
  return isQuoted ? quote(name) : name
}

function createTableOf(relation: Relation, lines: readonly string[]): string {
  return `create table ${render(relation)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n)`
}

function definition(column: ColumnDefinition): string {
  return `${quote(column.name)} ${column.type}`
}

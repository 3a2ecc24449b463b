import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import { type SqlStatement, type Statement, sql } from '../sql/statement.ts'
import { createContractedTable } from './contract/create-table.ts'
import { findColumn } from './find-column.ts'
import { createIndexes } from './indexes.ts'
import type { BuildInput, PublishInput, PublishSteps } from './materialization.ts'
import { dropIndexes } from './standing-indexes.ts'

type FromQuery = Pick<BuildInput, 'compiled' | 'dialect' | 'contract'>

/**
 * A statement that holds the user's own SQL, with the place where that starts. With a contract the `sql_header` has run
 * already, when the columns were compared.
 */
export function mainStatement({ compiled, contract }: FromQuery, text: string): SqlStatement {
  const header = contract ? undefined : compiled.node.config.sql_header
  const whole = header === undefined ? text : `${terminated(header)}\n${text}`
  return { kind: 'sql', sql: whole, main: true, mainOffset: whole.lastIndexOf(compiled.sql) }
}

/** A `sql_header` as a statement of its own. */
export function terminated(header: string): string {
  return header.trim().replace(/;?$/, ';')
}

/** Makes a table from the user's own SQL; with a contract, a table that has its columns and constraints. */
export function createTableFrom(input: FromQuery, relation: Relation): readonly SqlStatement[] {
  const { compiled, dialect, contract } = input
  if (!contract) return [mainStatement(input, dialect.createTableAs(relation, compiled.sql))]
  const columns = contract.columns.map((column) => dialect.quote(column.name)).join(', ')
  const insert = `insert into ${dialect.render(relation)} (${columns})\nselect ${columns}\nfrom (\n${compiled.sql}\n) as model_subq`
  return [sql(createContractedTable({ dialect, relation, contract })), mainStatement(input, insert)]
}

/** Publishes a table that was built whole: it takes the published one's place, or its rows do. */
export function publishTable(input: PublishInput, table: Relation): PublishSteps {
  if (input.inPlace) return replaceRows(input, table)
  const effect = input.existing === undefined ? 'rows' : 'replaces'
  return { data: [], swap: swapIn(input, table), effect, becomesPublished: table }
}

/**
 * Puts a table in the place of what is published: the old relation is dropped, or renamed where it is to be kept, and
 * the new one takes its name. Indexes come after the rename where the engine cannot rename a table that has one.
 */
export function swapIn(input: PublishInput, table: Relation): readonly Statement[] {
  const { compiled, dialect, target } = input
  return [
    ...makeRoom(input),
    sql(dialect.rename(table, 'table', target.identifier)),
    ...createIndexes({ compiled, dialect, relation: target, when: 'after-rename' }),
    ...comments(input, 'table'),
    ...input.privileges.map(sql),
  ]
}

/** The published table stays and gets the rows of the new one. Never by truncating: readers would see that at once. */
function replaceRows(input: PublishInput, table: Relation): PublishSteps {
  const { dialect, target } = input
  const columns = input.candidateColumns.map((column) => dialect.quote(column.name)).join(', ')
  return {
    data: [
      ...keepCopy(input),
      sql(`delete from ${dialect.render(target)}`),
      sql(`insert into ${dialect.render(target)} (${columns})\n${selectAll(dialect, table, input.candidateColumns)}`),
    ],
    swap: comments(input, 'table'),
    effect: 'rows',
  }
}

/** A table that stays where it is cannot be renamed to be kept: what is kept is a copy of it. */
export function keepCopy({ dialect, target, retainAs }: PublishInput): readonly Statement[] {
  if (retainAs === undefined) return []
  return [sql(dialect.createTableAs({ ...target, physical: retainAs }, selectAll(dialect, target)))]
}

/** Takes the published relation away, or renames it where it is to be kept. */
export function makeRoom(input: PublishInput): readonly Statement[] {
  const { dialect, target, existing, retainAs, publishedIndexes } = input
  if (existing === undefined) return []
  if (existing.kind === 'table' && retainAs !== undefined) {
    return [...dropIndexes(dialect, target, publishedIndexes), sql(dialect.rename(target, 'table', retainAs))]
  }
  return [sql(dialect.drop(target, existing.kind))]
}

/**
 * The descriptions that `persist_docs` asks for, as comments; columns that are described but not there are left out.
 */
export function comments(input: PublishInput, kind: RelationKind): readonly Statement[] {
  const { node } = input.compiled
  const { relation, columns } = node.config.persist_docs
  const statements: Statement[] = []
  if (relation && node.description !== '') {
    statements.push(sql(input.dialect.commentOn(input.target, kind, node.description)))
  }
  if (!columns) return statements
  for (const described of node.columns) {
    const column = findColumn(input.candidateColumns, described.name)
    if (!column || described.description === '') continue
    statements.push(sql(input.dialect.commentOnColumn(input.target, column.name, described.description)))
  }
  return statements
}

/** A query of everything in a relation. */
export function selectAll(dialect: Dialect, relation: Relation, columns?: readonly ColumnInfo[]): string {
  const list = columns === undefined ? '*' : columns.map((column) => dialect.quote(column.name)).join(', ')
  return `select ${list} from ${dialect.render(relation)}`
}

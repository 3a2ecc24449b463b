import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import type { Dialect, TableOptions } from '../sql/dialect.ts'
import { physicalIdentifier, type Relation, type RelationKind } from '../sql/relation.ts'
import { type SqlStatement, type Statement, sql } from '../sql/statement.ts'
import { hasKey } from './contract/contract.ts'
import { createContractedTable } from './contract/create-table.ts'
import { findColumn } from './find-column.ts'
import { createIndexes, indexChanges } from './indexes.ts'
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
export function createTableFrom(input: FromQuery, relation: Relation, options: TableOptions): readonly SqlStatement[] {
  const { compiled, dialect, contract } = input
  if (!contract) return [mainStatement(input, dialect.createTableAs(relation, compiled.sql, options))]
  const columns = contract.columns.map((column) => dialect.quote(column.name)).join(', ')
  const insert = `insert into ${dialect.render(relation)} (${columns})\nselect ${columns}\nfrom (\n${compiled.sql}\n) as model_subq`
  return [sql(createContractedTable({ dialect, relation, contract, options })), mainStatement(input, insert)]
}

/** How the tables of a node are made that are published. */
export function tableOptions({ config }: Model | Seed | Snapshot): TableOptions {
  return { unlogged: config.unlogged === true }
}

/** How tables are made that are gone with the run: no crash of the server has to be survived by them. */
export const SCRATCH_TABLE: TableOptions = { unlogged: true }

/** Publishes a table that was built whole: it takes the published one's place, or its rows do. */
export function publishTable(input: PublishInput, table: Relation): PublishSteps {
  if (input.inPlace && !indexesAreInTheWay(input, { takesKeysOut: true })) return replaceRows(input, table)
  const effect = input.existing === undefined ? 'rows' : 'replaces'
  return { data: [], swap: swapIn(input, table), effect, becomesPublished: table }
}

/**
 * Puts a table in the place of what is published: the old relation is dropped, or renamed where it is to be kept, and
 * the new one takes its name. Indexes come after the rename where the engine cannot rename a table that has one.
 */
export function swapIn(input: PublishInput, table: Relation): readonly Statement[] {
  const { dialect, target } = input
  return [
    ...makeRoom(input),
    sql(dialect.rename(table, 'table', target.identifier)),
    ...createIndexes({ ...indexedTarget(input), when: 'after-rename' }),
    ...comments(input, 'table'),
    ...input.privileges.map(sql),
  ]
}

/** The published table stays and gets the rows of the new one. Never by truncating: readers would see that at once. */
function replaceRows(input: PublishInput, table: Relation): PublishSteps {
  const { dialect, target } = input
  const columns = input.candidateColumns.map((column) => dialect.quote(column.name)).join(', ')
  return changeRows(input, [
    sql(`delete from ${dialect.render(target)}`),
    sql(`insert into ${dialect.render(target)} (${columns})\n${selectAll(dialect, table, input.candidateColumns)}`),
  ])
}

/** Changes the rows of a published table that stays, and its indexes to those that the config asks for now. */
export function changeRows(input: PublishInput, changes: readonly Statement[]): PublishSteps {
  const { drops, creates } = indexChanges(indexedTarget(input), input.publishedIndexes)
  const described = comments(input, 'table')
  if (drops.length === 0) {
    return { data: [...keepCopy(input), ...changes, ...creates], swap: described, effect: 'rows' }
  }
  return { data: keepCopy(input), swap: [...drops, ...changes, ...creates, ...described], effect: 'extends' }
}

/**
 * Some engines do not let a row in whose key was taken out in the same transaction, where an index is unique, nor make an
 * index on rows that were changed in it.
 */
export function indexesAreInTheWay(input: PublishInput, changes: { readonly takesKeysOut: boolean }): boolean {
  const { dialect, publishedIndexes, contract } = input
  if (dialect.canRenameIndexed) return false
  const { drops, creates } = indexChanges(indexedTarget(input), publishedIndexes)
  const hasKeys = hasKey(contract) || publishedIndexes.some(({ unique }) => unique)
  return drops.length + creates.length > 0 || (hasKeys && changes.takesKeysOut)
}

/** The published relation, as what indexes are made on. */
export function indexedTarget(input: PublishInput): Parameters<typeof indexChanges>[0] {
  const { compiled, dialect, target, candidate, candidateColumns: columns } = input
  return { compiled, dialect, relation: target, salt: physicalIdentifier(candidate), columns }
}

/** A table that stays where it is cannot be renamed to be kept: what is kept is a copy of it. */
export function keepCopy({ compiled, dialect, target, retainAs }: PublishInput): readonly Statement[] {
  if (retainAs === undefined) return []
  const copy = { ...target, physical: retainAs }
  return [sql(dialect.createTableAs(copy, selectAll(dialect, target), tableOptions(compiled.node)))]
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

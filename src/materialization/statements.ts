import type { ColumnInfo } from '../adapters/adapter.ts'
import type { CompiledNode } from '../compile/compiled-node.ts'
import type { Model, Seed, Snapshot } from '../manifest/nodes.ts'
import type { Dialect } from '../sql/dialect.ts'
import type { Relation, RelationKind } from '../sql/relation.ts'
import { type SqlStatement, type Statement, sql } from '../sql/statement.ts'
import { createIndexes } from './indexes.ts'
import type { PublishInput } from './materialization.ts'
import { dropIndexes } from './standing-indexes.ts'

/** A statement that holds the user's own SQL, with the place where that starts. */
export function mainStatement(compiled: CompiledNode<Model | Seed | Snapshot>, text: string): SqlStatement {
  const header = compiled.node.config.sql_header
  const whole = header === undefined ? text : `${header.trim().replace(/;?$/, ';')}\n${text}`
  return { kind: 'sql', sql: whole, main: true, mainOffset: whole.lastIndexOf(compiled.sql) }
}

/** Makes a table from the user's own SQL. */
export function createTableFrom(
  compiled: CompiledNode<Model | Seed | Snapshot>,
  dialect: Dialect,
  relation: Relation,
): SqlStatement {
  return mainStatement(compiled, dialect.createTableAs(relation, compiled.sql))
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
  ]
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

/** The column of a name; case is ignored, as both engines do for names that are not quoted. */
export function findColumn<Column extends { readonly name: string }>(
  columns: readonly Column[],
  name: string,
): Column | undefined {
  return (
    columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  )
}

/** A query of everything in a relation. */
export function selectAll(dialect: Dialect, relation: Relation, columns?: readonly ColumnInfo[]): string {
  const list = columns === undefined ? '*' : columns.map((column) => dialect.quote(column.name)).join(', ')
  return `select ${list} from ${dialect.render(relation)}`
}

import type { Constraint } from '../../manifest/nodes.ts'
import type { ColumnDefinition } from '../../sql/column-definition.ts'
import type { Dialect, TableOptions } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { findColumn } from '../find-column.ts'
import type { Contract } from './contract.ts'

/**
 * A table with the constraints of a contract, so that the engine refuses rows that break them. `columns` may be more than
 * those of the contract. All engines know this part of SQL.
 *
 * A foreign key whose parent is named by `to` is not among them: it is checked by the run. A table that another one refers
 * to can be neither dropped nor renamed, so that no such parent could ever be published again.
 */
export function createContractedTable(input: {
  readonly dialect: Dialect
  readonly relation: Relation
  readonly contract: Contract
  readonly columns?: readonly ColumnDefinition[]
  readonly options: TableOptions
}): string {
  const { dialect, relation, contract, options } = input
  const columns = input.columns ?? contract.columns
  const ofModel = contract.constraints.flatMap((constraint) => tableConstraint(constraint, columns, dialect) ?? [])
  const lines = [...columns.map((column) => columnLine(column, contract, dialect)), ...ofModel]
  return dialect.createTableOf(relation, lines, options)
}

function columnLine(column: ColumnDefinition, contract: Contract, dialect: Dialect): string {
  const own = findColumn(contract.columns, column.name)?.constraints ?? []
  // SQL has no NOT NULL for a whole table: one that names columns stands on each of them.
  const notNull = contract.constraints.filter(({ type, columns }) => {
    return type === 'not_null' && columns.some((name) => name.toLowerCase() === column.name.toLowerCase())
  })
  const parts = [...own, ...notNull].flatMap((constraint) => columnConstraint(constraint, dialect) ?? [])
  return [`${dialect.quote(column.name)} ${column.type}`, ...new Set(parts)].join(' ')
}

function columnConstraint(constraint: Constraint, dialect: Dialect): string | undefined {
  const { expression } = constraint
  switch (constraint.type) {
    case 'check':
      return `${named(constraint, dialect)}check (${expression})`
    case 'not_null':
      return joined('not null', expression)
    case 'unique':
      return joined('unique', expression)
    case 'primary_key':
      return joined('primary key', expression)
    case 'foreign_key':
      return isDeclared(constraint) ? `${named(constraint, dialect)}references ${expression}` : undefined
    case 'custom':
      return expression
  }
}

function tableConstraint(
  constraint: Constraint,
  columns: readonly ColumnDefinition[],
  dialect: Dialect,
): string | undefined {
  const { expression } = constraint
  const list = `(${constraint.columns.map((name) => dialect.quote(findColumn(columns, name)?.name ?? name)).join(', ')})`
  switch (constraint.type) {
    case 'check':
      return `${named(constraint, dialect)}check (${expression})`
    case 'not_null':
      return undefined
    case 'unique':
      return `${joined('unique', expression)} ${list}`
    case 'primary_key':
      return `${joined('primary key', expression)} ${list}`
    case 'foreign_key':
      return isDeclared(constraint)
        ? `${named(constraint, dialect)}foreign key ${list} references ${expression}`
        : undefined
    case 'custom':
      return `${named(constraint, dialect)}${expression}`
  }
}

/** A foreign key that names its parent by `to` is the run's to check, whatever else it says. */
function isDeclared({ to, expression }: Constraint): boolean {
  return to === undefined && expression !== undefined
}

/** Keys go without their names: an engine may keep one for a whole schema, where the published table has it still. */
function named({ name }: Constraint, dialect: Dialect): string {
  return name === undefined ? '' : `constraint ${dialect.quote(name)} `
}

function joined(words: string, expression: string | undefined): string {
  return expression === undefined ? words : `${words} ${expression}`
}

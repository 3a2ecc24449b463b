import type { NodeBase } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import type { Relation } from '../../sql/relation.ts'
import { describeKey } from '../describe-key.ts'
import type { Check } from '../materialization.ts'
import { lossyCasts, type PlannedColumn, storedValue } from './columns.ts'
import { doesNotFit, duplicateKey, nullKey } from './problems.ts'
import type { Key } from './settings.ts'
import type { Merge } from './strategies.ts'

/** What must hold of the new rows before they may be merged. */
export function mergeChecks(merge: Merge, node: NodeBase): readonly Check[] {
  const { dialect, delta, target, plan, settings } = merge
  const keys = settings.keys.length === 0 ? [] : [nullKeyCheck(merge, node)]
  const duplicates = settings.keys.length === 0 || settings.allowsDuplicateKeys ? [] : [duplicateKeyCheck(merge, node)]
  const castCheck = (side: 'old' | 'fresh', relation: Relation) => (column: PlannedColumn) =>
    fitCheck({ column, side, relation, dialect, node })
  return [
    ...keys,
    ...duplicates,
    ...lossyCasts(plan, 'fresh', dialect).map(castCheck('fresh', delta)),
    ...lossyCasts(plan, 'old', dialect).map(castCheck('old', target)),
  ]
}

function nullKeyCheck({ dialect, delta, settings }: Merge, node: NodeBase): Check {
  const keys = settings.keys.map((key) => keySql(key, dialect))
  return {
    sql: [
      `select ${keyColumns(settings.keys, dialect)}`,
      `from ${dialect.render(delta)}`,
      `where ${keys.map((key) => `${key} is null`).join(' or ')}`,
      'limit 1',
    ].join('\n'),
    diagnostic: (row, columns) => nullKey(node, describeKey(row, columns)),
  }
}

function duplicateKeyCheck({ dialect, delta, settings }: Merge, node: NodeBase): Check {
  const positions = settings.keys.map((_, index) => index + 1).join(', ')
  return {
    sql: [
      `select ${keyColumns(settings.keys, dialect)}, count(*)`,
      `from ${dialect.render(delta)}`,
      `group by ${positions}`,
      'having count(*) > 1',
      'limit 1',
    ].join('\n'),
    diagnostic: (row, columns) => duplicateKey(node, describeKey(row.slice(0, -1), columns), String(row.at(-1))),
  }
}

/** Casts every value now: while the node is built, and not only when it is published. The engine names the value. */
function fitCheck(input: {
  readonly column: PlannedColumn
  readonly side: 'old' | 'fresh'
  readonly relation: Relation
  readonly dialect: Dialect
  readonly node: NodeBase
}): Check {
  const { column, side, relation, dialect, node } = input
  const alias = 'stored'
  const value = storedValue(column, side, { dialect, alias })
  const original = `${alias}.${dialect.quote(column[side]?.name ?? column.name)}`
  return {
    sql: [
      `select ${original}`,
      `from ${dialect.render(relation)} as ${alias}`,
      `where ${value} is null and ${original} is not null`,
      'limit 1',
    ].join('\n'),
    diagnostic: () => doesNotFit(node, column.name, column.type),
  }
}

function keyColumns(keys: readonly Key[], dialect: Dialect): string {
  return keys.map((key) => `${keySql(key, dialect)} as ${dialect.quote(keyName(key))}`).join(', ')
}

function keySql(key: Key, dialect: Dialect): string {
  return key.kind === 'column' ? dialect.quote(key.name) : `(${key.sql})`
}

function keyName(key: Key): string {
  return key.kind === 'column' ? key.name : key.sql
}

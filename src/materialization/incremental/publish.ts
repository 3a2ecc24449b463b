import type { Relation } from '../../sql/relation.ts'
import { sql } from '../../sql/statement.ts'
import { allConstraints } from '../contract/contract.ts'
import { createContractedTable } from '../contract/create-table.ts'
import { createIndexes, indexChanges } from '../indexes.ts'
import type { PublishInput, PublishSteps } from '../materialization.ts'
import {
  changeRows,
  comments,
  indexedTarget,
  indexesAreInTheWay,
  keepCopy,
  selectAll,
  swapIn,
  tableOptions,
} from '../statements.ts'
import { alterStatements } from './columns.ts'
import { type Merge, mergeStatements } from './strategies.ts'

/**
 * Merges the new rows into the published table, in place: columns first, then rows. Where the old table is kept, or
 * cannot be altered, the new table is a copy of what the candidate shows, swapped in.
 */
export function publishMerge(input: PublishInput, merge: Merge): PublishSteps {
  const { dialect, target } = input
  const alters = alterStatements(merge.plan, target, dialect)
  const described = { ...input, candidateColumns: merge.plan.columns }
  const keepsOld = input.retainAs !== undefined && !input.inPlace
  if (keepsOld || cannotChange(described, merge, alters.length > 0)) return swapWhole(described)
  const merges = mergeStatements(merge).map(sql)
  if (alters.length === 0) return changeRows(described, merges)
  const { drops, creates } = indexChanges(indexedTarget(described), input.publishedIndexes)
  const onlyAdds =
    merge.plan.dropped.length === 0 && merge.plan.columns.every(({ old, type }) => !old || old.type === type)
  return {
    data: keepCopy(input),
    swap: [
      // The view that shows the table as it will be stands on the columns that change.
      sql(dialect.drop(input.candidate, 'view')),
      ...drops,
      ...alters.map(sql),
      ...merges,
      ...creates,
      ...comments(described, 'table'),
    ],
    effect: onlyAdds ? 'extends' : 'replaces',
  }
}

/** An engine that cannot rename a table with its indexes cannot alter it either. */
function cannotChange(input: PublishInput, merge: Merge, isAltered: boolean): boolean {
  // The new columns of a contract have constraints of their own.
  if (isAltered && allConstraints(input.contract).length > 0) return true
  const isIndexed = isAltered && input.publishedIndexes.length > 0
  const takesKeysOut = merge.settings.strategy !== 'append'
  return indexesAreInTheWay(input, { takesKeysOut }) || (isIndexed && !input.dialect.canRenameIndexed)
}

/** The published table stays as it is, to be kept or dropped; a copy of what the candidate shows takes its place. */
function swapWhole(input: PublishInput): PublishSteps {
  const whole = input.auxiliary('whole')
  return {
    data: [
      ...copyOf(input, whole).map(sql),
      ...createIndexes({ ...indexedTarget(input), relation: whole, when: 'before-rename' }),
    ],
    // The view that shows the table as it will be stands on the table that goes.
    swap: [sql(input.dialect.drop(input.candidate, 'view')), ...swapIn(input, whole)],
    effect: 'replaces',
  }
}

function copyOf(input: PublishInput, whole: Relation): readonly string[] {
  const { dialect, candidate, contract, candidateColumns: columns } = input
  const options = tableOptions(input.compiled.node)
  const rows = selectAll(dialect, candidate)
  if (!contract) return [dialect.createTableAs(whole, rows, options)]
  const create = createContractedTable({ dialect, relation: whole, contract, columns, options })
  return [create, `insert into ${dialect.render(whole)}\n${rows}`]
}

import type { Relation } from '../../sql/relation.ts'
import { sql } from '../../sql/statement.ts'
import { allConstraints, hasKey } from '../contract/contract.ts'
import { createContractedTable } from '../contract/create-table.ts'
import { createIndexes } from '../indexes.ts'
import type { PublishInput, PublishSteps } from '../materialization.ts'
import { comments, keepCopy, selectAll, swapIn } from '../statements.ts'
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
  if (keepsOld || cannotChange(input, merge, alters.length > 0)) return swapWhole(described)
  const merges = mergeStatements(merge).map(sql)
  if (alters.length === 0) {
    return { data: [...keepCopy(input), ...merges], swap: comments(described, 'table'), effect: 'rows' }
  }
  const onlyAdds =
    merge.plan.dropped.length === 0 && merge.plan.columns.every(({ old, type }) => !old || old.type === type)
  return {
    data: keepCopy(input),
    // The view that shows the table as it will be stands on the columns that change.
    swap: [sql(dialect.drop(input.candidate, 'view')), ...alters.map(sql), ...merges, ...comments(described, 'table')],
    effect: onlyAdds ? 'extends' : 'replaces',
  }
}

/**
 * An engine that cannot rename a table with its indexes cannot alter it either. Nor does it let a row in whose key was
 * taken out in the same transaction, where the index is unique.
 */
function cannotChange(
  { compiled, dialect, contract, publishedIndexes }: PublishInput,
  merge: Merge,
  isAltered: boolean,
): boolean {
  // The new columns of a contract have constraints of their own.
  if (isAltered && allConstraints(contract).length > 0) return true
  if (dialect.canRenameIndexed) return false
  const takesKeysOut = merge.settings.strategy !== 'append'
  const indexes = [...publishedIndexes, ...(compiled.node.config.indexes ?? [])]
  return (hasKey(contract) && takesKeysOut) || indexes.some(({ unique }) => isAltered || (unique && takesKeysOut))
}

/** The published table stays as it is, to be kept or dropped; a copy of what the candidate shows takes its place. */
function swapWhole(input: PublishInput): PublishSteps {
  const { compiled, dialect } = input
  const whole = input.auxiliary('whole')
  return {
    data: [
      ...copyOf(input, whole).map(sql),
      ...createIndexes({ compiled, dialect, relation: whole, when: 'before-rename' }),
    ],
    // The view that shows the table as it will be stands on the table that goes.
    swap: [sql(dialect.drop(input.candidate, 'view')), ...swapIn(input, whole)],
    effect: 'replaces',
  }
}

function copyOf({ dialect, candidate, contract, candidateColumns }: PublishInput, whole: Relation): readonly string[] {
  const rows = selectAll(dialect, candidate)
  if (!contract) return [dialect.createTableAs(whole, rows)]
  const create = createContractedTable({ dialect, relation: whole, contract, columns: candidateColumns })
  return [create, `insert into ${dialect.render(whole)}\n${rows}`]
}

import { type Statement, sql } from '../../sql/statement.ts'
import { createIndexes } from '../indexes.ts'
import type { PublishInput } from '../materialization.ts'
import { comments, selectAll, swapIn } from '../statements.ts'
import { alterStatements } from './columns.ts'
import { type Merge, mergeStatements } from './strategies.ts'

/**
 * Merges the new rows into the published table, in place: columns first, then rows. Where the old table is kept, or
 * cannot be altered, the new table is a copy of what the candidate shows, swapped in.
 */
export function publishMerge(input: PublishInput, merge: Merge): readonly Statement[] {
  const { dialect, target } = input
  const alters = alterStatements(merge.plan, target, dialect)
  const described = { ...input, candidateColumns: merge.plan.columns }
  if (input.retainAs !== undefined || cannotChange(input, alters.length > 0)) return swapWhole(described)
  return [
    // The view that shows the table as it will be stands on the columns that change.
    ...(alters.length > 0 ? [sql(dialect.drop(input.candidate, 'view'))] : []),
    ...alters.map(sql),
    ...mergeStatements(merge).map(sql),
    ...comments(described, 'table'),
  ]
}

/**
 * An engine that cannot rename a table with its indexes cannot alter it either. Nor does it let a row in whose key was
 * taken out in the same transaction, where the index is unique.
 */
function cannotChange({ compiled, dialect, publishedIndexes }: PublishInput, isAltered: boolean): boolean {
  const indexes = [...publishedIndexes, ...(compiled.node.config.indexes ?? [])]
  return !dialect.canRenameIndexed && indexes.some(({ unique }) => isAltered || unique)
}

/** The published table stays as it is, to be kept or dropped; a copy of what the candidate shows takes its place. */
function swapWhole(input: PublishInput): readonly Statement[] {
  const { compiled, dialect, candidate } = input
  const whole = input.auxiliary('whole')
  return [
    sql(dialect.createTableAs(whole, selectAll(dialect, candidate))),
    ...createIndexes({ compiled, dialect, relation: whole, when: 'before-rename' }),
    ...swapIn(input, whole),
  ]
}

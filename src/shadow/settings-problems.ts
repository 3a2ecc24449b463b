import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { collecting } from '../diagnostics/errors.ts'
import type { Model } from '../manifest/nodes.ts'
import { incrementalSettings } from '../materialization/incremental/settings.ts'
import { checkIndexes } from '../materialization/indexes.ts'
import type { Dialect } from '../sql/dialect.ts'

/**
 * What is wrong with settings that speak of columns: the key and the columns to merge of an incremental model, and indexes. A
 * run would tell some of it only when it merges for the first time.
 */
export function settingsProblems(
  model: Model,
  columns: readonly ColumnInfo[],
  dialect: Dialect,
): readonly Diagnostic[] {
  const problems: Diagnostic[] = []
  const { materialized } = model.config
  if (materialized === 'incremental') collecting(problems, () => incrementalSettings(model, columns))
  if (materialized !== 'view') collecting(problems, () => checkIndexes({ compiled: { node: model }, dialect, columns }))
  return problems
}

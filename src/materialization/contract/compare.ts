import type { ColumnInfo } from '../../adapters/adapter.ts'
import { UserError } from '../../diagnostics/errors.ts'
import type { Model } from '../../manifest/nodes.ts'
import type { Dialect } from '../../sql/dialect.ts'
import { isSameType } from '../../sql/type-names.ts'
import { findColumn } from '../find-column.ts'
import type { Contract, ContractColumn } from './contract.ts'
import type { Difference } from './difference.ts'
import { contractBroken } from './problems.ts'

/**
 * Holds the columns of a query against those of the model's contract. `promised` are the contract's types as the engine
 * names them, in the order of the model's columns. Throws `UserError` with every difference.
 */
export function contractFor(
  model: Model,
  promised: readonly string[],
  given: readonly ColumnInfo[],
  dialect: Pick<Dialect, 'canWiden'>,
): Contract {
  const columns: ContractColumn[] = []
  const differences: Difference[] = []
  for (const [index, column] of model.columns.entries()) {
    const type = promised[index] ?? ''
    const found = findColumn(given, column.name)
    if (found && isSameType(found.type, type)) {
      // Where the contract names no size, the engine's own must not cut values off: DuckDB's `numeric` has three decimals.
      const isCut = !/\(/.test(column.data_type ?? '') && !dialect.canWiden(found.type, type)
      columns.push({ name: found.name, type: isCut ? found.type : type, constraints: column.constraints })
    } else differences.push({ name: column.name, promised: type, column, ...(found ? { given: found.type } : {}) })
  }
  for (const { name, type } of given) {
    if (!findColumn(model.columns, name)) differences.push({ name, given: type })
  }
  if (differences.length > 0) throw new UserError(contractBroken(model, differences))
  return { columns, constraints: model.constraints }
}

import { type ColumnInfo, type Connection, isRefusal } from '../adapters/adapter.ts'
import { saidOfType } from '../compile/database-diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { ColumnProperties, Model } from '../manifest/nodes.ts'
import { writtenType } from '../materialization/contract/contract.ts'
import { contractTypeUnknown } from '../materialization/contract/problems.ts'

/** The types of a model's contract as the engine names them. Throws `UserError` where one of them is none. */
export async function promisedTypes(connection: Connection, model: Model): Promise<readonly string[]> {
  try {
    return (await describeTypes(connection, model, model.columns)).map(({ type }) => type)
  } catch (error) {
    if (!isRefusal(error)) throw error
    // One of them is no type: each alone says which.
    for (const column of model.columns) {
      await describeTypes(connection, model, [column]).catch((reason: unknown) => {
        if (!isRefusal(reason)) throw reason
        throw new UserError(contractTypeUnknown(model, column, saidOfType(column.data_type ?? '', reason)), {
          cause: reason,
        })
      })
    }
    throw error
  }
}

function describeTypes(
  connection: Connection,
  model: Model,
  columns: readonly ColumnProperties[],
): Promise<readonly ColumnInfo[]> {
  const values = columns.map((column, index) => `cast(null as ${writtenType(model, column)}) as column_${index + 1}`)
  return connection.describeQuery(`select ${values.join(', ')}`)
}

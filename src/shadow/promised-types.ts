import { type Connection, isRefusal } from '../adapters/adapter.ts'
import { saidOfType } from '../compile/database-diagnostic.ts'
import { UserError } from '../diagnostics/errors.ts'
import type { Model } from '../manifest/nodes.ts'
import { writtenType } from '../materialization/contract/contract.ts'
import { contractTypeUnknown } from '../materialization/contract/problems.ts'
import { firstRefused, nameTypes } from './written-types.ts'

/** The types of a model's contract as the engine names them. Throws `UserError` where one of them is none. */
export async function promisedTypes(connection: Connection, model: Model): Promise<readonly string[]> {
  const types = model.columns.map((column) => writtenType(model, column))
  try {
    return await nameTypes(connection, types)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const wrong = await firstRefused(connection, types)
    if (!wrong) throw error
    const column = model.columns[wrong.index]!
    const said = saidOfType(column.data_type ?? '', wrong.refusal)
    throw new UserError(contractTypeUnknown(model, column, said), { cause: wrong.refusal })
  }
}

import { type Connection, type DatabaseError, isRefusal } from '../adapters/adapter.ts'

/** Types that people wrote, as the engine names them. Fails where one of them is none. */
export async function nameTypes(connection: Connection, types: readonly string[]): Promise<readonly string[]> {
  const values = types.map((type, index) => `cast(null as ${type}) as column_${index + 1}`)
  const columns = await connection.describeQuery(`select ${values.join(', ')}`)
  return columns.map(({ type }) => type)
}

/** The first of these types that the engine does not know, and what it says; undefined where it knows all of them. */
export async function firstRefused(
  connection: Connection,
  types: readonly string[],
): Promise<{ readonly index: number; readonly refusal: DatabaseError } | undefined> {
  if (!(await refusalOf(connection, types))) return undefined
  for (const [index, type] of types.entries()) {
    const refusal = await refusalOf(connection, [type])
    if (refusal) return { index, refusal }
  }
  return undefined
}

async function refusalOf(connection: Connection, types: readonly string[]): Promise<DatabaseError | undefined> {
  try {
    await nameTypes(connection, types)
    return undefined
  } catch (error) {
    if (isRefusal(error)) return error
    throw error
  }
}

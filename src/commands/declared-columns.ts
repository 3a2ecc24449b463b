import type { ColumnInfo } from '../adapters/adapter.ts'
import type { Source } from '../manifest/nodes.ts'

/** The columns of a source as they are declared, where all of them say their types. */
export function declaredColumns({ columns }: Source): readonly ColumnInfo[] | undefined {
  const typed = columns.flatMap(({ name, data_type: type }) => (type === undefined ? [] : [{ name, type }]))
  return typed.length > 0 && typed.length === columns.length ? typed : undefined
}

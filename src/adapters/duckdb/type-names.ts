import { isJsonObject, type Json } from '../../util/json.ts'
import type { ColumnInfo } from '../adapter.ts'
import type { PlannedColumn } from './named-query.ts'

/** DuckDB's names of types by its descriptions of them in plans. Nothing is known here that was not learned. */
export class TypeNames {
  readonly #names = new Map<string, string>()

  learn(type: Json | undefined, name: string): void {
    if (type !== undefined && isWhole(type)) this.#names.set(JSON.stringify(type), name)
  }

  /** Undefined where one of the types was not learned. */
  columnsOf(planned: readonly PlannedColumn[]): readonly ColumnInfo[] | undefined {
    const columns: ColumnInfo[] = []
    for (const column of planned) {
      const type = this.#names.get(JSON.stringify(column.type))
      if (type === undefined) return undefined
      columns.push({ name: column.name, type })
    }
    return columns
  }
}

/** Plans leave out what is empty, and so an empty text among the values of an enum, wherever it stood. */
function isWhole(type: Json): boolean {
  if (Array.isArray(type)) return type.every(isWhole)
  if (!isJsonObject(type)) return true
  const { values, values_count: count } = type
  if (count !== undefined && !(Array.isArray(values) && values.length === count)) return false
  return Object.values(type).every(isWhole)
}

import { isJsonObject, type Json } from '../../util/json.ts'

/** DuckDB's names of types by its descriptions of them in plans. Nothing is known here that was not learned. */
export class TypeNames {
  readonly #names = new Map<string, string>()

  learn(type: Json, name: string): void {
    if (isWhole(type)) this.#names.set(JSON.stringify(type), name)
  }

  nameOf(type: Json): string | undefined {
    return this.#names.get(JSON.stringify(type))
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

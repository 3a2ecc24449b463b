import type pg from 'pg'

interface Typed {
  readonly dataTypeID: number
  readonly dataTypeModifier: number
}

/** The names of types as Postgres writes them, each asked for once: `numeric(18,2)`. Shared by the connections of an adapter. */
export class TypeNames {
  readonly #names = new Map<string, string>()

  /** The names in the order of the columns. */
  async of(client: pg.Client, columns: readonly Typed[]): Promise<readonly string[]> {
    const unknown = [...new Map(columns.map((column) => [keyOf(column), column])).values()].filter(
      (column) => !this.#names.has(keyOf(column)),
    )
    if (unknown.length > 0) {
      const calls = unknown.map((column) => `pg_catalog.format_type(${column.dataTypeID}, ${column.dataTypeModifier})`)
      const { rows } = await client.query<string[]>({ text: `select ${calls.join(', ')}`, rowMode: 'array' })
      for (const [index, column] of unknown.entries()) this.#names.set(keyOf(column), rows[0]?.[index] ?? 'unknown')
    }
    return columns.map((column) => this.#names.get(keyOf(column))!)
  }
}

function keyOf({ dataTypeID, dataTypeModifier }: Typed): string {
  return `${dataTypeID}:${dataTypeModifier}`
}

/**
 * Where the columns of one query come from, as the engine that binds it says: names are resolved, stars are expanded, and
 * nothing is guessed.
 */
export interface QueryLineage {
  /** One for each column of the query, in their order. */
  readonly columns: readonly ColumnLineage[]
  /**
   * What decides which rows there are, how often and in what order they were cut: columns of filters, join conditions, group
   * keys, `distinct`, set operations and limits. Each counts for every column of the query, or for those that it names. No
   * column twice for one reason.
   */
  readonly rows: readonly RowInfluence[]
}

export interface ColumnLineage {
  readonly name: string
  /** None for constants. No column twice. */
  readonly inputs: readonly ColumnInput[]
}

/** A column that values are made of. */
export interface ColumnInput extends ColumnReference {
  /** `copied`: the value itself, under whatever name; `derived`: something computed from it, casts among that. */
  readonly how: 'copied' | 'derived'
}

/** A column that decides about rows. */
export interface RowInfluence extends ColumnReference {
  readonly how: 'filtered' | 'joined' | 'grouped' | 'ordered'
  /**
   * The columns of the query for which it counts; absent where it counts for all. A `left join` that finds one row at most
   * decides about what it adds, and not about the rows that were there.
   */
  readonly columns?: readonly string[]
}

export interface ColumnReference {
  /** The relation that the query reads, as the engine calls it. */
  readonly schema: string
  readonly relation: string
  /** Undefined where only this is known: some columns of the relation, perhaps all. */
  readonly column: string | undefined
}

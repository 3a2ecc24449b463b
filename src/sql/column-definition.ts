/** A column of a relation that is made or read. */
export interface ColumnDefinition {
  readonly name: string
  /** A type of the engine, as the dialect writes it. */
  readonly type: string
}

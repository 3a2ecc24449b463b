/** Python's tuple: a list that cannot be changed and prints in parentheses. */
export class Tuple {
  readonly items: readonly unknown[]

  constructor(items: readonly unknown[]) {
    this.items = items
  }

  static of(...items: readonly unknown[]): Tuple {
    return new Tuple(items)
  }
}

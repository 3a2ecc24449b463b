/**
 * A float whose value is a whole number: `1.0`, `4 / 2`. JavaScript does not tell it from an integer, Python prints `1.0`.
 * All other floats are plain numbers.
 */
export class WholeFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A float as templates see it. */
export function float(value: number): number | WholeFloat {
  return Number.isInteger(value) ? new WholeFloat(value) : value
}

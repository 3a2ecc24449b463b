/**
 * A value that came out of a database, as plain data. What JavaScript cannot hold exactly stays exact:
 * integers beyond 2^53 are bigint, decimals are `Decimal` (their digits as text), dates and timestamps are text in ISO 8601.
 */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Decimal
  | DateValue
  | TimestampValue
  | readonly SqlValue[]
  | { readonly [key: string]: SqlValue }

/** A fixed-point number with its scale kept: `41416.66`, `500.00`. */
export class Decimal {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  toString(): string {
    return this.digits
  }
}

/** A calendar date, `2020-02-03`. */
export class DateValue {
  readonly iso: string

  constructor(iso: string) {
    this.iso = iso
  }

  toString(): string {
    return this.iso
  }
}

/** A point or wall-clock time: `2020-02-03T14:00:01.001` without a zone, `2020-02-03T14:00:01.001+00:00` with one. */
export class TimestampValue {
  readonly iso: string
  readonly hasZone: boolean

  constructor(iso: string, hasZone: boolean) {
    this.iso = iso
    this.hasZone = hasZone
  }

  toString(): string {
    return this.iso
  }
}

/** The rows of a query, with what the engine says of their columns. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly SqlValue[])[]
}

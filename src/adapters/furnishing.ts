import type { DatabaseError } from './adapter.ts'

/** What of a vocabulary could not be made in an empty database. */
export interface Furnishing {
  /** Extensions that cannot be had there. */
  readonly lacking: readonly string[]
  readonly refused: readonly Refused[]
}

export interface Refused {
  readonly list: 'types' | 'functions' | 'collations'
  readonly index: number
  readonly error: DatabaseError
}

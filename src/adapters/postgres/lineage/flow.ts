import type { Inputs, Rows } from '../../../sql/lineage-inputs.ts'
import type { Numbering } from '../../../sql/numbered-rows.ts'
import type { TreeNode } from './node-tree.ts'

/** What comes out of a query, or of an entry of its range table. */
export interface Flow {
  /** How many columns there are. */
  readonly width: number
  /** What a column is made of, counted from 1. */
  column(number: number): Inputs
  /** What decides which rows there are, and how often. */
  rows(): Rows
  /** What the rows are ordered by when they come out, as far as the query says. It counts only where somebody above looks. */
  order(): Inputs
  /** Each tells its rows apart; none where nothing is known. Absent for none. */
  keys?(): readonly Key[]
  /** Columns that number the rows of groups. Absent for none. */
  numberings?(): readonly Numbering[]
}

/**
 * Columns, by their numbers, of which no two rows have the same values. Without any there is one row at most. Only what a query
 * itself makes so is known (`group by`, `distinct`), not what is so in the data.
 */
export type Key = readonly number[]

/** A query while its expressions are read. */
export interface Scope {
  readonly query: TreeNode
  /** The query that this one stands in; what refers to it counts levels up. */
  readonly outer: Scope | undefined
  readonly catalog: LineageCatalog
  /** An entry of the range table, counted from 1. */
  entry(number: number): Flow
  /** A query that stands in this one. */
  open(query: TreeNode): Flow
  /** A common table expression of this query. */
  commonTable(name: string): Flow
  /** The order in which rows come from what this query reads. */
  orderBelow(): Inputs
  /** What decides how often the rows that an aggregate takes come, and nothing about the groups. */
  repeats(aggregate: TreeNode): Rows
  /** Some columns of every relation that is read anywhere: what is said of what is not understood. */
  anything(): Inputs
}

/** What is known by the numbers that a tree of nodes has for it. */
export interface LineageCatalog {
  relation(oid: number): LineageRelation | undefined
  /** Whether the order of its rows cannot change what an aggregate gives. */
  ignoresOrder(aggregate: number): boolean
  /** Whether an aggregate gives the same however often a value comes. */
  ignoresRepeats(aggregate: number): boolean
  /** Whether an operator is a built-in `=`. */
  isEquality(operator: number): boolean
}

export interface LineageRelation {
  readonly schema: string
  readonly name: string
  /** By attribute number; columns that were dropped are not there. */
  readonly columns: ReadonlyMap<number, string>
}

/** The scope some levels up. */
export function scopeAbove(scope: Scope, levels: number): Scope | undefined {
  let found: Scope | undefined = scope
  for (let left = levels; left > 0; left--) found = found?.outer
  return found
}

import type { Json, JsonObject } from '../../util/json.ts'

/** A query as rules see it. Offsets (`at`) are UTF-16 offsets into the SQL; undefined where the parser gave none. */
export type QueryTree = SelectQuery | SetQuery | OtherQuery

interface QueryBase {
  /** Its `with`, in the order written. */
  readonly commonTables: readonly CommonTable[]
  /** Some rows are left out or come once: `distinct`, `limit`, `offset`. */
  readonly isCut: boolean
  /** The query as the parser gave it, for those who look for something wherever it may stand. */
  readonly raw: JsonObject
}

export interface SelectQuery extends QueryBase {
  readonly kind: 'select'
  readonly items: readonly Expression[]
  readonly from: FromItem
  readonly where: Expression | undefined
  /** `plain` is a `group by` of expressions; `other` are grouping sets and the like. */
  readonly grouping: 'none' | 'plain' | 'other'
  readonly groupBy: readonly Expression[]
  readonly having: Expression | undefined
  readonly qualify: Expression | undefined
}

/** `union`, `except`, `intersect`; also the two halves of a recursive common table expression. */
export interface SetQuery extends QueryBase {
  readonly kind: 'set'
  readonly left: QueryTree
  readonly right: QueryTree
}

/** A form of query that no rule looks into. */
export interface OtherQuery extends QueryBase {
  readonly kind: 'other'
}

export interface CommonTable {
  readonly name: string
  /** Names that it gives to its columns: `with totals (day, amount) as`. */
  readonly columnNames: readonly string[]
  readonly query: QueryTree
  /** An offset inside of its brackets; looked for when it is asked for. */
  readonly inside: () => number | undefined
  /** The definition as the parser gave it. */
  readonly raw: JsonObject
}

export type FromItem = FromTable | FromSubquery | FromJoin | FromOther

interface FromBase {
  readonly alias: string | undefined
  readonly columnNames: readonly string[]
  readonly at: number | undefined
}

export interface FromTable extends FromBase {
  readonly kind: 'table'
  readonly database: string | undefined
  readonly schema: string | undefined
  readonly name: string
}

export interface FromSubquery extends FromBase {
  readonly kind: 'subquery'
  readonly query: QueryTree
}

export interface FromJoin extends FromBase {
  readonly kind: 'join'
  readonly left: FromItem
  readonly right: FromItem
  /** The parser's word: `INNER`, `LEFT`, `RIGHT`, `OUTER`, `SEMI`, `ANTI`. */
  readonly type: string
  /** The parser's word: `REGULAR`, `NATURAL`, `CROSS`, `ASOF`, `POSITIONAL`. */
  readonly way: string
  readonly condition: Expression | undefined
  readonly using: readonly string[]
}

/** A call, a list of values, a pivot; `empty` for a query without `from`. */
export interface FromOther extends FromBase {
  readonly kind: 'other' | 'empty'
  readonly parts: readonly Part[]
}

/** What stands inside of something: expressions, and queries in brackets. */
export type Part = Expression | { readonly kind: 'query'; readonly query: QueryTree }

export type Expression =
  | ColumnExpression
  | StarExpression
  | ConstantExpression
  | CastExpression
  | ComparisonExpression
  | FunctionExpression
  | OtherExpression

interface ExpressionBase {
  readonly alias: string | undefined
  readonly at: number | undefined
  /** Everything inside of it, one level down. */
  readonly parts: readonly Part[]
}

export interface ColumnExpression extends ExpressionBase {
  readonly kind: 'column'
  /** `['orders', 'amount']`; the last may also be a field of a column. */
  readonly names: readonly string[]
}

export interface StarExpression extends ExpressionBase {
  readonly kind: 'star'
  /** `orders` of `orders.*`. */
  readonly relation: string | undefined
  /** Without `exclude`, `replace`, `rename` and patterns. */
  readonly isWhole: boolean
  /** Whether columns that nobody has named come through it: not those of `columns('a|b')`. */
  readonly isOpen: boolean
}

export interface ConstantExpression extends ExpressionBase {
  readonly kind: 'constant'
  readonly type: string
  readonly value: Json
}

export interface CastExpression extends ExpressionBase {
  readonly kind: 'cast'
  /** As the parser names it; without sizes; undefined for a type that it does not know. */
  readonly type: string | undefined
  /** Whether it gives null for what cannot be cast. */
  readonly isTry: boolean
}

/** `left = right`; `in` and `between` are several of them. `operator` is the parser's word, such as `COMPARE_EQUAL`. */
export interface ComparisonExpression extends ExpressionBase {
  readonly kind: 'comparison'
  readonly operator: string
  readonly pairs: readonly (readonly [Expression, Expression])[]
}

export interface FunctionExpression extends ExpressionBase {
  readonly kind: 'function'
  readonly name: string
  readonly arguments: readonly Expression[]
  readonly isDistinct: boolean
}

export interface OtherExpression extends ExpressionBase {
  readonly kind: 'and' | 'window' | 'not-null' | 'other'
}

import { partsOf, type ResolvedSelect, type Scope } from './resolve.ts'
import type { ComparisonExpression, Expression, FromItem, FromJoin } from './tree.ts'

/** A comparison with the names that it may use. */
export interface FoundComparison {
  readonly comparison: ComparisonExpression
  readonly scope: Scope
}

/** Every comparison of a `select` and of its joins; those of queries inside of it are those of other selects. */
export function* comparisonsOf(found: ResolvedSelect): Generator<FoundComparison> {
  for (const expression of expressionsOf(found)) {
    if (expression.kind === 'comparison') yield { comparison: expression, scope: found.scope }
  }
}

/** Every expression of a `select` and of its joins, with all that is in it but queries. */
export function* expressionsOf({ select }: ResolvedSelect): Generator<Expression> {
  const conditions = joinsOf(select.from).flatMap(({ condition }) => condition ?? [])
  for (const expression of [...conditions, ...partsOf(select)]) yield* expressionsIn(expression)
}

/** The joins of a `from`, from left to right. */
export function joinsOf(item: FromItem): readonly FromJoin[] {
  return item.kind === 'join' ? [...joinsOf(item.left), ...joinsOf(item.right), item] : []
}

/** An expression and everything in it, but what stands in queries. */
export function* expressionsIn(expression: Expression): Generator<Expression> {
  yield expression
  for (const part of expression.parts) if (part.kind !== 'query') yield* expressionsIn(part)
}

/** The conditions that must all hold. */
export function conjunctsOf(condition: Expression | undefined): readonly Expression[] {
  if (!condition) return []
  if (condition.kind !== 'and') return [condition]
  return condition.parts.flatMap((part) => (part.kind === 'query' ? [] : conjunctsOf(part)))
}

/** Whether it holds a query of its own. */
export function holdsQuery(expression: Expression): boolean {
  return expression.parts.some((part) => part.kind === 'query' || holdsQuery(part))
}

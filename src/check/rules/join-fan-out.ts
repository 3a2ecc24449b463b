import type { CheckedProject, CheckedQuery, Finding, Rule } from '../rule.ts'
import { conjunctsOf, expressionsIn, holdsQuery } from '../sql/comparisons.ts'
import { type ResolvedSelect, relationOf, type Scope, type ScopeRelation } from '../sql/resolve.ts'
import type { Expression, FromItem, FromJoin, FunctionExpression, SelectQuery } from '../sql/tree.ts'

/**
 * A join on columns that are no key of the joined relation repeats the rows before it, once for each row that matches. That is
 * often meant. It is not where those rows are then added up, or where the model promises that its rows are unique by columns
 * that are repeated. Whatever else a query asks of the joined relation may leave one row of it: then nothing is said.
 */
export const joinFanOut: Rule = {
  code: 'join-fan-out',
  severity: 'warning',
  summary: 'A join repeats rows that are then summed or counted, or that the model promises to be unique.',
  async find(project) {
    return (await project.queries()).flatMap((query) =>
      query.resolved.selects.flatMap((select) => [...findingsOf(query, select, project)]),
    )
  },
}

function* findingsOf(query: CheckedQuery, found: ResolvedSelect, project: CheckedProject): Generator<Finding> {
  const { select } = found
  if (select.isCut || select.qualify) return
  for (const step of stepsOf(select.from, found.scope)) {
    if (!repeats(step.join, step.joined, found)) continue
    const reason = doubleCount(query, found, step) ?? brokenPromise(query, found, step, project)
    if (!reason) continue
    const keys = (step.joined.relation.keys ?? []).map((key) => key.join(', ')).join(' or ')
    const [left, right] = [
      step.before.map((item) => labelOf(item, found.scope)).join(' and '),
      labelOf(step.joined.item, found.scope),
    ]
    yield {
      node: query.node.id,
      place: query.placeOf(step.join.right.at ?? step.join.at),
      message: `The join repeats rows of ${left} for each row of ${right} that matches, ${reason.message}.`,
      ...(reason.related ? { related: reason.related } : {}),
      hint: `what is unique in ${right} is ${keys}: join on that, or bring it to one row a match before the join`,
    }
    return
  }
}

/** Why repeated rows are not what was meant. */
type Reason = Pick<Finding, 'message' | 'related'>

function doubleCount(query: CheckedQuery, found: ResolvedSelect, { before }: Step): Reason | undefined {
  const expressions = found.select.items.flatMap((item) => [...expressionsIn(item)])
  const sum = expressions.filter((each) => each.kind === 'function').find((each) => addsUp(each, before, found))
  if (!sum) return undefined
  const place = query.placeOf(sum.at)?.place
  return {
    message: `and "${sum.name}" adds them up more than once`,
    ...(place ? { related: [{ message: `"${sum.name}" of repeated rows`, place }] } : {}),
  }
}

function labelOf(item: FromItem, scope: Scope): string {
  const found = scope.relations.find((each) => each.item === item)
  return `"${found?.relation.label || found?.alias || 'a subquery'}"`
}

interface Step {
  readonly join: FromJoin
  readonly joined: ScopeRelation
  /** What stands before the join. */
  readonly before: readonly FromItem[]
}

/** Inner and left joins of one relation to those before it. */
function stepsOf(from: FromItem, scope: Scope): readonly Step[] {
  if (from.kind !== 'join') return []
  const joined = scope.relations.find(({ item }) => item === from.right)
  const isPlain = from.way === 'REGULAR' && (from.type === 'INNER' || from.type === 'LEFT')
  const step = joined && isPlain ? [{ join: from, joined, before: leavesOf(from.left) }] : []
  return [...stepsOf(from.left, scope), ...step]
}

function leavesOf(item: FromItem): readonly FromItem[] {
  return item.kind === 'join' ? [...leavesOf(item.left), ...leavesOf(item.right)] : [item]
}

/** Whether more than one row of the joined relation may match, for certain: its keys are known, and nothing else narrows it. */
function repeats(join: FromJoin, joined: ScopeRelation, { select, scope }: ResolvedSelect): boolean {
  const { keys } = joined.relation
  if (!keys || keys.length === 0) return false
  const bound = new Set(join.using.map((name) => name.toLowerCase()))
  const conditions = [...conjunctsOf(join.condition), ...conjunctsOf(select.where), ...conjunctsOf(select.having)]
  for (const condition of conditions) {
    const touched = touches(condition, joined, scope)
    if (touched === 'no' || condition.kind === 'not-null') continue
    const column = touched === 'yes' ? boundColumn(condition, joined, scope) : undefined
    if (column === undefined) return false
    bound.add(column)
  }
  return bound.size > 0 && !keys.some((key) => key.every((column) => bound.has(column)))
}

/** The column of the joined relation for which a condition leaves one value to each row before the join. */
function boundColumn(condition: Expression, joined: ScopeRelation, scope: Scope): string | undefined {
  if (condition.kind !== 'comparison' || condition.pairs.length !== 1 || holdsQuery(condition)) return undefined
  if (condition.operator !== 'COMPARE_EQUAL' && condition.operator !== 'COMPARE_NOT_DISTINCT_FROM') return undefined
  const [left, right] = condition.pairs[0]!
  for (const [column, value] of [
    [left, right],
    [right, left],
  ] as const) {
    if (column.kind !== 'column' || relationOf(column.names, scope) !== joined) continue
    if (touches(value, joined, scope) === 'no') return column.names.at(-1)!.toLowerCase()
  }
  return undefined
}

/** Whether an expression looks at a relation. */
function touches(expression: Expression, relation: ScopeRelation, scope: Scope): 'yes' | 'no' | 'perhaps' {
  if (holdsQuery(expression)) return 'perhaps'
  const owners = [...expressionsIn(expression)].flatMap((each) =>
    each.kind === 'column' ? [ownerOf(each.names, scope)] : each.kind === 'star' ? [undefined] : [],
  )
  if (owners.includes(relation)) return 'yes'
  return owners.includes(undefined) ? 'perhaps' : 'no'
}

/** The relation of a column; by its qualifier also where the columns of the relation are not known. */
function ownerOf(names: readonly string[], scope: Scope): ScopeRelation | undefined {
  const known = relationOf(names, scope)
  if (known || names.length !== 2) return known
  const named = scope.relations.filter(({ alias }) => alias === names[0]!.toLowerCase())
  return named.length === 1 ? named[0] : undefined
}

/** Whether it sums or counts nothing but what the join repeats. */
function addsUp(
  expression: FunctionExpression,
  before: readonly FromItem[],
  { select, scope }: ResolvedSelect,
): boolean {
  if (expression.isDistinct || !['sum', 'count', 'avg'].includes(expression.name)) return false
  // Groups by what was joined may have been meant to hold a row of the left in each of them.
  if (!select.groupBy.every((key) => isOf(groupedItem(key, select), before, scope))) return false
  return isOf(expression, before, scope)
}

/** `group by 1` means the first item. */
function groupedItem(key: Expression, { items }: SelectQuery): Expression {
  return (key.kind === 'constant' && typeof key.value === 'number' ? items[key.value - 1] : undefined) ?? key
}

/** Whether all columns of an expression, and there are some, are of these relations. */
function isOf(expression: Expression, items: readonly FromItem[], scope: Scope): boolean {
  if (holdsQuery(expression)) return false
  const columns = [...expressionsIn(expression)].filter((each) => each.kind === 'column')
  const owners = columns.map(({ names }) => ownerOf(names, scope))
  return columns.length > 0 && owners.every((owner) => owner !== undefined && items.includes(owner.item))
}

/** A key that the model promises for its rows and that is made of repeated columns only. */
function brokenPromise(
  { node }: CheckedQuery,
  { select, scope, isResult }: ResolvedSelect,
  { before }: Step,
  { keys }: CheckedProject,
): Reason | undefined {
  if (!isResult || node.kind !== 'model' || select.grouping !== 'none') return undefined
  const isRepeated = (column: string) =>
    select.items.some((item) => nameOf(item) === column && item.kind === 'column' && isOf(item, before, scope))
  const broken = keys.get(node.id)?.find(({ columns }) => columns.every(isRepeated))
  if (!broken) return undefined
  const names = broken.columns.map((column) => `"${column}"`).join(', ')
  return { message: `but "${node.name}" promises that ${names} is unique` }
}

function nameOf(item: Expression): string | undefined {
  return (item.alias ?? (item.kind === 'column' ? item.names.at(-1) : undefined))?.toLowerCase()
}

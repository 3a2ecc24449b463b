import type { ColumnDefinition } from '../sql/column-definition.ts'
import type { Dialect } from '../sql/dialect.ts'
import { maskedColumn } from '../sql/mask.ts'
import type { Relation } from '../sql/relation.ts'
import { scanSql } from './sql-scan.ts'

/** Rows of one published relation, as a report shows them. */
export interface RowsQuery {
  readonly relation: Relation
  /** All columns of the relation. */
  readonly columns: readonly ColumnDefinition[]
  /** Columns of personal data that are masked, with the class of each. */
  readonly masked: ReadonlyMap<string, string>
  /** The columns that are given, in their order. */
  readonly shown: readonly string[]
  /** A predicate of the one who wrote the report: it is over the values as they are. */
  readonly where?: string
  /** Predicates of the one who reads it: they are over the values as they are shown. */
  readonly conditions?: readonly string[]
  readonly orderBy?: readonly { readonly name: string; readonly isDescending: boolean }[]
  readonly limit?: number
  /** The limit is of the rows of each value of this column. */
  readonly limitPer?: string
}

/** The number of a row among those of its value. */
const ROW_OF_VALUE = 'lavra_row_of_value'

/**
 * The query of a report. What readers ask for is asked of the masked values, so that no predicate of theirs tells what a mask
 * hides. Predicates stand on lines of their own: a comment in one ends with it.
 */
export function rowsQuery(query: RowsQuery, dialect: Dialect): string {
  const { relation, shown, orderBy = [] } = query
  const limit = query.limitPer === undefined ? query.limit : undefined
  const conditions = [...(query.conditions ?? []), ...numbered(query)]
  const name = dialect.quote(relation.identifier)
  const columns = shown.map((column) => `  ${dialect.quote(column)}`)
  return [
    'select',
    columns.join(',\n'),
    `from ${withRowNumbers(query, dialect)} as ${name}`,
    ...predicates(conditions),
    ...(orderBy.length > 0 ? [`order by ${orderTerms(query, dialect)}`] : []),
    ...(limit === undefined ? [] : [`limit ${limit}`]),
  ].join('\n')
}

/** The offset of the author's predicate in the query, which errors of the engine are led back by. */
export function whereOffset(query: RowsQuery, dialect: Dialect): number | undefined {
  if (query.where === undefined) return undefined
  const sql = rowsQuery(query, dialect)
  return sql.indexOf(`where (\n${query.where}\n)`) + 'where (\n'.length
}

function numbered({ limitPer, limit }: RowsQuery): readonly string[] {
  return limitPer === undefined || limit === undefined ? [] : [`${ROW_OF_VALUE} <= ${limit}`]
}

function withRowNumbers(query: RowsQuery, dialect: Dialect): string {
  if (numbered(query).length === 0 || query.limitPer === undefined) return inner(query, dialect)
  const name = dialect.quote(query.relation.identifier)
  const order = query.orderBy?.length ? ` order by ${orderTerms(query, dialect)}` : ''
  const number = `row_number() over (partition by ${dialect.quote(query.limitPer)}${order}) as ${ROW_OF_VALUE}`
  return `(\nselect *, ${number}\nfrom ${inner(query, dialect)} as ${name}\n)`
}

function orderTerms({ orderBy = [] }: RowsQuery, dialect: Dialect): string {
  return orderBy.map((term) => orderTerm(term, dialect)).join(', ')
}

function inner({ relation, columns, masked, where }: RowsQuery, dialect: Dialect): string {
  const rendered = dialect.render(relation)
  if (masked.size === 0 && where === undefined) return rendered
  const lines = columns.map(({ name }) => {
    const column = dialect.quote(name)
    const personalClass = masked.get(name)
    return personalClass === undefined ? `  ${column}` : `  ${maskedColumn(column, personalClass)} as ${column}`
  })
  const alias = dialect.quote(relation.identifier)
  return `(\nselect\n${lines.join(',\n')}\nfrom ${rendered} as ${alias}\n${predicates(where === undefined ? [] : [where]).join('\n')}\n)`
}

function predicates(conditions: readonly string[]): readonly string[] {
  return conditions.map((condition, index) => `${index === 0 ? 'where' : 'and'} (\n${condition}\n)`)
}

/** Nulls come last in both directions, on every engine. */
function orderTerm(
  { name, isDescending }: { readonly name: string; readonly isDescending: boolean },
  dialect: Dialect,
) {
  return `${dialect.quote(name)} ${isDescending ? 'desc' : 'asc'} nulls last`
}

/**
 * What keeps a text from being one predicate, as a phrase: a second statement, or a bracket that would end the one around it.
 * What is left to the engine is whether it is one that it knows.
 */
export function notOnePredicate(sql: string): string | undefined {
  let depth = 0
  let isEmpty = true
  for (const { kind, start, end } of scanSql(sql)) {
    if (kind === 'space' || kind === 'comment') continue
    isEmpty = false
    if (kind !== 'symbol') continue
    const symbol = sql.slice(start, end)
    if (symbol === ';') return 'it holds a ";", which ends a statement'
    if (symbol === '(') depth += 1
    if (symbol === ')') depth -= 1
    if (depth < 0) return 'it closes a bracket that it does not open'
  }
  if (depth > 0) return 'it opens a bracket that it does not close'
  return isEmpty ? 'it is empty' : undefined
}

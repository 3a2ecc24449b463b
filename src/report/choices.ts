import { findColumn } from '../compile/panel-columns.ts'
import { notOnePredicate } from '../compile/rows-query.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { problem, UserError } from '../diagnostics/errors.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import type { PanelFilter } from '../manifest/panel.ts'
import { requiredFilter } from '../manifest/panel.ts'
import type { Dialect } from '../sql/dialect.ts'
import { type SourceFile, type Span, span } from '../text/source-file.ts'
import type { PreparedView } from './views.ts'

/** What a reader has chosen of a report, as text: a predicate, and values of columns (`customer_id=7494212`). */
export interface Choices {
  readonly where?: string
  readonly filters: readonly string[]
}

/** One `column=value`. */
interface Choice {
  readonly written: string
  readonly column: string
  readonly value: string
}

/**
 * The predicates that readers' choices are, for each of some views. A choice holds for the views that offer it as a filter;
 * where none does, for those that have its column. Throws `UserError`: one that no view has, one of masked values, a day that is none, one that is required and missing, or a
 * predicate that is none.
 */
export function chosenConditions(
  views: readonly PreparedView[],
  choices: Choices,
  dialect: Dialect,
): readonly (readonly string[])[] {
  const parsed = choices.filters.map(parseChoice)
  if (choices.where !== undefined) checkPredicate(choices.where)
  for (const choice of parsed) checkChoice(choice, views)
  const offered = parsed.map((choice) => views.some((prepared) => filterFor(prepared, choice)))
  return views.map((prepared) => {
    checkRequired(prepared, parsed)
    const own = parsed.flatMap((choice, index) => {
      const column = findColumn(prepared.query.columns, choice.column)
      const filter = filterFor(prepared, choice)
      if (!column || (offered[index] && !filter)) return []
      return [condition(dialect, column.name, filter?.kind ?? 'select', choice)]
    })
    return [...(choices.where === undefined ? [] : [choices.where]), ...own]
  })
}

/** The place of a predicate that stands on the command line. */
export function placeOnCommandLine(flag: string, text: string): Span {
  const file: SourceFile = { path: flag, text }
  return span(file, 0, text.length)
}

function parseChoice(written: string): Choice {
  const at = written.indexOf('=')
  if (at > 0) return { written, column: written.slice(0, at).trim(), value: written.slice(at + 1) }
  throw new UserError(filterProblem(written, `"${written}" says no value of a column.`, 'write --filter column=value'))
}

function filterFor({ view }: PreparedView, { column }: Choice): PanelFilter | undefined {
  return view.panel.filters.find(({ name }) => name.toLowerCase() === column.toLowerCase())
}

function checkChoice(choice: Choice, views: readonly PreparedView[]): void {
  const { column, written } = choice
  const withColumn = views.filter(({ query }) => findColumn(query.columns, column))
  if (withColumn.length === 0) {
    const names = views.flatMap(({ query }) => query.columns.map(({ name }) => name))
    const hint = didYouMean(column, names) ?? `the columns are: ${[...new Set(names)].join(', ')}`
    throw new UserError(filterProblem(written, `There is no column "${column}" to choose by.`, hint))
  }
  for (const { query } of withColumn) {
    const { name } = findColumn(query.columns, column)!
    const personalClass = query.masked.get(name)
    if (personalClass !== undefined) {
      const message = `The column "${name}" is personal data (${personalClass}) and masked: nothing can be chosen by it.`
      throw new UserError(filterProblem(written, message))
    }
  }
}

function checkPredicate(where: string): void {
  const reason = notOnePredicate(where)
  if (reason === undefined) return
  const place = placeOnCommandLine('--where', where)
  const hint = `write one condition, as behind "where" in a query`
  throw new UserError(problem('report-where', `This is no predicate: ${reason}.`, { place, hint }))
}

function checkRequired({ view, columns }: PreparedView, choices: readonly Choice[]): void {
  const required = requiredFilter(view.panel)
  if (!required || !findColumn(columns, required.name)) return
  if (choices.some(({ column }) => column.toLowerCase() === required.name.toLowerCase())) return
  const message = `The panel "${view.name}" is shown for one ${required.name}, and none is chosen.`
  throw new UserError(problem('report-filter', message, { hint: `give it with --filter ${required.name}=…` }))
}

function condition(dialect: Dialect, column: string, kind: PanelFilter['kind'], choice: Choice): string {
  const name = dialect.quote(column)
  const { value } = choice
  switch (kind) {
    case 'select':
      return `${name} = ${dialect.stringLiteral(value)}`
    case 'search':
      return `strpos(lower(${name}), lower(${dialect.stringLiteral(value)})) > 0`
    case 'date_range':
      return rangeCondition(dialect, name, choice)
  }
}

const DAY = /^\d{4}-\d\d-\d\d$/

/** `2020-02-01..2020-02-29`, `2020-02-01..`, `..2020-02-29` or one day; both days are within. */
function rangeCondition(dialect: Dialect, name: string, { value, written }: Choice): string {
  const [from = '', to = from] = value.split('..')
  const days = [from, to].filter((day) => day !== '')
  if (days.length === 0 || !days.every(isDay)) {
    const hint = 'write a day, 2020-02-03, or days: 2020-02-01..2020-02-29, 2020-02-01.. or ..2020-02-29'
    throw new UserError(filterProblem(written, `"${value}" is no range of days.`, hint))
  }
  return [
    ...(from === '' ? [] : [`${name} >= ${dialect.stringLiteral(from)}`]),
    ...(to === '' ? [] : [`${name} < ${dialect.stringLiteral(dayAfter(to))}`]),
  ].join(' and ')
}

function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return next.toISOString().slice(0, 10)
}

function filterProblem(written: string, message: string, hint?: string): Diagnostic {
  const place = placeOnCommandLine('--filter', written)
  return problem('report-filter', message, hint === undefined ? { place } : { place, hint })
}

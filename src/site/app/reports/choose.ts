import { plainText } from '../../../report/locale-text.ts'
import type { SqlValue } from '../../../sql/value.ts'
import { isSameName } from '../../../text/names.ts'
import type { ColumnIndex, FilterIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { numberOf, type Row } from './values.ts'

/**
 * What a reader chose, by the name of the column: a value, a part of a text, or days, `2020-02-01..2020-02-29`. It is what
 * `lavra report --filter` takes, and what an address has behind its `?`. An empty value is null.
 */
export type Chosen = Readonly<Record<string, string>>

/** How a table is sorted: by the position of a column. */
export interface Sorting {
  readonly column: number
  readonly isDescending: boolean
}

type Shape = Pick<PanelIndex, 'columns' | 'filters'>

/** The position of the column of that name. */
export function positionOf(columns: readonly Pick<ColumnIndex, 'name'>[], name: string): number {
  return columns.findIndex((column) => column.name === name)
}

/** What was chosen by a filter; undefined where nothing was. Names of columns differ by case between panels. */
export function chosenBy(filter: Pick<FilterIndex, 'column'>, chosen: Chosen): string | undefined {
  return Object.entries(chosen).find(([column]) => isSameName(column, filter.column))?.[1]
}

/** What is chosen when a reader chooses a value of a column, or, with undefined, any. */
export function withChoice(chosen: Chosen, column: string, value: string | undefined): Chosen {
  const others = Object.entries(chosen).filter(([each]) => !isSameName(each, column))
  return Object.fromEntries(value === undefined ? others : [...others, [column, value]])
}

/** The rows that all filters of a panel let through. A required one chose them already. */
export function chosenRows(panel: Shape, rows: readonly Row[], chosen: Chosen): readonly Row[] {
  const tests = panel.filters.flatMap((filter) => {
    const wanted = chosenBy(filter, chosen)
    const at = positionOf(panel.columns, filter.column)
    return wanted === undefined || filter.required || at < 0 ? [] : [testOf(filter.kind, at, wanted)]
  })
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((passes) => passes(row)))
}

function testOf(kind: FilterIndex['kind'], at: number, wanted: string): (row: Row) => boolean {
  const valueIn = (row: Row) => row[at] ?? null
  switch (kind) {
    case 'select':
      return (row) => plainText(valueIn(row)) === wanted
    case 'search': {
      const part = wanted.toLowerCase()
      return (row) => plainText(valueIn(row)).toLowerCase().includes(part)
    }
    case 'date_range': {
      const { from, to } = parseRange(wanted)
      return (row) => {
        const day = plainText(valueIn(row)).slice(0, 10)
        return day !== '' && (from === '' || day >= from) && (to === '' || day <= to)
      }
    }
  }
}

export interface Range {
  /** `2020-02-01`; empty where there is no such end. Both days are within. */
  readonly from: string
  readonly to: string
}

export function parseRange(text: string): Range {
  const [from = '', to = from] = text.split('..')
  return { from, to }
}

/** Empty where neither end is given. */
export function writeRange({ from, to }: Range): string {
  return from === '' && to === '' ? '' : from === to ? from : `${from}..${to}`
}

/** Rows in the order of a column, those that are equal as they came; null is last both ways, as in `order_by`. */
export function sortedRows(rows: readonly Row[], sorting: Sorting | undefined, locale: string): readonly Row[] {
  if (!sorting) return rows
  const { column, isDescending } = sorting
  const collator = new Intl.Collator(locale, { numeric: true })
  const sign = isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [a[column] ?? null, b[column] ?? null]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * compare(left, right, collator)
  })
}

function compare(left: SqlValue, right: SqlValue, collator: Intl.Collator): number {
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined) return a - b
  return collator.compare(plainText(left), plainText(right))
}

/** A value that can be chosen. */
export interface Option {
  /** As `Chosen` has it. */
  readonly value: string
  readonly text: string
}

/** The options of a filter in the order of their texts, each value once; texts that are the same tell their values. */
export function optionsOf(found: Iterable<Option>, locale: string): readonly Option[] {
  const byValue = new Map<string, Option>()
  for (const option of found) if (!byValue.has(option.value)) byValue.set(option.value, option)
  const uses = Map.groupBy(byValue.values(), ({ text }) => text)
  const collator = new Intl.Collator(locale, { numeric: true })
  return [...byValue.values()]
    .map((option) =>
      uses.get(option.text)!.length > 1 && option.value !== option.text
        ? { ...option, text: `${option.text} (${option.value})` }
        : option,
    )
    .sort((a, b) => collator.compare(a.text, b.text))
}

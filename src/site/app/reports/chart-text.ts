import { type Locale, localeText } from '../../../report/locale-text.ts'
import { DateValue, type SqlValue, TimestampValue } from '../../../sql/value.ts'
import type { ColumnIndex } from '../../data/dashboard-index.ts'
import type { ChartData } from './chart-data.ts'

/** A place on the axis, in words. */
export function xText(data: ChartData, x: number, locale: Locale): string {
  if (data.axis === 'label') return Number.isInteger(x) ? (data.labels[data.x.indexOf(x)] ?? '') : ''
  return localeText(xValue(data, x), data.xColumn.format, locale)
}

/** A mark of the axis: a time has its day below it. */
export function markText(data: ChartData, x: number, locale: Locale): string {
  if (data.axis !== 'time' || isOfDays(data)) return xText(data, x, locale)
  const iso = new Date(x * 1000).toISOString()
  return `${iso.slice(11, 16)}\n${localeText(new DateValue(iso.slice(0, 10)), { kind: 'date' }, locale)}`
}

/** What stands beside the bars of a place. */
export function labelOf(data: ChartData, slot: number, locale: Locale): string {
  const label = data.axis === 'label' ? data.labels[slot] : xText(data, data.x[slot]!, locale)
  return label === undefined || label === '' ? '–' : label
}

function xValue({ axis, xColumn }: ChartData, x: number): SqlValue {
  if (axis !== 'time') return x
  const iso = new Date(x * 1000).toISOString()
  if (xColumn.type === 'date') return new DateValue(iso.slice(0, 10))
  return new TimestampValue(iso.slice(0, 19), false)
}

/** A value that is drawn, in words. */
export function valueText(value: SqlValue | undefined, { format }: ColumnIndex, locale: Locale): string {
  return value === null || value === undefined ? '–' : localeText(value, format, locale)
}

/** Whether an axis of time has no hours. */
export function isOfDays({ xColumn }: Pick<ChartData, 'xColumn'>): boolean {
  return xColumn.type === 'date' || xColumn.format.kind === 'date'
}

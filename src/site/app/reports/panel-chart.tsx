import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { type Locale, languageOf, localeText } from '../../../report/locale-text.ts'
import { DateValue, type SqlValue, TimestampValue } from '../../../sql/value.ts'
import type { ColumnIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { useShown } from '../parts/small.tsx'
import { type ChartData, chartData } from './chart-data.ts'
import { useAppearance } from './use-appearance.ts'
import type { Row } from './values.ts'

const HEIGHT = 280
/** Bars of a list, which is as long as it is. */
const BARS_SHOWN = 50

/** A line or a bar chart. What it says is said by its table as well, which readers can have instead. */
export function PanelChart({ panel, rows }: { readonly panel: PanelIndex; readonly rows: readonly Row[] }) {
  const { words, format, locale } = usePage()
  const data = useMemo(() => chartData(panel, rows, locale), [panel, rows, locale])
  if (!data) return null
  const points = data.lines.reduce((sum, { y }) => sum + y.filter((value) => typeof value === 'number').length, 0)
  const isList = panel.type === 'bar' && (data.axis === 'label' || data.lines.length > 1)
  return (
    <>
      {isList ? (
        <BarList data={data} />
      ) : (
        <Plot data={data} panel={panel} label={words.chartOf(panel.title[languageOf(locale)], format.count(points))} />
      )}
      {data.otherLines === 0 ? null : <p class="muted">{words.otherLines(data.otherLines)}</p>}
    </>
  )
}

/** Bars below each other, with the text of each: a picture that is a table. */
function BarList({ data }: { readonly data: ChartData }) {
  const { locale } = usePage()
  const greatest = Math.max(
    0,
    ...data.lines.map(({ y }) => y.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)),
  )
  const slots = data.x.map((_, slot) => slot)
  const { shown, more } = useShown(slots, BARS_SHOWN)
  const isNamed = data.lines.length > 1
  return (
    <>
      {isNamed ? (
        <ul class="chart-legend">
          {data.lines.map(({ name }, index) => (
            <li key={index}>
              <span class={`swatch line-${index + 1}`} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <dl class="bar-list">
        {shown.map((slot) => (
          <div key={slot} class="bar-row">
            <dt>{labelOf(data, slot, locale)}</dt>
            {data.lines.map(({ name, column, y }, index) => {
              const value = y[slot]
              if (value === undefined) return null
              const share = greatest === 0 ? 0 : (Math.abs(value ?? 0) / greatest) * 100
              return (
                <dd key={index}>
                  <span
                    class={`bar-track line-${index + 1}${(value ?? 0) < 0 ? ' bar-negative' : ''}`}
                    style={{ width: `${share * 0.7}%` }}
                    aria-hidden="true"
                  />
                  {isNamed ? <span class="for-readers">{name}: </span> : null}
                  {valueText(value, column, locale)}
                </dd>
              )
            })}
          </div>
        ))}
      </dl>
      {more}
    </>
  )
}

function Plot(props: { readonly data: ChartData; readonly panel: PanelIndex; readonly label: string }) {
  const { locale } = usePage()
  const { data, panel } = props
  const place = useRef<HTMLDivElement>(null)
  const appearance = useAppearance()
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(place.current!)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (width === 0) return
    const columns = [data.x, ...data.lines.map(({ y }) => y)] as uPlot.AlignedData // it does not change them
    const plot = new uPlot(plotOptions(data, panel.type, locale, width), columns, place.current!)
    return () => plot.destroy()
  }, [data, panel, locale, width, appearance])
  return (
    <div class="plot" role="img" aria-label={props.label}>
      <div ref={place} />
    </div>
  )
}

function plotOptions(data: ChartData, type: PanelIndex['type'], locale: Locale, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } }
  const [first] = data.lines
  const bars = uPlot.paths.bars?.({ size: [0.7, 60] })
  const isSparse = data.x.length <= 100
  return {
    width,
    height: HEIGHT,
    // A time without a zone is as it stands, wherever the reader is.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: {
      x: { time: data.axis === 'time', range: (_, low, high) => padded(low, high, data, type) },
      y: { range: (_, low, high) => withZero(low, high) },
    },
    axes: [
      {
        ...axis,
        values: (_, marks) => marks.map((mark) => markText(data, mark, locale)),
        ...(data.axis === 'label' ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {}),
        ...(data.axis === 'time' ? { incrs: timeSteps(data) } : {}),
        space: 96,
        size: data.axis === 'time' && !isOfDays(data) ? 56 : 40,
      },
      {
        ...axis,
        size: 88,
        values: (_, marks) => marks.map((mark) => (first ? axisText(mark, first.column, locale) : String(mark))),
      },
    ],
    series: [
      { label: data.xColumn.label[languageOf(locale)], value: (_, x) => (x === null ? '–' : xText(data, x, locale)) },
      ...data.lines.map(({ name, column }, index): uPlot.Series => {
        const stroke = color(`--line-${index + 1}`)
        return {
          label: name,
          stroke,
          width: 2,
          points: { show: isSparse && type === 'line', size: 6, fill: stroke },
          value: (_, y) => (y === null || y === undefined ? '–' : valueText(y, column, locale)),
          ...(type === 'bar' && bars ? { paths: bars, fill: `${stroke}cc`, width: 0 } : {}),
        }
      }),
    ],
  }
}

const MINUTE = 60
const DAY = 86_400

/** Days are marked by whole days; months of a year or so by about their length. */
function timeSteps({ xColumn }: ChartData): number[] {
  const days = [1, 2, 5, 7, 14, 30, 61, 91, 182, 365, 730, 1825, 3650].map((count) => count * DAY)
  if (isOfDays({ xColumn })) return days
  return [...[1, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((count) => count * MINUTE), ...days]
}

function isOfDays({ xColumn }: Pick<ChartData, 'xColumn'>): boolean {
  return xColumn.type === 'date' || xColumn.format.kind === 'date'
}

/** A single x stands in the middle; bars have room on both sides. */
function padded(low: number, high: number, { x, axis }: ChartData, type: PanelIndex['type']): [number, number] {
  const unit = axis === 'time' ? DAY : 1
  const [first, last] = [x[0], x.at(-1)]
  // The library shows years behind a single time.
  if (first !== undefined && first === last) return [first - unit, first + unit]
  if (low === high) return [low - unit, high + unit]
  const room = type === 'bar' ? (high - low) / Math.max(1, x.length - 1) / 2 : 0
  return [low - room, high + room]
}

/** Amounts are compared from nothing on. */
function withZero(low: number, high: number): [number, number] {
  const [from, to] = [Math.min(0, low), Math.max(0, high)]
  if (from === to) return [0, 1]
  return [from < 0 ? from * 1.08 : 0, to > 0 ? to * 1.08 : 0]
}

function xText(data: ChartData, x: number, locale: Locale): string {
  if (data.axis === 'label') return Number.isInteger(x) ? (data.labels[data.x.indexOf(x)] ?? '') : ''
  return localeText(xValue(data, x), data.xColumn.format, locale)
}

/** A mark of the axis: a time has its day below it. */
function markText(data: ChartData, x: number, locale: Locale): string {
  if (data.axis !== 'time' || isOfDays(data)) return xText(data, x, locale)
  const iso = new Date(x * 1000).toISOString()
  return `${iso.slice(11, 16)}\n${localeText(new DateValue(iso.slice(0, 10)), { kind: 'date' }, locale)}`
}

function labelOf(data: ChartData, slot: number, locale: Locale): string {
  const label = data.axis === 'label' ? data.labels[slot] : xText(data, data.x[slot]!, locale)
  return label === undefined || label === '' ? '–' : label
}

function xValue({ axis, xColumn }: ChartData, x: number): SqlValue {
  if (axis !== 'time') return x
  const iso = new Date(x * 1000).toISOString()
  if (xColumn.type === 'date') return new DateValue(iso.slice(0, 10))
  return new TimestampValue(iso.slice(0, 19), false)
}

function valueText(value: number | null, { format }: ColumnIndex, locale: Locale): string {
  return value === null ? '–' : localeText(value, format, locale)
}

/** Marks of an axis are round: they need no more digits than they have. */
function axisText(mark: number, { format }: ColumnIndex, locale: Locale): string {
  const { decimals: _, ...rest } = format
  const isRound = Number.isInteger(mark)
  return localeText(mark, isRound && format.kind !== 'percent' ? { ...rest, decimals: 0 } : rest, locale)
}

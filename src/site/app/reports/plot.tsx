import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { type Locale, languageOf, localeText } from '../../../report/locale-text.ts'
import type { ColumnIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import type { ChartData } from './chart-data.ts'
import { isOfDays, markText, valueText, xText } from './chart-text.ts'
import { useAppearance } from './use-appearance.ts'

const HEIGHT = 280

/** Lines, or bars over time, on a canvas as wide as its place. */
export function Plot(props: { readonly data: ChartData; readonly panel: PanelIndex; readonly label: string }) {
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
      ...data.lines.map(({ name, column, values }, index): uPlot.Series => {
        const stroke = color(`--line-${index + 1}`)
        return {
          label: name,
          stroke,
          width: 2,
          points: { show: isSparse && type === 'line', size: 6, fill: stroke },
          value: (_, _y, _line, at) => (at === null ? '–' : valueText(values[at], column, locale)),
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

/** Marks of an axis are round: they need no more digits than they have. */
function axisText(mark: number, { format }: ColumnIndex, locale: Locale): string {
  const { decimals: _, ...rest } = format
  const isRound = Number.isInteger(mark)
  return localeText(mark, isRound && format.kind !== 'percent' ? { ...rest, decimals: 0 } : rest, locale)
}

import { type Locale, languageOf, localeText, plainText } from '../../../report/locale-text.ts'
import type { SqlValue } from '../../../sql/value.ts'
import type { ColumnIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { positionOf } from './choose.ts'
import { numberOf, type Row, secondsOf } from './values.ts'

/** What a chart draws. */
export interface ChartData {
  /** What `x` counts: seconds since 1970, numbers, or positions in `labels`. */
  readonly axis: 'time' | 'number' | 'label'
  readonly xColumn: ColumnIndex
  readonly x: readonly number[]
  /** Of labels: their texts. */
  readonly labels: readonly string[]
  readonly lines: readonly ChartLine[]
  /** How many lines there are beside those. */
  readonly otherLines: number
}

export interface ChartLine {
  readonly name: string
  /** The column of its values, which says how they are written. */
  readonly column: ColumnIndex
  /** For each x: null is a gap; undefined is none, because only others have that x. */
  readonly y: readonly (number | null | undefined)[]
  /** The same as the database gave it, with all digits; undefined where there is no y. */
  readonly values: readonly (SqlValue | undefined)[]
}

/** More lines cannot be told apart. */
const MOST_LINES = 8

type Shape = Pick<PanelIndex, 'columns' | 'x' | 'y' | 'series'>

/**
 * The lines of a chart: one for each column that is drawn, of each value of `series`. Rows with the same x stay points of
 * their own. Of many lines the greatest are given. Undefined where there is no axis.
 */
export function chartData(panel: Shape, rows: readonly Row[], locale: Locale): ChartData | undefined {
  const { columns } = panel
  const xAt = positionOf(columns, panel.x ?? '')
  const xColumn = columns[xAt]
  if (!xColumn) return undefined
  const axis = axisOf(xColumn)
  const seriesAt = positionOf(columns, panel.series ?? '')
  const points = pointsOf(rows, { axis, xAt, seriesAt })
  const placed = place(points)
  const x = xOf(placed)
  const seriesColumn = columns[seriesAt]
  const named = Map.groupBy(placed, ({ row }) => (seriesColumn ? text(row[seriesAt], seriesColumn, locale) : undefined))
  const lines = [...named].flatMap(([name, own]) =>
    panel.y.flatMap((yName) => {
      const at = positionOf(columns, yName)
      const column = columns[at]
      return column ? [lineOf(own, x.length, { at, column, name: lineName(name, column, panel, locale) })] : []
    }),
  )
  const greatest = lines.length <= MOST_LINES ? lines : greatestOf(lines)
  const labelOf = new Map(points.map((point) => [point.x, text(point.row[xAt], xColumn, locale)]))
  return {
    axis,
    xColumn,
    x,
    labels: axis === 'label' ? x.map((value) => labelOf.get(value) ?? '') : [],
    lines: greatest,
    otherLines: lines.length - greatest.length,
  }
}

function lineName(name: string | undefined, column: ColumnIndex, { y }: Shape, locale: Locale): string {
  const label = column.label[languageOf(locale)]
  if (name === undefined) return label
  return y.length > 1 ? `${name}: ${label}` : name
}

function lineOf(
  points: readonly PlacedPoint[],
  length: number,
  { at, column, name }: { readonly at: number; readonly column: ColumnIndex; readonly name: string },
): ChartLine {
  const values = new Array<SqlValue | undefined>(length).fill(undefined)
  for (const { slot, row } of points) values[slot] = row[at] ?? null
  return { name, column, values, y: values.map((value) => (value === undefined ? undefined : drawn(value))) }
}

interface Point {
  readonly x: number
  /** What tells its line from others. */
  readonly line: string
  readonly row: Row
}

interface PlacedPoint extends Point {
  /** Its position among all x. */
  readonly slot: number
}

function axisOf({ type }: ColumnIndex): ChartData['axis'] {
  if (type === 'date' || type === 'timestamp') return 'time'
  return type === 'integer' || type === 'decimal' || type === 'float' ? 'number' : 'label'
}

/** What is no number, or not a finite one, has no place on a chart. */
function drawn(value: SqlValue): number | null {
  const number = numberOf(value)
  return number !== undefined && Number.isFinite(number) ? number : null
}

interface Positions {
  readonly axis: ChartData['axis']
  readonly xAt: number
  /** -1 where nothing tells lines apart. */
  readonly seriesAt: number
}

/**
 * Rows whose x has no place on the axis are left out. Labels stand in the order of the rows; where nothing tells lines apart,
 * each row has a place of its own, because two customers may have one name.
 */
function pointsOf(rows: readonly Row[], { axis, xAt, seriesAt }: Positions): readonly Point[] {
  const places = new Map<string, number>()
  const placeOfLabel = (label: string, index: number) => {
    if (seriesAt < 0) return index
    const place = places.get(label) ?? places.size
    places.set(label, place)
    return place
  }
  const points = rows.flatMap((row, index): readonly Point[] => {
    const value = row[xAt] ?? null
    const x =
      axis === 'time' ? secondsOf(value) : axis === 'number' ? numberOf(value) : placeOfLabel(plainText(value), index)
    return x === undefined ? [] : [{ x, line: seriesAt < 0 ? '' : plainText(row[seriesAt] ?? null), row }]
  })
  return points.toSorted((a, b) => a.x - b.x)
}

/** Points of one x stand together, in as many places as the line with most of them needs. */
function place(points: readonly Point[]): readonly PlacedPoint[] {
  const placed: PlacedPoint[] = []
  let first = 0
  for (const group of Map.groupBy(points, ({ x }) => x).values()) {
    const used = new Map<string, number>()
    for (const point of group) {
      const nth = used.get(point.line) ?? 0
      used.set(point.line, nth + 1)
      placed.push({ ...point, slot: first + nth })
    }
    first += Math.max(...used.values())
  }
  return placed
}

function xOf(placed: readonly PlacedPoint[]): readonly number[] {
  const x: number[] = []
  for (const point of placed) x[point.slot] = point.x
  return x
}

function text(value: SqlValue | undefined, { format }: ColumnIndex, locale: Locale): string {
  return localeText(value ?? null, format, locale)
}

function greatestOf(lines: readonly ChartLine[]): readonly ChartLine[] {
  const sum = ({ y }: ChartLine) => y.reduce<number>((total, value) => total + Math.abs(value ?? 0), 0)
  const sums = new Map(lines.map((line) => [line, sum(line)]))
  const kept = new Set(lines.toSorted((a, b) => sums.get(b)! - sums.get(a)!).slice(0, MOST_LINES))
  return lines.filter((line) => kept.has(line))
}

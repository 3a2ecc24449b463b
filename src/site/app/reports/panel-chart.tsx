import { useMemo } from 'preact/hooks'
import { languageOf } from '../../../report/locale-text.ts'
import type { PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { BarList } from './bar-list.tsx'
import { chartData } from './chart-data.ts'
import { Plot } from './plot.tsx'
import type { Row } from './values.ts'

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

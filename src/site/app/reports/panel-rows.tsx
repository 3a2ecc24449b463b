import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { Failure } from '../parts/small.tsx'
import { type Chosen, chosenBy, chosenRows } from './choose.ts'
import { PartialTable, rowsOfPage } from './panel-table.tsx'
import { isSmall, type PanelData, type Reading, type RowRange, useRows } from './read-rows.ts'
import type { Row } from './values.ts'

interface RowsProps {
  readonly from: PanelData
  readonly range: RowRange
  readonly chosen: Chosen
  readonly body: (rows: readonly Row[]) => ComponentChildren
}

/** Few rows are read at once. Of many, a table has one page after the other, and everything else waits to be asked for. */
export function PanelRows({ from, range, chosen, body }: RowsProps) {
  const { words, format } = usePage()
  const { panel } = from
  const [isAsked, setIsAsked] = useState(false)
  const isWhole = isAsked || isSmall(panel, range)
  const reading = useRows(from, isWhole ? range : undefined)
  if (range.rows === 0) return <p class="muted">{words.noRows}</p>
  if (isWhole) return <ReadRows reading={reading} panel={panel} chosen={chosen} body={body} />
  const isFiltered = panel.filters.some((filter) => !filter.required && chosenBy(filter, chosen) !== undefined)
  return (
    <>
      <p class="panel-tools">
        <button type="button" class="button" onClick={() => setIsAsked(true)}>
          {words.readAll(format.count(range.rows))}
        </button>
        <span class="muted">{words.readAllHint}</span>
      </p>
      {panel.type === 'table' && !isFiltered ? <PageByPage from={from} range={range} /> : null}
    </>
  )
}

function ReadRows(props: {
  readonly reading: Reading<readonly Row[]>
  readonly panel: PanelIndex
  readonly chosen: Chosen
  readonly body: RowsProps['body']
}) {
  const { words } = usePage()
  const { reading, panel, chosen } = props
  const read = reading.status === 'ready' ? reading.value : NO_ROWS
  const rows = useMemo(() => chosenRows(panel, read, chosen), [panel, read, chosen])
  if (reading.status !== 'ready') return <NotRead reading={reading} />
  if (rows.length === 0) return <p class="muted">{words.noRowsChosen}</p>
  return <>{props.body(rows)}</>
}

const NO_ROWS: readonly Row[] = []

function NotRead({ reading }: { readonly reading: Reading<unknown> }) {
  const { words } = usePage()
  if (reading.status === 'failed') return <Failure message={reading.message} />
  return <p class="muted">{reading.status === 'reading' ? words.reading(reading.files, reading.of) : words.loading}</p>
}

function PageByPage({ from, range }: Pick<RowsProps, 'from' | 'range'>) {
  const [page, setPage] = useState(0)
  const wanted = rowsOfPage(page, range.rows)
  const reading = useRows(from, { first: range.first + wanted.first, rows: wanted.rows })
  if (reading.status !== 'ready') return <NotRead reading={reading} />
  return <PartialTable panel={from.panel} rows={reading.value} count={range.rows} page={page} onPage={setPage} />
}

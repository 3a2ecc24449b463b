import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { languageOf, plainText } from '../../../report/locale-text.ts'
import type { FileChoice, FilterIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { Moment, NodeLink, Section } from '../parts/small.tsx'
import { hrefOf } from '../route.ts'
import { type Chosen, chosenBy, chosenRows, positionOf, type Sorting, sortedRows } from './choose.ts'
import { download, EXPORT_FORMS, type ExportForm, exportedText, fileName } from './export-rows.ts'
import { PanelChart } from './panel-chart.tsx'
import { PanelNumbers } from './panel-numbers.tsx'
import { PanelTable, PartialTable, rowsOfPage } from './panel-table.tsx'
import { isSmall, type PanelData, type Reading, type RowRange, readRows, useRows } from './read-rows.ts'
import { type Row, readRow } from './values.ts'

interface PanelProps {
  readonly from: PanelData
  /** Of a panel of which something has to be chosen. */
  readonly choices: readonly FileChoice[] | undefined
  readonly chosen: Chosen
  /** The name of the dashboard, for files that are exported. */
  readonly dashboard: string
}

/** A panel of a dashboard with the rows that were chosen, and which run published them. */
export function PanelView(props: PanelProps) {
  const { words, locale } = usePage()
  const { from, chosen, dashboard } = props
  const { panel } = from
  const title = panel.title[languageOf(locale)]
  const [isTable, setIsTable] = useState(false)
  const [sorting, setSorting] = useState<Sorting>()
  const range = rangeOf(props)
  const isChart = panel.type === 'line' || panel.type === 'bar'
  return (
    <Section
      id={panel.folder}
      title={title}
      aside={
        <div class="panel-tools">
          {isChart ? (
            <button type="button" class="button" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
              {isTable ? words.asChart : words.asTable}
            </button>
          ) : null}
          {panel.export && typeof range === 'object' ? (
            <ExportButtons from={from} range={range} chosen={chosen} sorting={sorting} dashboard={dashboard} />
          ) : null}
        </div>
      }
    >
      <div class="panel-body">
        {typeof range === 'object' ? (
          <PanelRows
            key={`${range.first} ${range.rows}`}
            from={from}
            range={range}
            chosen={chosen}
            body={(rows) =>
              panel.type === 'number' ? (
                <PanelNumbers panel={panel} rows={rows} />
              ) : isChart && !isTable ? (
                <PanelChart panel={panel} rows={rows} />
              ) : (
                <PanelTable panel={panel} rows={rows} sorting={sorting} onSort={setSorting} />
              )
            }
          />
        ) : (
          <p class="muted">{range === 'none' ? words.noSuchChoice : words.chooseFirst(requiredLabel(panel, locale))}</p>
        )}
      </div>
      <Publication panel={panel} />
    </Section>
  )
}

function requiredLabel({ filters }: PanelIndex, locale: Parameters<typeof languageOf>[0]): string {
  return filters.find(({ required }) => required)?.label[languageOf(locale)] ?? ''
}

/** The rows that a panel may show: all, those of the choice, none for a choice that there is not; or nothing was chosen. */
function rangeOf({ from, choices, chosen }: PanelProps): RowRange | 'none' | 'unchosen' {
  const { panel } = from
  const required = panel.filters.find((filter) => filter.required)
  if (!required) return { first: 0, rows: panel.rows }
  const wanted = chosenBy(required, chosen)
  if (wanted === undefined || choices === undefined) return 'unchosen'
  return choices.find((choice) => isChosen(panel, required, choice, wanted)) ?? 'none'
}

function isChosen({ columns }: PanelIndex, { column }: FilterIndex, { value }: FileChoice, wanted: string): boolean {
  const own = columns[positionOf(columns, column)]
  return own !== undefined && plainText(readRow([own], [value])[0] ?? null) === wanted
}

interface RowsProps {
  readonly from: PanelData
  readonly range: RowRange
  readonly chosen: Chosen
  readonly body: (rows: readonly Row[]) => ComponentChildren
}

/** Few rows are read at once. Of many, a table has one page after the other, and everything else waits to be asked for. */
function PanelRows({ from, range, chosen, body }: RowsProps) {
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
  if (reading.status === 'failed') {
    return (
      <p role="alert">
        {words.failed}: {reading.message}
      </p>
    )
  }
  return <p class="muted">{reading.status === 'reading' ? words.reading(reading.files, reading.of) : words.loading}</p>
}

function PageByPage({ from, range }: Pick<RowsProps, 'from' | 'range'>) {
  const [page, setPage] = useState(0)
  const wanted = rowsOfPage(page, range.rows)
  const reading = useRows(from, { first: range.first + wanted.first, rows: wanted.rows })
  if (reading.status !== 'ready') return <NotRead reading={reading} />
  return <PartialTable panel={from.panel} rows={reading.value} count={range.rows} page={page} onPage={setPage} />
}

interface ExportProps {
  readonly from: PanelData
  readonly range: RowRange
  readonly chosen: Chosen
  readonly sorting: Sorting | undefined
  readonly dashboard: string
}

/** Takes the rows with one: those that are chosen, in the order that they are shown in. */
function ExportButtons({ from, range, chosen, sorting, dashboard }: ExportProps) {
  const { words, locale } = usePage()
  const { panel } = from
  const [problem, setProblem] = useState<string>()
  const save = async (form: ExportForm) => {
    try {
      setProblem(undefined)
      const rows = sortedRows(chosenRows(panel, await readRows(from, range), chosen), sorting, locale)
      const choices = panel.filters.map((filter) => chosenBy(filter, chosen) ?? '')
      download(fileName([dashboard, panel.name, ...choices], form), exportedText(panel, rows, form), form)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      {EXPORT_FORMS.map((form) => (
        <button
          key={form}
          type="button"
          class="button"
          aria-label={words.exportAs(panel.title[languageOf(locale)], form.toUpperCase())}
          onClick={() => save(form)}
        >
          <span aria-hidden="true">↓&nbsp;</span>
          {form.toUpperCase()}
        </button>
      ))}
      {problem === undefined ? null : (
        <span role="alert">
          {words.failed}: {problem}
        </span>
      )}
    </>
  )
}

/** Where the rows are from, which run published them, and when. */
function Publication({ panel }: { readonly panel: PanelIndex }) {
  const { words, project } = usePage()
  const { published } = panel
  const node = project.numberOf.get(panel.node)
  const run = published && project.index.runs.find(({ id }) => id === published.run)
  return (
    <p class="publication muted">
      {node === undefined ? <code>{panel.relation}</code> : <NodeLink node={project.nodes[node]!} />}
      {' · '}
      {published === null ? (
        words.notByLavra
      ) : (
        <>
          {words.publishedBy} <Moment iso={published.at} /> {words.byRun}{' '}
          {run ? (
            <a href={hrefOf({ page: 'run', id: run.id })}>{shortId(run.id)}</a>
          ) : (
            <code>{shortId(published.run)}</code>
          )}
        </>
      )}
    </p>
  )
}

function shortId(id: string): string {
  return id.slice(0, 8)
}

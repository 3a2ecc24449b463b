import { useState } from 'preact/hooks'
import { type Locale, languageOf, plainText } from '../../../report/locale-text.ts'
import type { FileChoice, FilterIndex, PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { Moment, NodeLink, Section } from '../parts/small.tsx'
import { hrefOf } from '../route.ts'
import { type Chosen, chosenBy, positionOf, type Sorting } from './choose.ts'
import { ExportButtons } from './export-buttons.tsx'
import { PanelChart } from './panel-chart.tsx'
import { PanelNumbers } from './panel-numbers.tsx'
import { PanelRows } from './panel-rows.tsx'
import { PanelTable } from './panel-table.tsx'
import type { PanelData, RowRange } from './read-rows.ts'
import { readRow } from './values.ts'

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
          <p class="muted">
            {
              {
                none: words.noSuchChoice,
                reading: words.loading,
                unchosen: words.chooseFirst(requiredLabel(panel, locale)),
              }[range]
            }
          </p>
        )}
      </div>
      <Publication panel={panel} />
    </Section>
  )
}

function requiredLabel({ filters }: PanelIndex, locale: Locale): string {
  return filters.find(({ required }) => required)?.label[languageOf(locale)] ?? ''
}

/**
 * The rows that a panel may show: all, those of the choice, none for a choice that there is not. Or nothing was chosen, or the
 * choices are not there yet.
 */
function rangeOf({ from, choices, chosen }: PanelProps): RowRange | 'none' | 'unchosen' | 'reading' {
  const { panel } = from
  const required = panel.filters.find((filter) => filter.required)
  if (!required) return { first: 0, rows: panel.rows }
  const wanted = chosenBy(required, chosen)
  if (wanted === undefined) return 'unchosen'
  if (choices === undefined) return 'reading'
  return choices.find((choice) => isChosen(panel, required, choice, wanted)) ?? 'none'
}

function isChosen({ columns }: PanelIndex, { column }: FilterIndex, { value }: FileChoice, wanted: string): boolean {
  const own = columns[positionOf(columns, column)]
  return own !== undefined && plainText(readRow([own], [value])[0] ?? null) === wanted
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

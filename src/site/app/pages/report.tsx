import { useMemo } from 'preact/hooks'
import { languageOf } from '../../../report/locale-text.ts'
import type { DashboardIndex } from '../../data/dashboard-index.ts'
import type { DashboardFolder, SiteDashboard } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { useData } from '../data.ts'
import { Markdown } from '../parts/markdown.tsx'
import { CopyButton, Failure, NotFound, Wait } from '../parts/small.tsx'
import { dashboardName, findDashboard } from '../project.ts'
import { type Chosen, withChoice } from '../reports/choose.ts'
import { FilterBar } from '../reports/filter-bar.tsx'
import { PanelView } from '../reports/panel-view.tsx'
import { type PanelData, useChoices } from '../reports/read-rows.ts'
import { hrefOf } from '../route.ts'

/** One dashboard, with what its reader chose. */
export function ReportPage({ name, chosen }: { readonly name: string; readonly chosen: Chosen }) {
  const { project } = usePage()
  const dashboard = findDashboard(project, name)
  if (!dashboard) return <NotFound id={name} />
  return (
    <article>
      <Head dashboard={dashboard} />
      <Content dashboard={dashboard} chosen={chosen} />
    </article>
  )
}

function Head({ dashboard }: { readonly dashboard: SiteDashboard }) {
  const { words, project } = usePage()
  const { id } = project.nodes[dashboard.node]!
  return (
    <div class="page-head">
      <p class="crumbs">
        <a href={hrefOf({ page: 'reports' })}>{words.reports}</a>
      </p>
      <div class="title-row">
        <h1>{dashboard.label}</h1>
        <a class="button" href={hrefOf({ page: 'node', id })}>
          {words.lineage}
        </a>
        <CopyButton text={() => location.href} label={words.copyLink} />
      </div>
    </div>
  )
}

function Content({ dashboard, chosen }: { readonly dashboard: SiteDashboard; readonly chosen: Chosen }) {
  const { words, project } = usePage()
  const { data, problem } = dashboard
  const index = useData(data === undefined ? undefined : (`${data}/index` as const))
  if (data === undefined) {
    const nothing = project.index.project.isOffline ? words.madeOffline : words.reportNotPublished
    return <p>{problem === undefined ? nothing : `${words.reportLeftOut}: ${problem}`}</p>
  }
  return (
    <Wait data={index}>
      {(value) => <Panels data={data} index={value} chosen={chosen} name={dashboardName(project, dashboard)} />}
    </Wait>
  )
}

interface PanelsProps {
  readonly data: DashboardFolder
  readonly index: DashboardIndex
  readonly chosen: Chosen
  readonly name: string
}

/** From so many panels on there is a list of them above. */
const WORTH_A_LIST = 4

function Panels({ data, index, chosen, name }: PanelsProps) {
  const { locale } = usePage()
  const panels = useMemo(() => index.panels.map((panel): PanelData => ({ data, panel })), [data, index])
  const choices = useChoices(panels)
  const found = useMemo(
    () =>
      panels.map(({ panel }, at) =>
        choices.status === 'ready' && panel.choices !== undefined ? choices.value[at] : undefined,
      ),
    [panels, choices],
  )
  const show = (next: Chosen) => location.replace(hrefOf({ page: 'report', name, chosen: next }))
  return (
    <>
      {index.description === '' ? null : <Markdown text={index.description} />}
      <FilterBar
        panels={panels}
        choices={found}
        chosen={chosen}
        onChoose={(column, value) => show(withChoice(chosen, column, value))}
        onClear={() => show({})}
      />
      {choices.status === 'failed' ? <Failure message={choices.message} /> : null}
      {panels.length < WORTH_A_LIST ? null : (
        <ul class="inline-list panel-list">
          {panels.map(({ panel }) => (
            <li key={panel.folder}>
              <button
                type="button"
                class="link"
                onClick={() => document.getElementById(`section-${panel.folder}`)?.scrollIntoView()}
              >
                {panel.title[languageOf(locale)]}
              </button>
            </li>
          ))}
        </ul>
      )}
      {panels.map((from, at) => (
        <PanelView key={from.panel.folder} from={from} choices={found[at]} chosen={chosen} dashboard={name} />
      ))}
    </>
  )
}

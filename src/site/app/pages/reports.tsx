import type { SiteDashboard } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { dashboardName } from '../project.ts'
import { hrefOf } from '../route.ts'

/** Every dashboard of the project. */
export function ReportsPage() {
  const { words, project } = usePage()
  return (
    <>
      <div class="page-head">
        <h1>{words.reports}</h1>
      </div>
      {project.index.dashboards.length === 0 ? <p class="muted">{words.nothing}</p> : <DashboardList />}
    </>
  )
}

function DashboardList() {
  const { project } = usePage()
  return (
    <ul class="reports">
      {project.index.dashboards.map((dashboard) => (
        <DashboardCard key={dashboard.node} dashboard={dashboard} summary={project.nodes[dashboard.node]!.summary} />
      ))}
    </ul>
  )
}

/** The dashboards by their names alone. */
export function DashboardNames() {
  const { project } = usePage()
  return (
    <ul class="reports reports-short">
      {project.index.dashboards.map((dashboard) => (
        <DashboardCard key={dashboard.node} dashboard={dashboard} summary="" />
      ))}
    </ul>
  )
}

function DashboardCard({ dashboard, summary }: { readonly dashboard: SiteDashboard; readonly summary: string }) {
  const { words, project } = usePage()
  return (
    <li class="report-card">
      <a href={hrefOf({ page: 'report', name: dashboardName(project, dashboard), chosen: {} })}>
        <strong>{dashboard.label}</strong>
        {summary === '' ? null : <span>{summary}</span>}
        {dashboard.problem !== undefined ? (
          <span class="bad">{words.reportLeftOut}</span>
        ) : dashboard.data === undefined ? (
          <span>{project.index.project.isOffline ? words.notKnownOffline : words.notPublished}</span>
        ) : null}
      </a>
    </li>
  )
}

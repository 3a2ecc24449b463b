import { render } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { PageContext, pageOf, usePage } from './context.ts'
import { IS_LIVE, load } from './data.ts'
import { FindingsPage } from './pages/findings.tsx'
import { GraphPage } from './pages/graph.tsx'
import { NodePage } from './pages/node.tsx'
import { Overview, TestsPage } from './pages/overview.tsx'
import { ReportPage } from './pages/report.tsx'
import { ReportsPage } from './pages/reports.tsx'
import { RunPage, RunsPage } from './pages/runs.tsx'
import { SearchPage } from './pages/search.tsx'
import { Sidebar } from './parts/sidebar.tsx'
import { TopBar } from './parts/top-bar.tsx'
import { findDashboard, type Project, readProject } from './project.ts'
import { parseRoute, type Route } from './route.ts'
import { applySettings, readSettings } from './settings.ts'

function App({ project }: { readonly project: Project }) {
  const [settings, setSettings] = useState(readSettings)
  const [isMenuOpen, setIsMenuOpen] = useState(false)
  const route = useRoute()
  const page = useMemo(() => pageOf(project, settings.language), [project, settings.language])
  const main = useFocusOnNewPage(route)
  const problem = useServer()
  useLayoutEffect(() => applySettings(settings), [settings])
  useEffect(() => {
    setIsMenuOpen(false)
    const name = titleOf(route, project)
    document.title = name === undefined ? project.index.project.name : `${name} · ${project.index.project.name}`
  }, [route])
  return (
    <PageContext.Provider value={page}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {page.words.skipToContent}
      </button>
      <TopBar
        settings={settings}
        onSettings={setSettings}
        isMenuOpen={isMenuOpen}
        onMenu={() => setIsMenuOpen(!isMenuOpen)}
      />
      {problem === undefined ? null : (
        <p class="stale" role="alert">
          {page.words.stale}: {problem}
        </p>
      )}
      <div class={isMenuOpen ? 'frame menu-open' : 'frame'}>
        <Sidebar route={route} />
        <main ref={main} tabIndex={-1} class={route.page === 'graph' ? 'main main-graph' : 'main'}>
          <Content route={route} />
        </main>
      </div>
    </PageContext.Provider>
  )
}

function Content({ route }: { readonly route: Route }) {
  const { words } = usePage()
  switch (route.page) {
    case 'overview':
      return <Overview />
    case 'node':
      return <NodePage id={route.id} column={route.column} />
    case 'graph':
      return <GraphPage route={route} />
    case 'runs':
      return <RunsPage />
    case 'run':
      return <RunPage key={route.id} id={route.id} />
    case 'reports':
      return <ReportsPage />
    case 'report':
      return <ReportPage key={route.name} name={route.name} chosen={route.chosen} />
    case 'tests':
      return <TestsPage />
    case 'findings':
      return <FindingsPage />
    case 'search':
      return <SearchPage text={route.text} />
    case 'unknown':
      return <h1>{words.notFound}</h1>
  }
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const onChange = () => setRoute(parseRoute(location.hash))
    window.addEventListener('hashchange', onChange)
    return () => window.removeEventListener('hashchange', onChange)
  }, [])
  return route
}

/** A new page begins at its top, for eyes and for screen readers; a change within one leaves them where they are. */
function useFocusOnNewPage(route: Route) {
  const main = useRef<HTMLElement>(null)
  const name =
    'id' in route ? `${route.page} ${route.id}` : 'name' in route ? `${route.page} ${route.name}` : route.page
  const before = useRef(name)
  useEffect(() => {
    if (before.current === name) return
    before.current = name
    if (!('column' in route) || route.column === undefined) window.scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [name])
  return main
}

function titleOf(route: Route, project: Project): string | undefined {
  if (route.page === 'report') return findDashboard(project, route.name)?.label
  if (route.page !== 'node') return undefined
  const number = project.numberOf.get(route.id)
  return number === undefined ? undefined : project.nodes[number]!.name
}

/** What `lavra docs serve` tells: the page loads itself again after a change; why the project cannot be read is shown. */
function useServer(): string | undefined {
  const [message, setMessage] = useState<string>()
  useEffect(() => {
    if (!IS_LIVE) return
    const events = new EventSource('events')
    events.addEventListener('changed', () => location.reload())
    events.addEventListener('problem', (event: MessageEvent<string>) => setMessage(JSON.parse(event.data)))
    return () => events.close()
  }, [])
  return message
}

load('index').then(
  (index) => render(<App project={readProject(index)} />, document.getElementById('app')!),
  (error: Error) => {
    document.getElementById('app')!.textContent = error.message
  },
)

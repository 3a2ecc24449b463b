import { useMemo } from 'preact/hooks'
import type { SiteNode, SiteNodeKind } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { GraphView } from '../graph/graph-view.tsx'
import { sceneOf } from '../graph/scene.ts'
import { Markdown } from '../parts/markdown.tsx'
import { RunChart } from '../parts/run-chart.tsx'
import { Moment, NodeLink, Section, StatusMark, Table, TestMark, useShown } from '../parts/small.tsx'
import { foldersOf } from '../project.ts'
import { hrefOf } from '../route.ts'
import { DashboardNames } from './reports.tsx'

const KINDS: readonly SiteNodeKind[] = ['source', 'seed', 'model', 'snapshot', 'exposure']

/** What there is, how it is, and what needs somebody's eye. */
export function Overview() {
  const { words, project, format } = usePage()
  const { index, nodes } = project
  const counted = KINDS.map((kind) => [kind, nodes.filter((node) => node.kind === kind).length] as const)
  return (
    <>
      <div class="page-head">
        <h1>{index.project.name}</h1>
        <p class="muted">
          {index.project.engine} · {words.target} {index.project.target} · {words.generated}{' '}
          <Moment iso={index.generatedAt} />
        </p>
        {index.project.isOffline ? <p>{words.madeOffline}</p> : null}
      </div>
      <ul class="cards">
        {counted
          .filter(([, count]) => count > 0)
          .map(([kind, count]) => (
            <li key={kind} class={`card card-${kind}`}>
              <a href={hrefOf({ page: 'graph', select: `resource_type:${kind}` })}>
                <strong>{format.count(count)}</strong>
                <span>{words.kindsMany[kind]}</span>
              </a>
            </li>
          ))}
        <TestCard />
        <LastRunCard />
      </ul>
      {index.project.description === '' ? null : <Markdown text={index.project.description} />}
      <Failing />
      {index.dashboards.length === 0 ? null : (
        <Section id="reports" title={words.reports}>
          <DashboardNames />
        </Section>
      )}
      <Preview />
      <Folders />
      <Freshness />
      {index.runs.length === 0 ? null : (
        <Section id="runs" title={words.lastRuns} aside={<a href={hrefOf({ page: 'runs' })}>{words.allRuns}</a>}>
          <RunChart runs={index.runs} />
        </Section>
      )}
    </>
  )
}

function TestCard() {
  const { words, project, format } = usePage()
  const counts = project.nodes.reduce(
    (sum, { tests }) => ({ total: sum.total + tests.total, passed: sum.passed + tests.passed }),
    { total: 0, passed: 0 },
  )
  const { isOffline } = project.index.project
  const isGood = project.index.failing.length === 0
  return (
    <li class={`card ${isGood ? 'card-good' : 'card-bad'}`}>
      <a href={hrefOf({ page: 'tests' })}>
        <strong>
          {isOffline ? '' : `${format.count(counts.passed)}/`}
          {format.count(counts.total)}
        </strong>
        <span>
          {words.tests} {isOffline ? '' : words.passedOf}
        </span>
      </a>
    </li>
  )
}

function LastRunCard() {
  const { words, project, format } = usePage()
  const [last] = project.index.runs
  if (!last) return null
  return (
    <li class={`card ${last.status === 'success' ? 'card-good' : 'card-bad'}`}>
      <a href={hrefOf({ page: 'run', id: last.id })}>
        <strong class="card-word">{words.runStatuses[last.status]}</strong>
        <span>
          {words.lastRun}: {format.ago(last.startedAt)}
        </span>
      </a>
    </li>
  )
}

function Failing() {
  const { words, project } = usePage()
  const { failing } = project.index
  const { shown, more } = useShown(failing, 20)
  if (failing.length === 0) return null
  return (
    <Section id="failing" title={words.failingTests}>
      <FailingTable tests={shown} />
      {more}
    </Section>
  )
}

export function FailingTable({ tests }: { readonly tests: ReturnType<typeof usePage>['project']['index']['failing'] }) {
  const { words, project, format } = usePage()
  return (
    <Table
      label={words.failingTests}
      head={[words.status, words.test, words.name, words.failures, words.message]}
      numbers={[3]}
      rows={tests.map(({ name, nodes, status, failures, message }) => [
        <StatusMark status={status} />,
        <code class="wrap">{name}</code>,
        nodes.map((node) => <NodeLink key={node} node={project.nodes[node]!} />),
        failures === undefined ? '' : format.count(failures),
        message ?? '',
      ])}
    />
  )
}

/** More cannot be read at this size. */
const MOST_IN_PREVIEW = 120

/** The whole graph, where it is small enough to be read here. */
function Preview() {
  const { words, project } = usePage()
  const { nodes } = project
  const scene = useMemo(() => sceneOf(project, new Set(project.nodes.map(({ id }) => id))), [project])
  if (nodes.length < 2 || nodes.length > MOST_IN_PREVIEW) return null
  const open = ({ node }: { readonly node: SiteNode }) => {
    location.hash = hrefOf({ page: 'node', id: node.id })
  }
  return (
    <Section id="graph" title={words.lineage} aside={<a href={hrefOf({ page: 'graph' })}>{words.openGraph}</a>}>
      <div class="graph-small graph-preview">
        <GraphView isInText scene={scene} active={undefined} onActive={open} onEnter={open} />
      </div>
    </Section>
  )
}

/** The layers of the project: the innermost folders that hold nodes, in the order of the graph. */
function Folders() {
  const { words, project, format } = usePage()
  const byFolder = Map.groupBy(
    project.nodes.filter(({ kind }) => kind !== 'source' && kind !== 'exposure'),
    ({ path }) => foldersOf(path).at(-1) ?? '.',
  )
  const rows = [...byFolder].map(([folder, nodes]) => {
    const total = (count: (node: (typeof nodes)[number]) => number) => nodes.reduce((sum, node) => sum + count(node), 0)
    const failed = total(({ tests }) => tests.failed)
    const passed = total(({ tests }) => tests.passed)
    return [
      <a href={hrefOf({ page: 'graph', folder })}>{folder}</a>,
      format.count(nodes.length),
      format.count(total(({ rows }) => rows ?? 0)),
      <span class={`status status-${failed > 0 ? 'fail' : passed > 0 ? 'pass' : 'none'}`}>
        {format.count(passed)}/{format.count(total(({ tests }) => tests.total))}
      </span>,
      format.count(nodes.filter(({ tests }) => tests.total === 0).length),
    ]
  })
  const { shown, more } = useShown(rows, 15)
  return (
    <Section id="folders" title={words.layers}>
      <Table
        label={words.layers}
        head={[words.folder, words.nodes, words.rows, words.tests, words.untested]}
        numbers={[1, 2, 4]}
        rows={shown}
      />
      {more}
    </Section>
  )
}

function Freshness() {
  const { words, project } = usePage()
  const { freshness, nodes } = project.index
  if (!nodes.some(({ kind }) => kind === 'source')) return null
  const classes = { pass: 'pass', warn: 'warn', error: 'fail', 'runtime error': 'error' } as const
  return (
    <Section id="freshness" title={words.freshness}>
      {freshness.length === 0 ? (
        <p class="muted">{words.noFreshness}</p>
      ) : (
        <Table
          label={words.freshness}
          head={[words.status, words.name, words.newestRow, words.asked]}
          rows={freshness.map(({ node, status, loadedAt, askedAt }) => [
            <span class={`status status-${classes[status]}`}>{words.freshnessStatuses[status]}</span>,
            <NodeLink node={nodes[node]!} />,
            loadedAt === undefined ? '' : <Moment iso={loadedAt} />,
            askedAt === undefined ? '' : <Moment iso={askedAt} />,
          ])}
        />
      )}
    </Section>
  )
}

/** Every node with tests, those with failures first. */
export function TestsPage() {
  const { words, project } = usePage()
  const { failing } = project.index
  const tested = project.nodes
    .filter(({ tests }) => tests.total > 0)
    .toSorted((a, b) => b.tests.failed - a.tests.failed || b.tests.warned - a.tests.warned)
  const untested = project.nodes.filter(
    ({ kind, tests }) => tests.total === 0 && kind !== 'exposure' && kind !== 'source',
  )
  const hasRun = project.nodes.some(({ tests }) => tests.passed + tests.failed + tests.warned > 0)
  const { shown, more } = useShown(tested, 200)
  return (
    <>
      <div class="page-head">
        <h1>{words.tests}</h1>
      </div>
      {failing.length > 0 ? (
        <FailingTable tests={failing} />
      ) : (
        <p class="muted">{hasRun ? words.allTestsPass : words.noTestRan}</p>
      )}
      <Section id="tested" title={words.nodes}>
        <Table
          label={words.tests}
          head={[words.name, words.tests, words.description]}
          rows={shown.map((node) => [<NodeLink node={node} />, <TestMark node={node} />, node.summary])}
        />
        {more}
      </Section>
      {untested.length === 0 ? null : (
        <Section id="untested" title={words.untested}>
          <ul class="inline-list">
            {untested.slice(0, 200).map((node) => (
              <li key={node.id}>
                <NodeLink node={node} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

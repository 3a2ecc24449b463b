import type { SiteRun } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { useData } from '../data.ts'
import { RunChart } from '../parts/run-chart.tsx'
import { NodeLink, NotFound, Section, StatusMark, Table, useShown, Wait } from '../parts/small.tsx'
import { hrefOf } from '../route.ts'

/** Every recorded run, the newest first. */
export function RunsPage() {
  const { words, project, format } = usePage()
  const { runs } = project.index
  const { shown, more } = useShown(runs, 50)
  return (
    <>
      <div class="page-head">
        <h1>{words.runs}</h1>
      </div>
      {runs.length === 0 ? (
        <p class="muted">{project.index.project.isOffline ? words.madeOffline : words.neverRun}</p>
      ) : (
        <>
          <RunChart runs={runs} />
          <Table
            label={words.runs}
            head={[
              words.status,
              words.started,
              words.command,
              words.duration,
              words.published,
              words.nodes,
              words.tests,
            ]}
            numbers={[3]}
            rows={shown.map((run) => [
              <RunMark run={run} />,
              <a href={hrefOf({ page: 'run', id: run.id })}>{format.moment(run.startedAt)}</a>,
              <code>{run.command}</code>,
              format.duration(run.seconds),
              run.published ? words.published : words.notPublished,
              <Counts run={run} statuses={['success', 'error', 'skipped']} />,
              <Counts run={run} statuses={['pass', 'warn', 'fail']} />,
            ])}
          />
          {more}
        </>
      )}
    </>
  )
}

function RunMark({ run }: { readonly run: SiteRun }) {
  const { words } = usePage()
  const classes = { success: 'pass', error: 'fail', interrupted: 'warn' } as const
  return <span class={`status status-${classes[run.status]}`}>{words.runStatuses[run.status]}</span>
}

function Counts({ run, statuses }: { readonly run: SiteRun; readonly statuses: readonly (keyof SiteRun['counts'])[] }) {
  const { words, format } = usePage()
  const counted = statuses.flatMap((status) => (run.counts[status] ? [[status, run.counts[status]] as const] : []))
  return (
    <span class="counts">
      {counted.map(([status, count]) => (
        <span key={status} class={`status status-${status}`} title={words.statuses[status]}>
          {format.count(count)}
          <span class="for-readers"> {words.statuses[status]}</span>
        </span>
      ))}
    </span>
  )
}

/** One run: what was built and tested, the slowest first. */
export function RunPage({ id }: { readonly id: string }) {
  const { words, project, format } = usePage()
  const run = project.index.runs.find((known) => known.id === id)
  const details = useData(run?.hasDetails ? (`runs/${id}` as const) : undefined)
  if (!run) return <NotFound id={id} />
  return (
    <>
      <div class="page-head">
        <p class="crumbs">
          <a href={hrefOf({ page: 'runs' })}>{words.runs}</a>
        </p>
        <h1>{words.runOf(format.moment(run.startedAt))}</h1>
        <p>
          <RunMark run={run} /> <code>{run.command}</code> · {format.duration(run.seconds)} ·{' '}
          {run.published ? words.published : words.notPublished} · {words.madeWith(run.lavraVersion)}
        </p>
        {run.message === undefined ? null : <p>{run.message}</p>}
      </div>
      {run.hasDetails ? (
        <Wait data={details}>{(value) => <RunResults details={value} />}</Wait>
      ) : (
        <p class="muted">{words.noRunDetails}</p>
      )}
    </>
  )
}

function RunResults({ details }: { readonly details: import('../../site-data.ts').SiteRunDetails }) {
  const { words, project, format } = usePage()
  const worst = { error: 0, fail: 0, warn: 1, skipped: 2, success: 3, pass: 3 } as const
  const nodes = details.nodes.toSorted((a, b) => worst[a.status] - worst[b.status] || b.seconds - a.seconds)
  const tests = details.tests.toSorted((a, b) => worst[a.status] - worst[b.status] || b.seconds - a.seconds)
  const shownNodes = useShown(nodes, 100)
  const shownTests = useShown(tests, 100)
  const linkTo = (node: number | undefined, text: string) =>
    node === undefined ? text : <NodeLink node={project.nodes[node]!} />
  return (
    <>
      {nodes.length === 0 ? null : (
        <Section id="run-nodes" title={words.nodes} aside={<span class="muted">{words.slowest}</span>}>
          <Table
            label={words.nodes}
            head={[words.status, words.name, words.duration, words.rows, words.message]}
            numbers={[2, 3]}
            rows={shownNodes.shown.map(({ status, node, id, seconds, rows, message }) => [
              <StatusMark status={status} />,
              linkTo(node, id),
              format.duration(seconds),
              rows === undefined ? '' : format.count(rows),
              message ?? '',
            ])}
          />
          {shownNodes.more}
        </Section>
      )}
      {tests.length === 0 ? null : (
        <Section id="run-tests" title={words.tests}>
          <Table
            label={words.tests}
            head={[words.status, words.test, words.name, words.duration, words.failures, words.message]}
            numbers={[3, 4]}
            rows={shownTests.shown.map(({ status, name, node, seconds, failures, message }) => [
              <StatusMark status={status} />,
              <code class="wrap">{name}</code>,
              linkTo(node, ''),
              format.duration(seconds),
              failures === undefined ? '' : format.count(failures),
              message ?? '',
            ])}
          />
          {shownTests.more}
        </Section>
      )}
    </>
  )
}

import type { SiteDetails, SiteTest } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { hrefOf } from '../route.ts'
import { BarChart } from './bar-chart.tsx'
import { StatusMark, Table } from './small.tsx'
import { SqlCode } from './sql-code.tsx'

/** How long the last builds of a node took, and what came of them. */
export function BuildChart({ results }: Pick<SiteDetails, 'results'>) {
  const { words, format } = usePage()
  return (
    <>
      <BarChart
        label={words.nodeDurations}
        unit={format.duration}
        bars={results.toReversed().map(({ run, status, startedAt, seconds }) => ({
          key: run,
          value: seconds,
          status: status === 'success' ? 'good' : status === 'skipped' ? 'none' : 'bad',
          title: `${format.moment(startedAt)}: ${words.statuses[status]}, ${format.duration(seconds)}`,
          href: hrefOf({ page: 'run', id: run }),
        }))}
      />
      <Table
        label={words.lastRuns}
        head={[words.status, words.started, words.duration, words.rows, words.message]}
        numbers={[2, 3]}
        rows={results
          .slice(0, 10)
          .map(({ run, status, startedAt, seconds, rows, message }) => [
            <StatusMark status={status} />,
            <a href={hrefOf({ page: 'run', id: run })}>{format.moment(startedAt)}</a>,
            format.duration(seconds),
            rows === undefined ? '' : format.count(rows),
            message ?? '',
          ])}
      />
    </>
  )
}

/** The tests of a node with their last result and those before. */
export function TestTable({ tests }: Pick<SiteDetails, 'tests'>) {
  const { words, format } = usePage()
  return (
    <Table
      label={words.tests}
      head={[words.status, words.test, words.column, words.failures, words.history]}
      numbers={[3]}
      rows={tests.map((test) => {
        const [last] = test.results
        return [
          <StatusMark status={last?.status} />,
          <TestName test={test} />,
          test.column === undefined ? '' : <code>{test.column}</code>,
          last?.failures === undefined ? '' : format.count(last.failures),
          <Dots test={test} />,
        ]
      })}
    />
  )
}

function TestName({ test }: { readonly test: SiteTest }) {
  const { words } = usePage()
  const [last] = test.results
  return (
    <>
      <details>
        <summary>
          {test.generic ?? test.name}
          {test.severity === 'warn' ? <span class="muted"> ({words.severities.warn})</span> : null}
        </summary>
        <p>
          <code class="wrap">{test.name}</code> · <code>{test.path}</code>
        </p>
        {test.description === '' ? null : <p>{test.description}</p>}
        {test.sql === undefined ? null : <SqlCode sql={test.sql} label={test.name} />}
      </details>
      {last?.message === undefined || last.status === 'pass' ? null : <p class="message">{last.message}</p>}
    </>
  )
}

/** The results of a test, the newest at the right. */
function Dots({ test }: { readonly test: SiteTest }) {
  const { words, format } = usePage()
  return (
    <span class="dots">
      {test.results
        .slice(0, 15)
        .toReversed()
        .map(({ run, status, startedAt }) => {
          const title = `${format.moment(startedAt)}: ${words.statuses[status]}`
          return (
            <a key={run} class={`history-dot history-${status}`} href={hrefOf({ page: 'run', id: run })} title={title}>
              <span class="for-readers">{title}</span>
            </a>
          )
        })}
    </span>
  )
}

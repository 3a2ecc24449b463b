import type { SiteRun } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { hrefOf } from '../route.ts'
import { BarChart } from './bar-chart.tsx'

const RUNS_SHOWN = 60

/** How long the last runs took, the newest at the right. */
export function RunChart({ runs }: { readonly runs: readonly SiteRun[] }) {
  const { words, format } = usePage()
  return (
    <BarChart
      label={words.runDurations}
      unit={format.duration}
      bars={runs
        .slice(0, RUNS_SHOWN)
        .toReversed()
        .map((run) => ({
          key: run.id,
          value: run.seconds,
          status: run.status === 'success' ? 'good' : 'bad',
          title: `${format.moment(run.startedAt)}: ${run.command}, ${words.runStatuses[run.status]}, ${format.duration(run.seconds)}`,
          href: hrefOf({ page: 'run', id: run.id }),
        }))}
    />
  )
}

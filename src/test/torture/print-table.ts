import { STEPS } from './scenarios/kill-at-steps.ts'
import type { ScenarioReport } from './torture.ts'

/** A Markdown table with a row for each scenario, and one with the steps at which runs were killed. */
export function printTable(reports: readonly ScenarioReport[]): string {
  const rows = reports.map(({ scenario, tally, violation }) => [
    scenario,
    String(tally.runs),
    String(tally.killCount),
    [...tally.faults].map(([name, count]) => `${count} × ${name}`).join(', '),
    String(tally.checks),
    violation === undefined ? '0' : '1',
  ])
  const sum = (column: number) => String(rows.reduce((total, row) => total + Number(row[column]), 0))
  const total = ['all', sum(1), sum(2), '', sum(4), sum(5)]
  const steps = ['start', ...STEPS]
  const hits = steps.map((step) => [step, String(killsAt(reports, step))])
  return [
    table(['scenario', 'runs', 'kills', 'other faults', 'checks', 'violations'], [...rows, total]),
    table(['killed after', 'times'], hits),
  ].join('\n\n')
}

/** How many runs were killed when this was the last step that they had told. */
export function killsAt(reports: readonly ScenarioReport[], step: string): number {
  return reports.reduce((total, { tally }) => total + (tally.kills.get(step) ?? 0), 0)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

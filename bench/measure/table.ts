import { type Measured, median } from './processes.ts'

/** One line of the result: a figure, and how it stands to what it is measured against. */
export interface Line {
  readonly what: string
  readonly seconds: number
  readonly runs: number
  readonly against?: { readonly what: string; readonly ratio: number }
  readonly target?: string
}

export interface SuiteResult {
  readonly key: string
  readonly title: string
  /** What was measured, in a sentence or two. */
  readonly about: string
  readonly lines: readonly Line[]
}

export function lineOf(measured: Measured, target?: string): Line {
  return {
    what: measured.name,
    seconds: median(measured.seconds),
    runs: measured.seconds.length,
    ...(target === undefined ? {} : { target }),
  }
}

export function lineAgainst(measured: Measured, peer: Measured, target?: string): Line {
  const ratio = median(measured.seconds) / median(peer.seconds)
  return { ...lineOf(measured, target), against: { what: peer.name, ratio } }
}

export function markdown(results: readonly SuiteResult[]): string {
  return results
    .map(({ key, title, about, lines }) => [`### (${key}) ${title}`, '', about, '', ...tableOf(lines), ''].join('\n'))
    .join('\n')
}

function tableOf(lines: readonly Line[]): readonly string[] {
  const cells = lines.map((line) => [
    line.what,
    line.seconds < 1 ? `${(line.seconds * 1000).toFixed(0)} ms` : `${line.seconds.toFixed(2)} s`,
    String(line.runs),
    line.against ? `${line.against.ratio.toFixed(2)}× ${line.against.what}` : '',
    line.target ?? '',
  ])
  const header = ['', 'median', 'runs', 'ratio', 'target']
  return [header, header.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`)
}

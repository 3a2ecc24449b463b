import { type Measured, median } from './processes.ts'

/** One line of the result: a figure, and how Lavra's stands to it. */
export interface Line {
  readonly what: string
  readonly seconds: number
  readonly runs: number
  /** Lavra's median over this one. */
  readonly ratio?: number
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

/** The line of something that Lavra is measured against. */
export function peerLine(peer: Measured, own: Measured, target?: string): Line {
  return { ...lineOf(peer, target), ratio: median(own.seconds) / median(peer.seconds) }
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
    line.ratio === undefined ? '' : `${line.ratio.toFixed(2)}×`,
    line.target ?? '',
  ])
  const header = ['', 'median', 'runs', 'Lavra to this', 'target']
  return [header, header.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`)
}

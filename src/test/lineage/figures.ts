import type { OracleReport, Pair } from './oracle.ts'

/** What was found, in numbers. */
export interface Figures {
  readonly queries: number
  readonly outputs: number
  /** Pairs of an output and a column that it claims. */
  readonly claimed: number
  /** Those of which no change has shown that they matter. */
  readonly notShown: number
  readonly notShownShare: number
  /** Of these, what values are said to be made of; the others are said to decide about rows. */
  readonly notShownValues: number
  /** Outputs with at least one claim that is not shown. */
  readonly outputsNotShown: number
  readonly outputsNotShownShare: number
  /** The share of outputs that claim all columns of something. */
  readonly allShare: number
}

export function figuresOf(reports: readonly OracleReport[]): Figures {
  const claimed = reports.flatMap((report) => report.claimed)
  const notShown = reports.flatMap((report) => report.notShown)
  const outputs = reports.reduce((sum, report) => sum + report.outputs, 0)
  return {
    queries: new Set(claimed.map(({ subject }) => subject)).size,
    outputs,
    claimed: claimed.length,
    notShown: notShown.length,
    notShownShare: shareOf(notShown.length, claimed.length),
    notShownValues: notShown.filter(({ how }) => how !== 'influence').length,
    outputsNotShown: countOutputs(notShown),
    outputsNotShownShare: shareOf(countOutputs(notShown), outputs),
    allShare: shareOf(countOutputs(claimed.filter(({ how }) => how === 'all')), outputs),
  }
}

function countOutputs(pairs: readonly Pair[]): number {
  return new Set(pairs.map(({ subject, output }) => JSON.stringify([subject, output]))).size
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

import type { SuiteResult } from '../measure/table.ts'

export interface SuiteInput {
  /** An empty folder of the suite's own. */
  readonly folder: string
  /** Absolute path of `dist/cli.js`. */
  readonly cli: string
  /** Small sizes and few rounds: to see that the measuring works. */
  readonly quick: boolean
}

export type Suite = (input: SuiteInput) => SuiteResult | Promise<SuiteResult>

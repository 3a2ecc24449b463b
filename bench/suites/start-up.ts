import { inTurns } from '../measure/processes.ts'
import { lineOf, peerLine, type SuiteResult } from '../measure/table.ts'
import type { SuiteInput } from './suite.ts'

/** How long it takes before anything is done. */
export function startUpSuite({ cli, quick }: SuiteInput): SuiteResult {
  const rounds = quick ? 5 : 20
  const [own, node, help] = inTurns(rounds, [
    { name: '`lavra --version`', args: [cli, '--version'] },
    { name: '`node -e 0`', args: ['-e', '0'] },
    { name: '`lavra --help`', args: [cli, '--help'] },
  ])
  return {
    key: 'c',
    title: 'Start-up',
    about: 'Whole processes of `dist/cli.js`.',
    lines: [lineOf(own!), peerLine(node!, own!, '≤ 2×'), lineOf(help!)],
  }
}

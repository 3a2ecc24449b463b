import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inTurns, timeProcess } from '../measure/processes.ts'
import { lineOf, peerLine, type SuiteResult } from '../measure/table.ts'
import { planOfTests, writePlan } from '../peers/plan.ts'
import { oneBigTableProject } from '../projects/one-big-table.ts'
import { writeProject } from '../projects/project-folder.ts'
import type { SuiteInput } from './suite.ts'

const SEND = fileURLToPath(new URL('../peers/send-statements.mjs', import.meta.url))

/** Tests of one large table: one scan for all of them, and one query each. */
export function sharedScanSuite({ folder, cli, quick }: SuiteInput): SuiteResult {
  const rows = quick ? 200_000 : 10_000_000
  const rounds = quick ? 2 : 5
  writeProject(folder, oneBigTableProject(rows))
  timeProcess({ name: 'lavra run', args: [cli, 'run', '--quiet'], cwd: folder })
  timeProcess({ name: 'lavra compile', args: [cli, 'compile', '--quiet'], cwd: folder })
  const plan = writePlan(join(folder, 'tests.json'), planOfTests(folder, 'shop.duckdb'))
  const [shared, alone] = inTurns(rounds, [
    { name: '`lavra test --threads 1`, shared scan', args: [cli, 'test', '--quiet', '--threads', '1'], cwd: folder },
    { name: 'the same tests, one query each', args: [SEND, plan], cwd: folder },
  ])
  return {
    key: 'd',
    title: `20 tests of a table of ${rows.toLocaleString('en-US')} rows`,
    about:
      'Whole processes on the same file; the queries are those of the compiled tests, one after the other on one connection.',
    lines: [lineOf(shared!), peerLine(alone!, shared!)],
  }
}

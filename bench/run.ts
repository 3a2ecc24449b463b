/**
 * Measures Lavra beside what it could be compared with, in turns on the same machine.
 *
 *     npm run bench                        everything; some minutes
 *     npm run bench -- --only a,c          some of it
 *     npm run bench -- --quick             small sizes, to see that it works
 *     npm run bench -- --write             also into docs/benchmarks.md
 *     npm run bench -- --folder /dev/shm   projects in this folder, not in the system's for temporary files
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { writeDocument } from './measure/document.ts'
import { describeMachine } from './measure/machine.ts'
import { markdown } from './measure/table.ts'
import { checkSuite } from './suites/check.ts'
import { compileSuite } from './suites/compile.ts'
import { copySuite } from './suites/copy.ts'
import { layersSuite } from './suites/layers.ts'
import { sharedScanSuite } from './suites/shared-scan.ts'
import { startUpSuite } from './suites/start-up.ts'
import type { Suite } from './suites/suite.ts'

const SUITES: Readonly<Record<string, Suite>> = {
  a: layersSuite,
  b: compileSuite,
  c: startUpSuite,
  d: sharedScanSuite,
  e: copySuite,
  f: checkSuite,
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SUITES).join(',') },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    folder: { type: 'string', default: tmpdir() },
    'no-build': { type: 'boolean', default: false },
  },
})

const root = fileURLToPath(new URL('..', import.meta.url))
if (!values['no-build']) build()
const work = mkdtempSync(join(values.folder, 'lavra-bench-'))
try {
  const machine = describeMachine()
  console.log(`${machine}\n`)
  for (const key of values.only.split(',')) {
    const suite = SUITES[key]
    if (!suite) throw new Error(`There is no measurement "${key}"; there are ${Object.keys(SUITES).join(', ')}.`)
    const folder = join(work, key)
    mkdirSync(folder)
    const result = await suite({ folder, cli: join(root, 'dist', 'cli.js'), quick: values.quick })
    console.log(markdown([result]))
    if (values.write) writeDocument(join(root, 'docs', 'benchmarks.md'), result, machine)
  }
} finally {
  // Only now: to create files just after many were deleted is slow on some file systems.
  rmSync(work, { recursive: true, force: true })
}

function build(): void {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm run build failed.\n${stdout}\n${stderr}`)
}

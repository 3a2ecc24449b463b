// A process that is meant to be killed: it builds a project with one version, tells every step that it reaches on its
// standard output, and meanwhile reads what is published and writes each version vector to a file before the next read.
// Arguments: project folder, version, file for the vectors.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import { build } from '../../commands/build.ts'
import { VERSION_VECTOR } from './project.ts'

const [root = '', version = '0', seenPath = ''] = process.argv.slice(2)

let isReading = false
const silent = { write: () => true } as unknown as NodeJS.WritableStream // only `write` is used
const exitCode = await build(
  { vars: `{version: ${version}}` },
  {
    cwd: root,
    env: process.env,
    stdout: silent,
    stderr: process.stderr,
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.kind === 'step') process.stdout.write(`${event.name}\n`)
      // The file is open for writing from here on: readers of this process join it.
      if (event.kind === 'step' && event.name === 'sweep' && !isReading) void readOnAndOn()
    },
  },
)
isReading = false
process.stdout.write(`exit ${exitCode}\n`)

async function readOnAndOn(): Promise<void> {
  isReading = true
  const adapter = createDuckdbAdapter({ path: join(root, 'shop.duckdb'), projectRoot: root })
  await adapter.open({ mode: 'read', runId: 'reader', waitMs: 0 })
  const connection = await adapter.connect()
  while (isReading) {
    const vector = await readVector(() => connection.query(VERSION_VECTOR))
    if (vector) appendFileSync(seenPath, `${vector}\n`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await adapter.close()
}

/** Before the first publication there is nothing to read, which is a whole version, too. */
async function readVector(query: () => Promise<{ readonly rows: readonly (readonly unknown[])[] }>) {
  try {
    const { rows } = await query()
    return rows[0]?.map(String).join(' ')
  } catch (error) {
    const isUnpublished = error instanceof Error && /does not exist/.test(error.message)
    return isUnpublished ? undefined : `error: ${String(error)}`
  }
}

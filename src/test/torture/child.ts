// A process that is meant to be killed. It waits for an order, one line of JSON on its standard input, so that it can be
// started ahead; then it runs `lavra` in a project and tells every step that it reaches on its standard output. Where only
// this process can read the database, it reads what is published meanwhile, and writes each version vector to a file before
// the next read.

import { once } from 'node:events'
import { appendFileSync, writeSync } from 'node:fs'
import { createDuckdbAdapter } from '../../adapters/duckdb/adapter.ts'
import { main } from '../../commands/main.ts'
import '../../commands/build.ts'
import { shiftClock } from './shift-clock.ts'

/** What such a process is told to do. */
export interface Order {
  readonly folder: string
  readonly argv: readonly string[]
  /** By how much its clock is wrong, in milliseconds. */
  readonly clockShift: number
  readonly reader?: ReaderOrder
}

export interface ReaderOrder {
  /** Path of the DuckDB file. */
  readonly path: string
  readonly sql: string
  readonly seenPath: string
}

tell('ready')
const [line] = (await once(process.stdin, 'data')) as [Buffer]
const order = JSON.parse(line.toString()) as Order // written by children.ts
if (order.clockShift !== 0) shiftClock(order.clockShift)
process.chdir(order.folder)

let output = ''
const stream = {
  write(text: string) {
    output = (output + text).slice(-20_000)
    return true
  },
} as unknown as NodeJS.WritableStream // only `write` is used
let isReading = false
const exitCode = await main(order.argv, {
  cwd: order.folder,
  env: process.env,
  stdout: stream,
  stderr: stream,
  onEvent(event) {
    if (event.kind === 'published') tell('published')
    if (event.kind !== 'step') return
    tell(event.name)
    // The file is open for writing from here on: readers of this process join it.
    if (event.name === 'sweep' && order.reader !== undefined && !isReading) void readOnAndOn(order.reader)
  },
})
isReading = false
tell(`exit ${exitCode}`)
writeSync(2, output)
process.stdin.destroy()

/** At once, so that nothing that was told is lost when the process is killed. */
function tell(word: string): void {
  writeSync(1, `${word}\n`)
}

async function readOnAndOn({ path, sql, seenPath }: ReaderOrder): Promise<void> {
  isReading = true
  const adapter = createDuckdbAdapter({ path, projectRoot: order.folder })
  try {
    await adapter.open({ mode: 'read', runId: 'reader', waitMs: 0 })
    const connection = await adapter.connect()
    while (isReading) {
      const { rows } = await connection.query(sql)
      appendFileSync(seenPath, `${rows[0]?.map(String).join(' ')}\n`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  } catch (error) {
    appendFileSync(seenPath, `error: ${String(error).replaceAll('\n', ' ')}\n`)
  } finally {
    await adapter.close()
  }
}

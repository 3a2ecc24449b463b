import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { DuckdbOptions } from '../adapters/duckdb/options.ts'

/** For tests: a process of its own that holds the database for writing as the run `other-run` until it is stopped, which may be done twice. */
export async function holdInOtherProcess(
  options: DuckdbOptions,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const adapter = fileURLToPath(new URL('../adapters/duckdb/adapter.ts', import.meta.url))
  const script = `
    const { createDuckdbAdapter } = await import(${JSON.stringify(adapter)})
    await createDuckdbAdapter(${JSON.stringify(options)}).open({ mode: 'write', runId: 'other-run', waitMs: 0 })
    console.log('held')
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? 0,
    async stop() {
      if (child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { PostgresOptions } from '../adapters/postgres/options.ts'

/** For tests: a process of its own that holds a target as the run `other-run` until it is stopped, which may be done twice. */
export async function holdTargetInOtherProcess(
  options: PostgresOptions,
): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const adapter = fileURLToPath(new URL('../adapters/postgres/adapter.ts', import.meta.url))
  const script = `
    const { createPostgresAdapter } = await import(${JSON.stringify(adapter)})
    const options = { ...${JSON.stringify(options)}, placeOf: () => undefined }
    await createPostgresAdapter(options).open({ mode: 'write', runId: 'other-run', waitMs: 0 })
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

import { connectClient } from './client.ts'
import type { PostgresOptions } from './options.ts'

const WAIT_MILLISECONDS = 30_000
const PAUSE_MILLISECONDS = 100

/**
 * Waits until the backend of a lost connection is gone: until then the server may still finish what it was told last.
 * Tries for half a minute, also to get a connection at all. Never throws.
 */
export async function backendHasEnded(processId: number, options: PostgresOptions): Promise<boolean> {
  const start = performance.now()
  while (performance.now() - start < WAIT_MILLISECONDS) {
    try {
      if (!(await isThere(processId, options))) return true
    } catch {
      // The server does not answer, or starts again: a later try may tell.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
  }
  return false
}

async function isThere(processId: number, options: PostgresOptions): Promise<boolean> {
  const client = await connectClient(
    { ...options, retries: 0 },
    {
      applicationName: options.applicationName ?? 'lavra',
    },
  )
  try {
    const { rowCount } = await client.query(`select 1 from pg_catalog.pg_stat_activity where pid = ${processId}`)
    return rowCount !== 0
  } finally {
    await client.end().catch(() => {})
  }
}
